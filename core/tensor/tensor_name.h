#pragma once
/// The names of the intermediates: one name for one thing, in code, files, command-line output and tool tips.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace attn {

enum class TensorName : std::uint8_t {
    TokenEmbed,    ///< token_embed   T × d_model
    PosEmbed,      ///< pos_embed     T × d_model, zeros where nothing is added
    Embed,         ///< embed         T × d_model
    ResidPre,      ///< resid_pre     T × d_model: what enters a block
    WQ,            ///< W_Q           H × d_model × d_k
    WK,            ///< W_K           H_kv × d_model × d_k
    WV,            ///< W_V           H_kv × d_model × d_v
    WO,            ///< W_O           H × d_v × d_model
    QProj,         ///< q_proj        H × Tq × d_k: before rotary positions or norms, where there are any
    KProj,         ///< k_proj        H_kv × Tk × d_k
    Q,             ///< q             H × Tq × d_k
    K,             ///< k             H_kv × Tk × d_k
    V,             ///< v             H_kv × Tk × d_v
    ScoresRaw,     ///< scores_raw    H × Tq × Tk: q·kᵀ or another score function
    ScoresScaled,  ///< scores_scaled H × Tq × Tk: after scale, temperature and soft cap, before the mask
    Scores,        ///< scores        H × Tq × Tk: after the mask; a masked cell is −∞
    Pattern,       ///< pattern       H × Tq × Tk: rows sum to 1, a fully masked row is 0
    Z,             ///< z             H × Tq × d_v
    AttnOut,       ///< attn_out      Tq × d_model
    MlpOut,        ///< mlp_out       T × d_model
    ResidPost,     ///< resid_post    T × d_model
    Logits,        ///< logits        T × vocab
};
inline constexpr std::size_t kTensorNameCount = 22;

[[nodiscard]] const char* toString(TensorName name);
[[nodiscard]] std::optional<TensorName> tensorNameFromString(std::string_view text);

/// Where and what. Scope: "" for the whole model, "context" or "target" for a second sequence, else a site
/// ("blocks.0").
struct TensorKey {
    std::string scope;
    TensorName name = TensorName::Pattern;

    /// "blocks.0.pattern", "context.embed", "embed"
    [[nodiscard]] std::string fullName() const;
    [[nodiscard]] static std::optional<TensorKey> fromFullName(std::string_view text);

    // clang-tidy 14 takes the 0 that a defaulted comparison compares with for a pointer.
    auto operator<=>(const TensorKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

}  // namespace attn
