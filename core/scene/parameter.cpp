#include "core/scene/parameter.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

using std::string;

std::vector<ParameterSpec> makeTable() {
    using enum ParameterKind;
    using Id = ParameterId;
    constexpr auto scene = ParameterScope::Scene;
    constexpr auto site = ParameterScope::Site;
    constexpr auto linear = SliderScale::Linear;
    constexpr auto logarithmic = SliderScale::Logarithmic;
    const char* const text = tr("Text");
    const char* const scores = tr("Scores");
    const char* const mask = tr("Mask");
    const char* const weights = tr("Weights");
    const char* const model = tr("Toy model");
    const char* const positions = tr("Positions");
    const char* const output = tr("Output");
    return {
        {Id::Scale,
         "scale",
         ChoiceOrReal,
         site,
         scores,
         tr("Scale"),
         tr("What the raw scores are multiplied by. 1/√dₖ keeps their spread near 1 whatever dₖ is."),
         string("inv_sqrt_dk"),
         -1e6,
         1e6,
         0.01,
         linear,
         "",
         {{"inv_sqrt_dk", tr("1/√dₖ"), tr("Divide by the square root of the key size: the usual choice.")},
          {"none", tr("none"), tr("Leave the dot products as they are: softmax saturates when dₖ is large.")},
          {"inv_dk", tr("1/dₖ"), tr("Divide by the key size: scores shrink, softmax turns even.")}}},
        {Id::Temperature,
         "temperature",
         Real,
         site,
         scores,
         tr("Temperature"),
         tr("Scores are divided by it: below 1 sharpens the attention, above 1 evens it out."),
         1.0,
         0.01,
         100,
         0.01,
         logarithmic,
         "",
         {}},
        {Id::Score,
         "score",
         Choice,
         site,
         scores,
         tr("Score"),
         tr("How a query and a key are compared."),
         string("dot"),
         0,
         0,
         0,
         linear,
         "",
         {{"dot", tr("dot"), tr("q·k: grows with likeness and with length.")},
          {"cosine", tr("cosine"), tr("q·k / (‖q‖‖k‖): likeness of direction alone, between −1 and 1.")},
          {"additive", tr("additive"),
           tr("wᵀ tanh(W₁q + W₂k): a small network compares them (Bahdanau 2014).")},
          {"bilinear", tr("bilinear"), tr("qᵀWk: a matrix between query and key (Luong 2015).")}}},
        {Id::ScoreWidth,
         "score_width",
         Integer,
         site,
         scores,
         tr("Hidden width"),
         tr("Units in the small network of the additive score."),
         std::int64_t{32},
         1,
         256,
         1,
         logarithmic,
         "",
         {}},
        {Id::Normalizer,
         "normalizer",
         Choice,
         site,
         scores,
         tr("Weights by"),
         tr("How a row of scores becomes weights."),
         string("softmax"),
         0,
         0,
         0,
         linear,
         "",
         {{"softmax", tr("softmax"),
           tr("exp(score), divided by the row's sum: soft, everywhere differentiable.")},
          {"hard", tr("hard"), tr("All weight on the largest score; ties share it.")}}},
        {Id::Mask,
         "mask",
         Choice,
         site,
         mask,
         tr("Mask"),
         tr("Which keys a query may see."),
         string("none"),
         0,
         0,
         0,
         linear,
         "",
         {{"none", tr("none"), tr("Every query sees every key.")},
          {"causal", tr("causal"), tr("A query sees keys up to its own place: what a language model does.")},
          {"local", tr("local"), tr("A query sees keys at most a window away.")},
          {"padding", tr("padding"), tr("The last keys are filler and are not seen.")}}},
        {Id::MaskWindow,
         "mask_window",
         Integer,
         site,
         mask,
         tr("Window"),
         tr("How far a query sees to either side with the local mask."),
         std::int64_t{2},
         0,
         1024,
         1,
         logarithmic,
         "",
         {}},
        {Id::MaskPadding,
         "mask_padding",
         Integer,
         site,
         mask,
         tr("Padded keys"),
         tr("How many keys at the end the padding mask hides."),
         std::int64_t{2},
         0,
         1024,
         1,
         logarithmic,
         "",
         {}},
        {Id::Tokenizer,
         "tokenizer",
         Choice,
         scene,
         text,
         tr("Tokens"),
         tr("What one token is."),
         string("words"),
         0,
         0,
         0,
         linear,
         "",
         {{"words", tr("words"),
           tr("Words and punctuation marks, by the rules of Unicode; Chinese and Japanese too.")},
          {"characters", tr("characters"), tr("What a reader takes for one character, spaces included.")},
          {"bytes", tr("bytes"), tr("The bytes of the text in UTF-8.")}}},
        {Id::Embeddings,
         "embeddings",
         Choice,
         scene,
         text,
         tr("Embeddings"),
         tr("Where a token's vector comes from."),
         string("random"),
         0,
         0,
         0,
         linear,
         "",
         {{"random", tr("random"), tr("Seeded Gaussian numbers, the same for the same token everywhere.")},
          {"words", tr("words"),
           tr("Counted from children's books: words used alike have vectors alike. "
              "Unknown words are marked and get random vectors.")}}},
        {Id::Projections,
         "projections",
         Choice,
         scene,
         weights,
         tr("Projections"),
         tr("What makes queries, keys and values out of embeddings."),
         string("random"),
         0,
         0,
         0,
         linear,
         "",
         {{"random", tr("random"), tr("Seeded Gaussian matrices W_Q, W_K, W_V and W_O for each head.")},
          {"identity", tr("identity"),
           tr("Q = K = V = X and W_O = I: attention without parameters, one head.")}}},
        {Id::Seed,
         "seed",
         Integer,
         scene,
         weights,
         tr("Seed"),
         tr("Another seed, another set of random weights; the same seed, the same numbers on every machine."),
         std::int64_t{1},
         0,
         4294967295.0,
         1,
         linear,
         "",
         {}},
        {Id::Heads,
         "heads",
         Integer,
         scene,
         model,
         tr("Heads"),
         tr("How many attentions run side by side."),
         std::int64_t{4},
         1,
         32,
         1,
         linear,
         "",
         {}},
        {Id::DK,
         "d_k",
         Integer,
         scene,
         model,
         tr("dₖ"),
         tr("Numbers in a query and a key."),
         std::int64_t{16},
         1,
         256,
         1,
         logarithmic,
         "",
         {}},
        {Id::DV,
         "d_v",
         Integer,
         scene,
         model,
         tr("dᵥ"),
         tr("Numbers in a value."),
         std::int64_t{16},
         1,
         256,
         1,
         logarithmic,
         "",
         {}},
        {Id::DModel,
         "d_model",
         Integer,
         scene,
         model,
         tr("d model"),
         tr("Numbers in a token's vector."),
         std::int64_t{64},
         2,
         1024,
         1,
         logarithmic,
         "",
         {}},
        {Id::Positions,
         "positions",
         Choice,
         scene,
         positions,
         tr("Positions"),
         tr("How the model knows where a token stands."),
         string("sinusoidal"),
         0,
         0,
         0,
         linear,
         "",
         {{"none", tr("none"), tr("It does not: order makes no difference.")},
          {"sinusoidal", tr("sinusoidal"),
           tr("Sines and cosines of the place are added to the embedding (Vaswani 2017).")},
          {"rotary", tr("rotary"),
           tr("Queries and keys are turned by an angle that grows with the place (Su 2021).")}}},
        {Id::PositionStrength,
         "position_strength",
         Real,
         scene,
         positions,
         tr("Strength"),
         tr("Multiplies the sinusoidal encoding, or the rotary angle."),
         1.0,
         0,
         2,
         0.01,
         linear,
         "",
         {}},
        {Id::Residual,
         "residual",
         Toggle,
         scene,
         output,
         tr("Residual"),
         tr("Add the block's input to its output: embed + attn_out."),
         true,
         0,
         1,
         1,
         linear,
         "",
         {}},
        {Id::LayerNorm,
         "layer_norm",
         Toggle,
         scene,
         output,
         tr("Layer norm"),
         tr("Bring every token's output to mean 0 and variance 1."),
         true,
         0,
         1,
         1,
         linear,
         "",
         {}},
    };
}

