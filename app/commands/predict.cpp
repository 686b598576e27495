#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/numbers.h"
#include "app/table_output.h"
#include "core/analysis/predictions.h"
#include "core/io/trace_file.h"
#include "core/model/architecture.h"
#include "core/text/model_tokenizer.h"
#include "core/trace/row_entries.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace attn::app {
namespace {

using nlohmann::ordered_json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::int64_t kMaxTop = 1'000'000;

struct Options {
    InputOptions input;
    std::string position, top = "10", output;
    CLI::Option *hasPosition = nullptr, *hasOutput = nullptr;
};

/// Tokens by name also where ids were given: here a tokenizer that cannot be read is no error.
class TokenNames {
public:
    explicit TokenNames(const Trace& trace) : m_tokenizer(trace.tokenizer()) {
        if (m_tokenizer) return;
        const std::string& folder = trace.inputs().model;
        const Result<std::string> family = readModelType(folder);
        if (!family || tokenizerFileOf(folder).empty()) return;
        if (Result<ModelTokenizerPtr> opened = openTokenizer(folder, *family); opened) m_tokenizer = *opened;
    }
    [[nodiscard]] std::string of(std::int64_t id) const {
        if (!m_tokenizer) return std::to_string(id);
        const Token token = m_tokenizer->token(id);
        return tokenForFile(token.piece.empty() ? token.text : token.piece);
    }

private:
    ModelTokenizerPtr m_tokenizer;
};

Result<std::int64_t> positionOf(const Options& options, const Trace& trace) {
    const auto count = static_cast<std::int64_t>(predictingTokens(trace).items.size());
    if (count == 0) return fail(tr("there is no token: the text is empty"));
    if (options.hasPosition->count() == 0) return defaultPosition(trace);
    return parseInteger("--position", options.position, 0, count - 1);
}

std::string toCsv(const ordered_json& tokens) {
    std::string text = "rank,token,id,probability,log_probability\n";
    for (const ordered_json& each : tokens) {
        text += each["rank"].dump() + "," + csvField(each["token"].get<std::string>()) + "," +
                each["id"].dump() + "," + each["probability"].dump() + "," + each["log_probability"].dump() +
                "\n";
    }
    return text;
}

Result<void> predict(const Options& options) {
    Result<TableFormat> format = TableFormat::Json;
    if (options.hasOutput->count() > 0) format = tableFormat(true, options.output);
    if (!format) return tl::unexpected(std::move(format.error()));
    const Result<std::int64_t> top = parseInteger("--top", options.top, 1, kMaxTop);
    if (!top) return tl::unexpected(top.error());
    const Result<Scene> scene = options.input.scene();
    if (!scene) return tl::unexpected(scene.error());
    const Result<TracePtr> computed = evaluate(scene->inputs, options.input.isScene());
    if (!computed) return tl::unexpected(computed.error());
    const Trace& trace = **computed;
    const PredictionKind kind = predictionKind(trace);
    if (kind == PredictionKind::None) {
        return fail(tr("the model '%1' predicts no tokens: it has no language-model head"),
                    {scene->inputs.model});
    }
    const Result<std::int64_t> position = positionOf(options, trace);
    if (!position) return tl::unexpected(position.error());

    const double temperature =
        std::get<double>(scene->inputs.parameters.get(ParameterId::SamplingTemperature));
    const TensorPtr logits = trace.logitRows()->row(*position)->get();
    const TokenDistribution distribution({logits->matrix().data(), static_cast<std::size_t>(logits->cols())},
                                         temperature);
    const TokenNames names(trace);
    ordered_json tokens = ordered_json::array();
    for (const Prediction& each : distribution.top(static_cast<std::size_t>(*top))) {
        tokens.push_back({{"token", names.of(each.id)},
                          {"id", each.id},
                          {"probability", each.probability},
                          {"log_probability", each.logProbability},
                          {"rank", each.rank}});
    }
    if (*format == TableFormat::Csv) return writeTable(options.output, toCsv(tokens));
    const std::int64_t here = predictingTokens(trace).items[static_cast<std::size_t>(*position)].id;
    const ordered_json out = {{"position", *position},
                              {"at", {{"token", names.of(here)}, {"id", here}}},
                              {"predicts", kind == PredictionKind::Next ? "next" : "same"},
                              {"sampling_temperature", temperature},
                              {"entropy_nats", distribution.entropyNats()},
                              {"tokens", std::move(tokens)}};
    return writeTable(options.output, out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace

void addPredict(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand(
        "predict",
        "The tokens that a model expects, with their probabilities: after a token, or behind a mask");
    const auto options = std::make_shared<Options>();
    options->input.addTo(*command);
    options->hasPosition =
        command
            ->add_option(
                "--position", options->position,
                "Which token's row of logits, from 0 (default: the first masked token, else the last)")
            ->type_name("P");
    command->add_option("--top", options->top, "How many tokens (default: 10)")->type_name("N");
    options->hasOutput = command
                             ->add_option("-o,--output", options->output,
                                          "Where to: .json or .csv (default: JSON on standard output)")
                             ->type_name("FILE");
    command->callback([options, &run] { run = [options] { return predict(*options); }; });
}

}  // namespace attn::app
