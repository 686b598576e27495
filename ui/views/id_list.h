#pragma once
/// Token ids as people type them: whole numbers with commas or spaces between them.

#include "core/base/error.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace attn::ui {

/// Errors name what is no number, or lies outside 0 … vocabulary − 1. An empty text is an empty list.
[[nodiscard]] Result<std::vector<std::int64_t>> parseIds(const QString& text, std::int64_t vocabulary);
/// "5, 7, 9"
[[nodiscard]] QString idText(const std::vector<std::int64_t>& ids);

}  // namespace attn::ui
