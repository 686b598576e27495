#include "core/scene/parameter.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

using std::string;

const string& choiceOf(const Parameters& parameters, ParameterId id, std::string_view site = {}) {
    return std::get<string>(parameters.get(id, site));
}

std::int64_t integerOf(const Parameters& parameters, ParameterId id, std::string_view site = {}) {
    return std::get<std::int64_t>(parameters.get(id, site));
}

/// Position of a choice in its spec: the order there is the order of the enumerators.
template <typename Enum>
Enum enumOf(const Parameters& parameters, ParameterId id, std::string_view site = {}) {
    const auto& choices = spec(id).choices;
    const string& value = choiceOf(parameters, id, site);
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const ParameterChoice& choice) { return value == choice.value; });
    assert(found != choices.end());
    return static_cast<Enum>(found - choices.begin());
}

double scaleFactor(const Parameters& parameters, std::string_view site, std::int64_t dK) {
    const ParameterValue& value = parameters.get(ParameterId::Scale, site);
    if (const double* number = std::get_if<double>(&value)) return *number;
    const string& choice = std::get<string>(value);
    if (choice == "none") return 1;
    return choice == "inv_dk" ? 1 / static_cast<double>(dK) : 1 / std::sqrt(static_cast<double>(dK));
}

}  // namespace

EffectiveParameters effective(const Parameters& parameters, std::string_view site) {
    using Id = ParameterId;
    EffectiveParameters e{};
    e.seed = static_cast<std::uint32_t>(integerOf(parameters, Id::Seed));
    e.embeddings = enumOf<EmbeddingsKind>(parameters, Id::Embeddings);
    e.dModel = integerOf(parameters, Id::DModel);
    e.identityProjections = choiceOf(parameters, Id::Projections) == "identity";
    e.heads = e.identityProjections ? 1 : integerOf(parameters, Id::Heads);
    e.kvHeads = e.heads;
    e.dK = e.identityProjections ? e.dModel : integerOf(parameters, Id::DK);
    e.dV = e.identityProjections ? e.dModel : integerOf(parameters, Id::DV);
    e.positions = enumOf<PositionsKind>(parameters, Id::Positions);
    e.positionStrength = std::get<double>(parameters.get(Id::PositionStrength));
    e.score = enumOf<ScoreKind>(parameters, Id::Score, site);
    e.scoreWidth = integerOf(parameters, Id::ScoreWidth, site);
    e.scale = scaleFactor(parameters, site, e.dK);
    e.temperature = std::get<double>(parameters.get(Id::Temperature, site));
    e.mask = enumOf<MaskKind>(parameters, Id::Mask, site);
    e.maskWindow = integerOf(parameters, Id::MaskWindow, site);
    e.maskPadding = integerOf(parameters, Id::MaskPadding, site);
    e.normalizer = enumOf<NormalizerKind>(parameters, Id::Normalizer, site);
    e.editedRows = enumOf<EditedRowsKind>(parameters, Id::EditedRows);
    e.residual = std::get<bool>(parameters.get(Id::Residual));
    e.layerNorm = std::get<bool>(parameters.get(Id::LayerNorm));
    e.block = BlockKind::Toy;
    return e;
}

EffectiveParameters effective(const Parameters& parameters, std::string_view site, const ModelFacts& facts) {
    EffectiveParameters e = effective(parameters, site);
    e.dModel = facts.dModel;
    e.heads = facts.heads;
    e.kvHeads = facts.kvHeads;
    e.dK = e.dV = facts.dHead;
    e.identityProjections = false;
    e.positions = facts.positions;
    e.block = facts.block;
    const ParameterValue& scale = parameters.get(ParameterId::Scale, site);
    const bool own = std::holds_alternative<string>(scale) && std::get<string>(scale) == "inv_sqrt_dk";
    e.scale = own ? facts.scale : scaleFactor(parameters, site, facts.dHead);
    if (!parameters.choosesMask() && !parameters.hasOwn(ParameterId::Mask, site)) {
        e.mask = facts.mask;
        e.maskWindow = facts.maskWindow;
    }
    return e;
}

EffectiveParameters effectiveAt(const Parameters& parameters, const ParameterPlace& place) {
    return place.model ? effective(parameters, place.site, *place.model) : effective(parameters, place.site);
}

bool isOfToyAlone(ParameterId id) {
    switch (id) {
        case ParameterId::Tokenizer:
        case ParameterId::Embeddings:
        case ParameterId::Seed:
        case ParameterId::DModel:
        case ParameterId::Heads:
        case ParameterId::DK:
        case ParameterId::DV:
        case ParameterId::Projections:
        case ParameterId::Positions:
        case ParameterId::PositionStrength:
        case ParameterId::ScoreWidth:
        case ParameterId::Residual:
        case ParameterId::LayerNorm:
            return true;
        default:
            return false;
    }
}

const char* disabledReason(ParameterId id, const Parameters& parameters, const ParameterPlace& place) {
    if (place.model && isOfToyAlone(id))
        return tr("It belongs to the toy model: in a trained one it is fixed by the weights.");
    const auto is = [&](ParameterId other, const char* value) {
        return choiceOf(parameters, other, place.site) == value;
    };
    switch (id) {
        case ParameterId::Heads:
        case ParameterId::DK:
        case ParameterId::DV:
            return is(ParameterId::Projections, "identity")
                       ? tr("With identity projections there is one head and dₖ = dᵥ = d model.")
                       : nullptr;
        case ParameterId::PositionStrength:
            return is(ParameterId::Positions, "none")
                       ? tr("Without positions there is nothing to strengthen.")
                       : nullptr;
        case ParameterId::ScoreWidth:
            return is(ParameterId::Score, "additive") ? nullptr
                                                      : tr("Only the additive score has a hidden layer.");
        case ParameterId::MaskWindow:
            return is(ParameterId::Mask, "local") ? nullptr : tr("Only the local mask has a window.");
        case ParameterId::MaskPadding:
            return is(ParameterId::Mask, "padding") ? nullptr
                                                    : tr("Only the padding mask hides keys at the end.");
        case ParameterId::Temperature:
            return is(ParameterId::Normalizer, "hard")
                       ? tr("The hard normaliser ignores it: the largest stays the largest.")
                       : nullptr;
        default:
            return nullptr;
    }
}

const char* choiceDisabledReason(ParameterId id, std::string_view choice, const ParameterPlace& place) {
    const bool needsWeights =
        id == ParameterId::Score && (choice == "additive" || choice == "bilinear") && place.model;
    return needsWeights ? tr("It needs weights of its own, which a trained model does not have.") : nullptr;
}

ParameterValue effectiveValue(ParameterId id, const Parameters& parameters, const ParameterPlace& place) {
    const EffectiveParameters e = effectiveAt(parameters, place);
    switch (id) {
        case ParameterId::Heads:
            return e.heads;
        case ParameterId::DK:
            return e.dK;
        case ParameterId::DV:
            return e.dV;
        case ParameterId::Mask:
            if (e.mask == MaskKind::Sliding) return string("sliding");
            return string(spec(id).choices[static_cast<std::size_t>(e.mask)].value);
        default:
            return parameters.get(id, place.site);
    }
}

}  // namespace attn
