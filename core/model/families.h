#pragma once
/// What the config.json of each family means: one function a family, from its published configuration. For
/// core/model alone.

#include "core/model/architecture.h"
#include "core/model/config_reader.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace attn {

struct Family {
    const char* name;  ///< model_type
    void (*read)(ConfigReader&, Architecture&);
};

/// Null where there is no such family.
[[nodiscard]] const Family* findFamily(std::string_view name);
/// All names, with commas.
[[nodiscard]] std::string familyNames();

namespace config_limits {
inline constexpr std::int64_t kWidth = 1 << 20, kLayers = 4096, kHeads = 1 << 16, kVocabulary = 1 << 24,
                              kContext = 1 << 28;
}  // namespace config_limits

/// Llama and what came after it: llama, mistral, qwen2, qwen3, smollm3.
void readLlama(ConfigReader& config, Architecture& a);

/// The activation that the first of the names that is there says.
[[nodiscard]] ActivationKind activationFrom(ConfigReader& config, std::initializer_list<const char*> names,
                                            const char* absent);
/// Which head the class has. Without a class: the one that the weights show. `tied`: whether its weights are
/// the embeddings where nothing is said.
void readHead(ConfigReader& config, Architecture& a, HeadKind kind, bool tied);

}  // namespace attn
