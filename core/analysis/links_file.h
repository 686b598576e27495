#pragma once
/// Links as tables.

#include "core/analysis/links.h"

#include <string>
#include <vector>

namespace attn {

/// "head,query,key,query_token,key_token,weight", the strongest first; a head below 0 is left out. `queries`,
/// `keys`: the tokens' texts.
[[nodiscard]] std::string linksToCsv(const Links& links, const std::vector<std::string>& queries,
                                     const std::vector<std::string>& keys);
/// {"site", "weights": what they are (weights.h), "links": [{"head", "query", "key", "query_token",
/// "key_token", "weight"}…], "hidden", "hidden_share"}. Ends with a line break.
[[nodiscard]] std::string linksToJson(const std::string& site, const std::string& weights, const Links& links,
                                      const std::vector<std::string>& queries,
                                      const std::vector<std::string>& keys);

}  // namespace attn
