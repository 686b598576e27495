#pragma once
/// NumPy's NPY arrays and NPZ archives.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include "core/base/error.h"
#include "core/tensor/tensor.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attn {

/// An array of numbers in C order, whatever order the file had.
struct NpyArray {
    enum class Kind : std::uint8_t { Float, Integer, Bool };
    Kind kind = Kind::Float;
    std::vector<std::int64_t> shape;  ///< empty: a scalar
    std::vector<float> values;        ///< bool: 0 or 1; float64 and integers are rounded to float32
    /// The first finite float64 that float32 cannot hold; such ones become ±FLT_MAX.
    std::optional<std::size_t> firstOutOfRange;

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(values.size()); }
};

/// Reads versions 1.0 to 3.0 of bool, float16, float32, float64 and integers, little-endian, C or Fortran
/// order. Big-endian, object, structured, complex and text arrays are refused by name; a header that promises
/// more or less than the file holds is an error. What is allocated is in proportion to the bytes that are
/// there.
[[nodiscard]] Result<NpyArray> npyFromBytes(std::string_view bytes);
/// The same from a file of at most 4 GiB; errors name it.
[[nodiscard]] Result<NpyArray> readNpy(const std::filesystem::path& path);

/// float32 in C order; the shape's product must be the number of values.
[[nodiscard]] std::string npyFromFloats(std::span<const float> values, std::span<const std::int64_t> shape);
[[nodiscard]] std::string npyFromInts(std::span<const std::int64_t> values);
/// <U…, UTF-32 little-endian, every element as wide as the longest: where that would pass 16 Mi characters in
/// all, long ones are cut and end with "…". (NumPy itself drops NUL characters at the end of an element.)
[[nodiscard]] std::string npyFromStrings(std::span<const std::string> values);
/// rows × columns at rank 2, heads × rows × columns at rank 3.
[[nodiscard]] std::string npyFromTensor(const Tensor& tensor);

/// The bytes of npyFromTensor for a tensor of that rank and shape.
[[nodiscard]] std::size_t npyBytes(int rank, const std::array<Index, 3>& shape);

struct NpzMember {
    std::string name;
    std::size_t bytes = 0;              ///< how many `make` will give
    std::function<std::string()> make;  ///< called when its turn comes; one member is in memory at a time
};
/// A zip archive of such members, deflated, whole or not at all. The same members give the same bytes: all
/// carry the first moment that a zip archive knows.
[[nodiscard]] Result<void> writeNpz(const std::filesystem::path& path, const std::vector<NpzMember>& members);

}  // namespace attn
