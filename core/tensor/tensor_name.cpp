#include "core/tensor/tensor_name.h"

#include <array>

namespace attn {
namespace {

constexpr std::array<const char*, kTensorNameCount> kNames{
    "token_embed", "pos_embed",  "embed",         "resid_pre", "W_Q",     "W_K",
    "W_V",         "W_O",        "q_proj",        "k_proj",    "q",       "k",
    "v",           "scores_raw", "scores_scaled", "scores",    "pattern", "z",
    "attn_out",    "mlp_out",    "resid_post",    "logits"};

}  // namespace

const char* toString(TensorName name) {
    return kNames[static_cast<std::size_t>(name)];
}

std::optional<TensorName> tensorNameFromString(std::string_view text) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (text == kNames[i]) return static_cast<TensorName>(i);
    }
    return std::nullopt;
}

std::string TensorKey::fullName() const {
    return scope.empty() ? toString(name) : scope + "." + toString(name);
}

std::optional<TensorKey> TensorKey::fromFullName(std::string_view text) {
    const std::size_t dot = text.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? text : text.substr(dot + 1);
    const std::optional<TensorName> name = tensorNameFromString(last);
    if (!name) return std::nullopt;
    return TensorKey{std::string(dot == std::string_view::npos ? std::string_view{} : text.substr(0, dot)),
                     *name};
}

}  // namespace attn
