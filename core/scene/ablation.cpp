#include "core/scene/ablation.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace attn {
namespace {

constexpr std::int64_t kLargestHead = std::numeric_limits<std::int32_t>::max();

auto lowerBound(const Ablations& ablations, const Ablation& place) {
    return std::lower_bound(
        ablations.begin(), ablations.end(), place,
        [](const Ablation& a, const Ablation& b) { return std::is_lt(comparePlaces(a, b)); });
}

const Ablation* find(const Ablations& ablations, std::string_view site, AblatedPart part, std::int64_t head) {
    if (ablations.empty()) return nullptr;
    const auto found = lowerBound(ablations, {std::string(site), part, head, AblationKind::Zero});
    const bool there =
        found != ablations.end() && found->site == site && found->part == part && found->head == head;
    return there ? &*found : nullptr;
}

}  // namespace

std::strong_ordering comparePlaces(const Ablation& a, const Ablation& b) {
    if (const auto sites = a.site.compare(b.site); sites != 0)
        return sites < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
    if (const auto parts = a.part <=> b.part; parts != std::strong_ordering::equal) return parts;
    return a.head <=> b.head;
}

void setAblation(Ablations& ablations, Ablation ablation) {
    const auto place = ablations.begin() + (lowerBound(ablations, ablation) - ablations.cbegin());
    if (place != ablations.end() && comparePlaces(*place, ablation) == std::strong_ordering::equal) {
        *place = std::move(ablation);
    } else {
        ablations.insert(place, std::move(ablation));
    }
}

bool removeAblation(Ablations& ablations, const Ablation& place) {
    return std::erase_if(ablations, [&](const Ablation& each) {
               return comparePlaces(each, place) == std::strong_ordering::equal;
           }) > 0;
}

namespace {

void removeHeads(Ablations& ablations, const std::string& site) {
    std::erase_if(ablations,
                  [&](const Ablation& each) { return each.site == site && each.part != AblatedPart::Mlp; });
}

}  // namespace

void toggleHead(Ablations& ablations, const std::string& site, std::int64_t head, std::int64_t heads,
                AblationKind kind) {
    HeadAblations states = ablationsOfHeads(ablations, site, heads);
    states.resize(static_cast<std::size_t>(heads));
    auto& state = states[static_cast<std::size_t>(head)];
    state = state ? std::nullopt : std::optional(kind);
    removeHeads(ablations, site);
    const bool alike =
        std::all_of(states.begin(), states.end(), [&](const auto& each) { return each == states.front(); });
    if (alike) {
        if (states.front()) setAblation(ablations, {site, AblatedPart::Heads, 0, *states.front()});
        return;
    }
    for (std::int64_t h = 0; h < heads; ++h) {
        if (const auto& each = states[static_cast<std::size_t>(h)])
            setAblation(ablations, {site, AblatedPart::Head, h, *each});
    }
}

void toggleHeads(Ablations& ablations, const std::string& site, std::int64_t heads, AblationKind kind) {
    const HeadAblations states = ablationsOfHeads(ablations, site, heads);
    const bool allOff =
        !states.empty() && std::all_of(states.begin(), states.end(), [](const auto& each) { return each; });
    removeHeads(ablations, site);
    if (!allOff) setAblation(ablations, {site, AblatedPart::Heads, 0, kind});
}

void toggleMlp(Ablations& ablations, const std::string& site, AblationKind kind) {
    const Ablation place{site, AblatedPart::Mlp, 0, kind};
    if (!removeAblation(ablations, place)) setAblation(ablations, place);
}

HeadAblations ablationsOfHeads(const Ablations& ablations, std::string_view site, std::int64_t heads) {
    HeadAblations out;
    const auto make = [&] {
        if (out.empty()) out.resize(static_cast<std::size_t>(heads));
    };
    const auto first = lowerBound(ablations, {std::string(site), AblatedPart::Heads, 0, AblationKind::Zero});
    for (auto each = first; each != ablations.end() && each->site == site; ++each) {
        if (each->part == AblatedPart::Heads) {
            make();
            std::fill(out.begin(), out.end(), each->kind);
        } else if (each->part == AblatedPart::Head && each->head < heads) {
            make();
            out[static_cast<std::size_t>(each->head)] = each->kind;
        }
    }
    return out;
}

std::optional<AblationKind> ablationOfHead(const Ablations& ablations, std::string_view site,
                                           std::int64_t head) {
    const Ablation* found = find(ablations, site, AblatedPart::Head, head);
    if (found == nullptr) found = find(ablations, site, AblatedPart::Heads, 0);
    return found == nullptr ? std::nullopt : std::optional(found->kind);
}

std::optional<AblationKind> ablationOfMlp(const Ablations& ablations, std::string_view site) {
    const Ablation* found = find(ablations, site, AblatedPart::Mlp, 0);
    return found == nullptr ? std::nullopt : std::optional(found->kind);
}

const char* toString(AblationKind kind) {
    return kind == AblationKind::Mean ? "mean" : "zero";
}

std::optional<AblationKind> ablationKindFromString(std::string_view text) {
    if (text == "zero") return AblationKind::Zero;
    if (text == "mean") return AblationKind::Mean;
    return std::nullopt;
}

std::string partText(const Ablation& ablation) {
    switch (ablation.part) {
        case AblatedPart::Head:
            return "h" + std::to_string(ablation.head);
        case AblatedPart::Mlp:
            return "mlp";
        case AblatedPart::Heads:
            break;
    }
    return "heads";
}

bool setPart(Ablation& ablation, std::string_view text) {
    ablation.head = 0;
    if (text == "heads" || text == "mlp") {
        ablation.part = text == "mlp" ? AblatedPart::Mlp : AblatedPart::Heads;
        return true;
    }
    if (text.size() < 2 || text.front() != 'h') return false;
    std::int64_t head = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 1, end, head);
    if (error != std::errc() || stop != end || head < 0 || head > kLargestHead) return false;
    ablation.part = AblatedPart::Head;
    ablation.head = head;
    return true;
}

Result<Ablation> parseAblation(std::string_view text) {
    Ablation ablation;
    std::string_view place = text;
    if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
        const auto kind = ablationKindFromString(text.substr(equals + 1));
        if (!kind) {
            return fail(translatable("core", "'%1': the kind is none of %2"),
                        {std::string(text), "zero, mean"});
        }
        ablation.kind = *kind;
        place = text.substr(0, equals);
    }
    const std::size_t dot = place.rfind('.');
    if (dot != std::string_view::npos && setPart(ablation, place.substr(dot + 1)))
        place = place.substr(0, dot);
    // "h5" alone names no site; "blocks.-1" and "blocks.3.hx" are refused when the sites are known.
    Ablation bare;
    if (place.empty() || (dot == std::string_view::npos && setPart(bare, place))) {
        return fail(translatable("core", "'%1' is not SITE, SITE.hN or SITE.mlp: blocks.3.h5, for instance"),
                    {std::string(text)});
    }
    ablation.site = std::string(place);
    return ablation;
}

std::string formatAblation(const Ablation& ablation) {
    std::string text = ablation.site;
    if (ablation.part != AblatedPart::Heads) text += "." + partText(ablation);
    if (ablation.kind != AblationKind::Zero) text += std::string("=") + toString(ablation.kind);
    return text;
}

}  // namespace attn
