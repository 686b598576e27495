#pragma once
/// The ParameterSpec table: every parameter of a scene, declared once.
///
/// The panel's editor, `--set key=value`, the scene file's validation and the reference table in the README
/// all come from it. To add a parameter: an enumerator here, a row in parameter_table.cpp, a
/// member of EffectiveParameters if the pipeline reads it.

#include "core/base/error.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace attn {

enum class ParameterId : std::uint8_t {
    Tokenizer,
    Embeddings,
    Seed,
    DModel,
    Heads,
    DK,
    DV,
    Projections,
    Positions,
    PositionStrength,
    Score,
    ScoreWidth,
    Scale,
    Temperature,
    Mask,
    MaskWindow,
    MaskPadding,
    Normalizer,
    EditedRows,
    Residual,
    LayerNorm,
    SamplingTemperature,
};
inline constexpr std::size_t kParameterCount = 22;

enum class ParameterKind : std::uint8_t { Toggle, Integer, Real, Choice, ChoiceOrReal };
enum class ParameterScope : std::uint8_t {
    Scene,
    Site
};  ///< Site: may also be set for one site, `blocks.3.temperature`
/// Where its editor stands: among the controls of the computation, with the numbers changed by hand, or
/// beside the predictions.
enum class EditorPlace : std::uint8_t { Controls, EditList, Predictions };
enum class SliderScale : std::uint8_t { Linear, Logarithmic };

/// Toggle: bool. Integer: int64. Real: double. Choice: string. ChoiceOrReal: string or double.
using ParameterValue = std::variant<bool, std::int64_t, double, std::string>;

struct ParameterChoice {
    const char* value;  ///< as in files and on the command line
    const char* label;  ///< short, marked for translation
    const char* tip;    ///< one sentence, marked for translation
};

struct ParameterSpec {
    ParameterId id;
    const char* key;
    ParameterKind kind;
    ParameterScope scope;
    const char* group;  ///< marked for translation; groups appear in the order of the table
    const char* label;  ///< marked for translation
    const char* tip;    ///< one or two sentences, marked for translation
    ParameterValue defaultValue;
    double minimum = 0, maximum = 0, step = 1;  ///< numbers only, both ends included
    SliderScale sliderScale = SliderScale::Linear;
    const char* unit = "";
    std::vector<ParameterChoice> choices;
    EditorPlace editor = EditorPlace::Controls;
};

[[nodiscard]] std::span<const ParameterSpec> parameterTable();
[[nodiscard]] const ParameterSpec& spec(ParameterId id);
[[nodiscard]] const ParameterSpec* findSpec(std::string_view key);

/// The value that a text means (`--set`, a typed number), or why it means none. Integers refuse fractions,
/// ranges refuse what lies outside, nothing accepts NaN.
[[nodiscard]] Result<ParameterValue> parseValue(const ParameterSpec& spec, std::string_view text);
/// Kind, range and choices of a value that came from elsewhere (JSON).
[[nodiscard]] Result<ParameterValue> checkValue(const ParameterSpec& spec, const ParameterValue& value);
/// Shortest text that parseValue reads back as the same value.
[[nodiscard]] std::string formatValue(const ParameterValue& value);

/// What a scene says about parameters: a value for each, and values for single sites.
class Parameters {
public:
    Parameters();  ///< all defaults

    [[nodiscard]] const ParameterValue& get(ParameterId id) const {
        return m_values[static_cast<std::size_t>(id)];
    }
    /// The site's own value where it has one, else the scene's.
    [[nodiscard]] const ParameterValue& get(ParameterId id, std::string_view site) const;
    [[nodiscard]] bool hasOwn(ParameterId id, std::string_view site) const;

    /// The value must fit the spec (checkValue): asserted.
    void set(ParameterId id, ParameterValue value);
    void set(ParameterId id, std::string site, ParameterValue value);
    void reset(ParameterId id, std::string_view site);  ///< the site follows the scene again
    void resetSites(ParameterId id);                    ///< all of them do
    /// How many sites have a value of their own.
    [[nodiscard]] std::size_t ownCount(ParameterId id) const;

    /// "temperature" or "blocks.0.temperature" = text, as `--set` takes it.
    [[nodiscard]] Result<void> setFromText(std::string_view key, std::string_view text);

