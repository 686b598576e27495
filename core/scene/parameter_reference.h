#pragma once
#include <string>

namespace attn {

/// The ParameterSpec table as a Markdown table: key, values, default, what it does. The README holds it.
[[nodiscard]] std::string parameterReference();

}  // namespace attn
