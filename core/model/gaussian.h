#pragma once
/// Seeded random numbers, most of them Gaussian, entry by entry: each is a function of where it stands, so
/// that a matrix that grows keeps every entry it had, and of nothing else, so that every machine draws the
/// same bits.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace attn {

/// Mixes one more 64-bit value into a hash (SplitMix64's finaliser, Steele et al. 2014).
[[nodiscard]] std::uint64_t mixHash(std::uint64_t hash, std::uint64_t value);
/// The same for the bytes of a text.
[[nodiscard]] std::uint64_t mixHash(std::uint64_t hash, std::string_view text);

/// out[c] = gain·z(key, firstColumn + c), z standard normal. Only IEEE additions, products, divisions and
/// square roots, none of them contracted or reordered. Largest |z|: 5.4. The inverse normal distribution is
/// Giles's approximation of erf⁻¹ in single precision ("Approximating the erfinv function", GPU Computing
/// Gems, 2012); uniform numbers have 24 bits.
void fillGaussian(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
/// The same for numbers that are uniform in gain·(−√3, √3): mean 0, standard deviation `gain`.
void fillUniform(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
/// The same for numbers that are −gain or gain, each with probability ½.
void fillSigns(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);

}  // namespace attn
