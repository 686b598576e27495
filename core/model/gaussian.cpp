#include "core/model/gaussian.h"

namespace attn {

#ifdef ATTN_HAVE_AVX2_KERNELS
namespace gaussian_avx2 {
void fillGaussian(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
void fillUniform(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
void fillSigns(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
}  // namespace gaussian_avx2
#endif
namespace gaussian_baseline {
void fillGaussian(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
void fillUniform(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
void fillSigns(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n);
}  // namespace gaussian_baseline

std::uint64_t mixHash(std::uint64_t hash, std::uint64_t value) {
    std::uint64_t x = hash + 0x9e3779b97f4a7c15ULL * (value + 1);
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

std::uint64_t mixHash(std::uint64_t hash, std::string_view text) {
    std::uint64_t x = mixHash(hash, text.size());
    for (const char c : text) x = mixHash(x, static_cast<unsigned char>(c));
    return x;
}

namespace {

using Fill = void (*)(std::uint64_t, std::size_t, float, float*, std::size_t);
struct Fills {
    Fill gaussian, uniform, signs;
};

const Fills& fills() {
    static const Fills chosen = [] {
#ifdef ATTN_HAVE_AVX2_KERNELS
        if (__builtin_cpu_supports("avx2") != 0) {
            return Fills{gaussian_avx2::fillGaussian, gaussian_avx2::fillUniform, gaussian_avx2::fillSigns};
        }
#endif
        return Fills{gaussian_baseline::fillGaussian, gaussian_baseline::fillUniform,
                     gaussian_baseline::fillSigns};
    }();
    return chosen;
}

}  // namespace

void fillGaussian(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n) {
    fills().gaussian(key, firstColumn, gain, out, n);
}
void fillUniform(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n) {
    fills().uniform(key, firstColumn, gain, out, n);
}
void fillSigns(std::uint64_t key, std::size_t firstColumn, float gain, float* out, std::size_t n) {
    fills().signs(key, firstColumn, gain, out, n);
}

}  // namespace attn
