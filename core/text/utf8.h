#pragma once
/// Steps through well-formed UTF-8. For core/text alone.

#include <cstddef>
#include <string_view>

namespace attn {

/// Bytes of the character that begins at `at`; never more than are left.
inline std::size_t characterBytes(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return bytes < text.size() - at ? bytes : text.size() - at;
}

}  // namespace attn