const std::vector<ParameterSpec>& table() {
    static const std::vector<ParameterSpec> specs = makeTable();
    return specs;
}

string numberText(double value) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return {buffer, end};
}

tl::unexpected<Error> outOfRange(const ParameterSpec& spec, const string& text) {
    return fail(tr("%1: %2 is outside %3 … %4"),
                {spec.key, text, numberText(spec.minimum), numberText(spec.maximum)});
}

string choiceList(const ParameterSpec& spec) {
    string list;
    for (const ParameterChoice& choice : spec.choices) {
        if (!list.empty()) list += ", ";
        list += choice.value;
    }
    if (spec.kind == ParameterKind::ChoiceOrReal) list += tr(" or a number");
    return list;
}

bool isChoice(const ParameterSpec& spec, std::string_view text) {
    return std::any_of(spec.choices.begin(), spec.choices.end(),
                       [&](const ParameterChoice& choice) { return text == choice.value; });
}

template <typename T>
bool parseNumber(std::string_view text, T& value) {
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

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

std::span<const ParameterSpec> parameterTable() {
    return table();
}

const ParameterSpec& spec(ParameterId id) {
    static const auto byId = [] {
        std::array<const ParameterSpec*, kParameterCount> specs{};
        for (const ParameterSpec& each : table()) specs[static_cast<std::size_t>(each.id)] = &each;
        return specs;
    }();
    return *byId[static_cast<std::size_t>(id)];
}

const ParameterSpec* findSpec(std::string_view key) {
    const auto found = std::find_if(table().begin(), table().end(),
                                    [&](const ParameterSpec& each) { return key == each.key; });
    return found == table().end() ? nullptr : &*found;
}

Result<ParameterValue> parseValue(const ParameterSpec& spec, std::string_view text) {
    switch (spec.kind) {
        case ParameterKind::Toggle:
            if (text == "true") return ParameterValue(true);
            if (text == "false") return ParameterValue(false);
            return fail(tr("%1: '%2' is neither true nor false"), {spec.key, string(text)});
        case ParameterKind::Integer: {
            std::int64_t integer = 0;
            if (parseNumber(text, integer)) return checkValue(spec, integer);
            double real = 0;
            if (parseNumber(text, real) && std::isfinite(real)) {
                if (real != std::floor(real))
                    return fail(tr("%1: %2 is no whole number"), {spec.key, string(text)});
                if (std::abs(real) < 1e15) return checkValue(spec, static_cast<std::int64_t>(real));
                return outOfRange(spec, string(text));
            }
            return fail(tr("%1: '%2' is no whole number"), {spec.key, string(text)});
        }
        case ParameterKind::Real: {
            double real = 0;
            if (!parseNumber(text, real)) return fail(tr("%1: '%2' is no number"), {spec.key, string(text)});
            return checkValue(spec, real);
        }
        case ParameterKind::Choice:
            return checkValue(spec, string(text));
        case ParameterKind::ChoiceOrReal: {
            double real = 0;
            if (parseNumber(text, real)) return checkValue(spec, real);
            return checkValue(spec, string(text));
        }
    }
    return fail("");
}

Result<ParameterValue> checkValue(const ParameterSpec& spec, const ParameterValue& value) {
    const auto wrongType = [&](const char* expected) {
        return fail(tr("%1: expected %2, got %3"), {spec.key, expected, formatValue(value)});
    };
    const auto checkReal = [&](double real) -> Result<ParameterValue> {
        // NaN fails both comparisons.
        if (!(real >= spec.minimum && real <= spec.maximum)) return outOfRange(spec, numberText(real));
        return ParameterValue(real);
    };
    switch (spec.kind) {
        case ParameterKind::Toggle:
            if (std::holds_alternative<bool>(value)) return value;
            return wrongType(tr("true or false"));
        case ParameterKind::Integer:
            if (const auto* integer = std::get_if<std::int64_t>(&value)) {
                const auto real = static_cast<double>(*integer);
                if (real < spec.minimum || real > spec.maximum)
                    return outOfRange(spec, std::to_string(*integer));
                return value;
            }
            if (const auto* real = std::get_if<double>(&value)) {
                if (std::isfinite(*real) && *real == std::floor(*real) && std::abs(*real) < 1e15) {
                    return checkValue(spec, static_cast<std::int64_t>(*real));
                }
            }
            return wrongType(tr("a whole number"));
        case ParameterKind::Real:
            if (const auto* integer = std::get_if<std::int64_t>(&value))
                return checkReal(static_cast<double>(*integer));
            if (const auto* real = std::get_if<double>(&value)) return checkReal(*real);
            return wrongType(tr("a number"));
        case ParameterKind::ChoiceOrReal:
            if (const auto* integer = std::get_if<std::int64_t>(&value))
                return checkReal(static_cast<double>(*integer));
            if (const auto* real = std::get_if<double>(&value)) return checkReal(*real);
            [[fallthrough]];
        case ParameterKind::Choice:
            if (const auto* choice = std::get_if<string>(&value)) {
                if (isChoice(spec, *choice)) return value;
                return fail(tr("%1: '%2' is none of %3"), {spec.key, *choice, choiceList(spec)});
            }
            return wrongType(choiceList(spec).c_str());
    }
    return fail("");
}

std::string formatValue(const ParameterValue& value) {
    if (const bool* toggle = std::get_if<bool>(&value)) return *toggle ? "true" : "false";
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return numberText(*real);
    return std::get<string>(value);
}

Parameters::Parameters() {
    for (const ParameterSpec& each : table()) m_values[static_cast<std::size_t>(each.id)] = each.defaultValue;
}

const ParameterValue& Parameters::get(ParameterId id, std::string_view site) const {
    if (!m_ofSites.empty() && !site.empty()) {
        const auto found = m_ofSites.find({string(site), id});
        if (found != m_ofSites.end()) return found->second;
    }
    return get(id);
}

bool Parameters::hasOwn(ParameterId id, std::string_view site) const {
    return m_ofSites.count({string(site), id}) > 0;
}

void Parameters::set(ParameterId id, ParameterValue value) {
    assert(checkValue(spec(id), value));
    m_values[static_cast<std::size_t>(id)] = std::move(value);
    m_choosesMask = m_choosesMask || id == ParameterId::Mask;
}

void Parameters::leaveMaskToModel() {
    m_values[static_cast<std::size_t>(ParameterId::Mask)] = spec(ParameterId::Mask).defaultValue;
    m_choosesMask = false;
}

void Parameters::set(ParameterId id, std::string site, ParameterValue value) {
    assert(spec(id).scope == ParameterScope::Site && checkValue(spec(id), value));
    m_ofSites[{std::move(site), id}] = std::move(value);
}

void Parameters::reset(ParameterId id, std::string_view site) {
    m_ofSites.erase({string(site), id});
}

Result<void> Parameters::setFromText(std::string_view key, std::string_view text) {
    const std::size_t dot = key.rfind('.');
    const std::string_view name = dot == std::string_view::npos ? key : key.substr(dot + 1);
    const ParameterSpec* found = findSpec(name);
    if (found == nullptr) return fail(tr("unknown parameter '%1'"), {string(key)});
    if (dot != std::string_view::npos && (found->scope != ParameterScope::Site || dot == 0)) {
        return fail(tr("parameter '%1' cannot be set for one site"), {string(key)});
    }
    Result<ParameterValue> value = parseValue(*found, text);
    if (!value) return tl::unexpected(value.error());
    if (dot == std::string_view::npos) {
        set(found->id, *std::move(value));
    } else {
        set(found->id, string(key.substr(0, dot)), *std::move(value));
    }
    return {};
}

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

const char* disabledReason(ParameterId id, const Parameters& parameters) {
    const auto is = [&](ParameterId other, const char* value) {
        return choiceOf(parameters, other) == value;
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

ParameterValue effectiveValue(ParameterId id, const Parameters& parameters) {
    const EffectiveParameters e = effective(parameters, {});
    switch (id) {
        case ParameterId::Heads:
            return e.heads;
        case ParameterId::DK:
            return e.dK;
        case ParameterId::DV:
            return e.dV;
        default:
            return parameters.get(id);
    }
}

}  // namespace attn
