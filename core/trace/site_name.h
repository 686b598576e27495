#pragma once
/// What a site's name says: which stack of blocks it belongs to, and how deep in it.

#include "core/tensor/matrix.h"

#include <string>
#include <string_view>

namespace attn {

/// "blocks.3" is layer 3 of "blocks"; "decoder.blocks.2.cross" layer 2 of "decoder.blocks.cross". A name
/// without a number is a stack of its own.
struct SitePlace {
    std::string stack;
    Index layer = 0;

    bool operator==(const SitePlace&) const = default;
};
[[nodiscard]] SitePlace sitePlace(std::string_view name);

}  // namespace attn
