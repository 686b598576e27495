#pragma once
/// The steps of a tokenizer.json. For core/text alone.

#include "core/base/error.h"
#include "core/text/tokenizer_parts.h"

#include <nlohmann/json.hpp>

#include <string>

namespace attn::tokenizer_json {

/// "model.vocab: expected an object, got 3"
[[nodiscard]] tl::unexpected<Error> wrongType(const std::string& place, const char* expected,
                                              const nlohmann::json& value);
/// A member that is true or false, or what stands for it where it is absent, null or something else.
[[nodiscard]] bool flag(const nlohmann::json& object, const char* key, bool absent);
[[nodiscard]] std::string text(const nlohmann::json& object, const char* key, const char* absent);

/// The whole document. Errors name the member.
[[nodiscard]] Result<TokenizerParts> partsFrom(const nlohmann::json& document);

/// {"piece": id, …}
[[nodiscard]] Result<Vocabulary> vocabularyFromJson(const nlohmann::json& value, const std::string& place);

// Each appends what it reads to `parts`; null is nothing at all. A type that is not known is an error.
[[nodiscard]] Result<void> readNormalizer(const nlohmann::json& value, const std::string& place,
                                          TokenizerParts& parts);
[[nodiscard]] Result<void> readPreTokenizer(const nlohmann::json& value, const std::string& place,
                                            TokenizerParts& parts);
[[nodiscard]] Result<void> readPostProcessor(const nlohmann::json& value, const std::string& place,
                                             TokenizerParts& parts);

}  // namespace attn::tokenizer_json