    [[nodiscard]] const std::map<std::pair<std::string, ParameterId>, ParameterValue>& ofSites() const {
        return m_ofSites;
    }

    /// Whether a mask was chosen, if only "none": a trained model has one of its own otherwise.
    [[nodiscard]] bool choosesMask() const { return m_choosesMask; }
    void leaveMaskToModel();

    bool operator==(const Parameters&) const = default;

private:
    std::array<ParameterValue, kParameterCount> m_values;
    bool m_choosesMask = false;
    std::map<std::pair<std::string, ParameterId>, ParameterValue> m_ofSites;
};

enum class EmbeddingsKind : std::uint8_t { Random, Words };
/// Learned is a trained model's alone and no choice of the table.
enum class PositionsKind : std::uint8_t { None, Sinusoidal, Rotary, Learned };
enum class ScoreKind : std::uint8_t { Dot, Cosine, Additive, Bilinear };
/// Sliding (the last `window` keys, the query's own included) is a trained model's alone.
enum class MaskKind : std::uint8_t { None, Causal, Local, Padding, Sliding };
enum class NormalizerKind : std::uint8_t { Softmax, Hard };
/// What becomes of a row of weights of which some were set by hand.
enum class EditedRowsKind : std::uint8_t { Renormalised, Kept };

/// How a block's parts are joined to the residual stream.
enum class BlockKind : std::uint8_t { Toy, PreNorm, PostNorm };

/// What a model really uses at a site: typed, with the consequences drawn that one choice has for others
/// (`projections = identity` makes one head of d_k = d_v = d_model).
struct EffectiveParameters {
    std::uint32_t seed;
    EmbeddingsKind embeddings;
    std::int64_t dModel, heads, kvHeads, dK, dV;
    bool identityProjections;
    PositionsKind positions;
    double positionStrength;
    ScoreKind score;
    std::int64_t scoreWidth;
    double scale;  ///< the factor itself: 1/√d_k, 1, 1/d_k or the number
    double temperature;
    MaskKind mask;
    std::int64_t maskWindow, maskPadding;
    NormalizerKind normalizer;
    EditedRowsKind editedRows;
    bool residual, layerNorm;
    BlockKind block;
};
/// What is fact in a trained model.
struct ModelFacts {
    std::int64_t dModel = 0, heads = 0, kvHeads = 0, dHead = 0;
    PositionsKind positions = PositionsKind::None;
    BlockKind block = BlockKind::PreNorm;
    double scale = 1;                ///< in place of inv_sqrt_dk
    MaskKind mask = MaskKind::None;  ///< where none was chosen
    std::int64_t maskWindow = 0;

    bool operator==(const ModelFacts&) const = default;
};
[[nodiscard]] EffectiveParameters effective(const Parameters& parameters, std::string_view site);
/// The same at a site of a trained model: scale, temperature, mask, normaliser and score are the scene's.
[[nodiscard]] EffectiveParameters effective(const Parameters& parameters, std::string_view site,
                                            const ModelFacts& facts);

/// Where a parameter is looked at: at one site, or for all of them; in the toy model, or in a trained one.
struct ParameterPlace {
    std::string site;                 ///< empty: what holds for all sites
    std::optional<ModelFacts> model;  ///< none: the toy model

    bool operator==(const ParameterPlace&) const = default;
};
/// The same at a place.
[[nodiscard]] EffectiveParameters effectiveAt(const Parameters& parameters, const ParameterPlace& place);

/// Why a parameter does nothing there at the moment (marked for translation), or null when it is active.
[[nodiscard]] const char* disabledReason(ParameterId id, const Parameters& parameters,
                                         const ParameterPlace& place = {});
/// Whether a parameter is the toy model's alone: in a trained model it is fixed, or there is no such thing.
[[nodiscard]] bool isOfToyAlone(ParameterId id);
/// Why one of a parameter's choices cannot be made there, or null where it can.
[[nodiscard]] const char* choiceDisabledReason(ParameterId id, std::string_view choice,
                                               const ParameterPlace& place);
/// What an editor shows: the parameter's value at the place, or what stands there in its stead. A trained
/// model's own sliding mask is "sliding", which is no choice of the table.
[[nodiscard]] ParameterValue effectiveValue(ParameterId id, const Parameters& parameters,
                                            const ParameterPlace& place = {});

}  // namespace attn
