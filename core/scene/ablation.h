#pragma once
/// Parts of a model that are switched off, to see what it does without them: a head's z, or a block's
/// mlp_out, becomes 0 or its mean over the rows of this text; everything after it is worked out from that.
///
/// Written `SITE.hN` (one head), `SITE` (all heads of the site) or `SITE.mlp` (the block's MLP), with `=zero`
/// or `=mean` behind it: "blocks.3.h5", "blocks.3=mean".
///
/// Zero and mean ablation: Michel, Levy and Neubig, "Are Sixteen Heads Really Better than One?", 2019; Wang
/// et al., "Interpretability in the Wild", 2022. The mean there is over a data set, here over the one text.

#include "core/base/error.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

enum class AblatedPart : std::uint8_t { Heads, Head, Mlp };  ///< Heads: all of the site
enum class AblationKind : std::uint8_t { Zero, Mean };

struct Ablation {
    std::string site;
    AblatedPart part = AblatedPart::Heads;
    std::int64_t head = 0;  ///< of AblatedPart::Head; else 0
    AblationKind kind = AblationKind::Zero;

    bool operator==(const Ablation&) const = default;
};
/// Sorted by place, one for each place.
using Ablations = std::vector<Ablation>;

/// Site, then part, then head: where it is, whatever it does there.
[[nodiscard]] std::strong_ordering comparePlaces(const Ablation& a, const Ablation& b);

/// Takes the place of the one that is there.
void setAblation(Ablations& ablations, Ablation ablation);
/// False: there is none at its place.
bool removeAblation(Ablations& ablations, const Ablation& place);

/// Switches a head off with `kind`, or on again where it is off. Where all heads of the site are off they are
/// one entry, and one of them that comes back leaves the others off. `heads`: how many the site has.
void toggleHead(Ablations& ablations, const std::string& site, std::int64_t head, std::int64_t heads,
                AblationKind kind);
/// All heads of a site off, or on again where all are off.
void toggleHeads(Ablations& ablations, const std::string& site, std::int64_t heads, AblationKind kind);
void toggleMlp(Ablations& ablations, const std::string& site, AblationKind kind);

/// What happens to each head of a site, to one of them, and to the block's MLP. A head's own entry decides,
/// else that of all heads.
using HeadAblations = std::vector<std::optional<AblationKind>>;
/// Empty where no head is switched off.
[[nodiscard]] HeadAblations ablationsOfHeads(const Ablations& ablations, std::string_view site,
                                             std::int64_t heads);
[[nodiscard]] std::optional<AblationKind> ablationOfHead(const Ablations& ablations, std::string_view site,
                                                         std::int64_t head);
[[nodiscard]] std::optional<AblationKind> ablationOfMlp(const Ablations& ablations, std::string_view site);

/// "zero", "mean"
[[nodiscard]] const char* toString(AblationKind kind);
[[nodiscard]] std::optional<AblationKind> ablationKindFromString(std::string_view text);
/// "heads", "h5", "mlp"
[[nodiscard]] std::string partText(const Ablation& ablation);
/// Sets part and head; false: `text` is none.
bool setPart(Ablation& ablation, std::string_view text);

/// Errors: no site, a head that is no number, another kind.
[[nodiscard]] Result<Ablation> parseAblation(std::string_view text);
/// What parseAblation reads back as the same; zero is not written.
[[nodiscard]] std::string formatAblation(const Ablation& ablation);

}  // namespace attn
