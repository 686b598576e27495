#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/numbers.h"
#include "app/output.h"
#include "core/model/architecture.h"
#include "core/model/builtin_models.h"
#include "core/ops/product.h"
#include "core/pipeline/pipeline.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

namespace attn::app {
namespace {

using nlohmann::ordered_json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

struct Options {
    std::string model = "toy", tokens = "16,64,256", repeat = "5";
    bool checksums = false;
};

/// What a run has to make: these of every site, and the logits of every row.
constexpr std::array<TensorName, 6> kMade{TensorName::Q,       TensorName::K, TensorName::V,
                                          TensorName::Pattern, TensorName::Z, TensorName::ResidPost};

std::vector<std::pair<TensorKey, TensorPtr>> made(const Trace& trace) {
    std::vector<std::pair<TensorKey, TensorPtr>> tensors;
    const auto take = [&](TensorKey key) {
        if (const EntryPtr entry = trace.find(key)) tensors.emplace_back(std::move(key), entry->get());
    };
    for (const SiteInfo& site : trace.sites()) {
        for (const TensorName name : kMade) take({site.name, name});
    }
    take({"", TensorName::Logits});
    return tensors;
}

double sumOfMagnitudes(const Tensor& tensor) {
    double sum = 0;
    for (Index head = 0; head < tensor.heads(); ++head) {
        const MatrixView matrix = tensor.matrix(head);
        for (Index row = 0; row < matrix.rows(); ++row) {
            for (Index col = 0; col < matrix.cols(); ++col)
                sum += std::abs(static_cast<double>(matrix(row, col)));
        }
    }
    return sum;
}

/// As many tokens as asked for: ids spread over the vocabulary, or words of the toy's.
Result<Inputs> inputsOf(const std::string& model, std::int64_t tokens) {
    Inputs inputs;
    inputs.model = model;
    if (model == "toy") {
        if (tokens > static_cast<std::int64_t>(kToyContext)) {
            return fail(tr("--tokens: %1 are more than the model's context of %2"),
                        {std::to_string(tokens), std::to_string(kToyContext)});
        }
        for (std::int64_t i = 0; i < tokens; ++i) inputs.text += "w" + std::to_string(i % 97) + " ";
        return inputs;
    }
    const Result<Architecture> architecture = readArchitecture(modelFolder(model));
    if (!architecture) return tl::unexpected(architecture.error());
    if (tokens > architecture->context) {
        return fail(tr("--tokens: %1 are more than the model's context of %2"),
                    {std::to_string(tokens), std::to_string(architecture->context)});
    }
    constexpr std::int64_t kStep = 7919;  // a prime: neighbours lie far apart
    inputs.ids.emplace();
    for (std::int64_t i = 0; i < tokens; ++i) {
        std::int64_t id = (kStep * i + 2) % architecture->vocabulary;
        if (id == architecture->paddingId) id = (id + 1) % architecture->vocabulary;
        inputs.ids->push_back(id);
    }
    if (architecture->encoder) inputs.targetIds = inputs.ids;  // as many on both sides, nothing is written
    return inputs;
}

Result<ordered_json> row(Pipeline& pipeline, const Inputs& inputs, std::int64_t tokens, std::int64_t repeat,
                         bool checksums) {
    std::vector<double> seconds;
    ordered_json sums = ordered_json::object();
    for (std::int64_t i = 0; i <= repeat; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const Result<TracePtr> trace = pipeline.evaluate(inputs);
        if (!trace) return tl::unexpected(trace.error());
        const auto tensors = made(**trace);
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
        if (i > 0) seconds.push_back(elapsed.count());  // the first run opens the model and warms the caches
        if (i < repeat || !checksums) continue;
        for (const auto& each : tensors) sums[each.first.fullName()] = sumOfMagnitudes(*each.second);
    }
    std::sort(seconds.begin(), seconds.end());
    const std::size_t middle = seconds.size() / 2;
    const double median =
        seconds.size() % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
    ordered_json out = {{"tokens", tokens}, {"median_s", median}, {"min_s", seconds.front()}};
    if (checksums) out["checksums"] = std::move(sums);
    return out;
}

Result<void> bench(const Options& options) {
    constexpr std::int64_t kMostTokens = 1 << 20, kMostRepeats = 1'000'000;
    constexpr std::size_t kMostRows = 1000;
    if (const Result<std::string> known = resolveModel(options.model); !known)
        return tl::unexpected(known.error());
    const auto tokens = parseIntegers("--tokens", options.tokens, 1, kMostTokens, kMostRows);
    if (!tokens) return tl::unexpected(tokens.error());
    const Result<std::int64_t> repeat = parseInteger("--repeat", options.repeat, 1, kMostRepeats);
    if (!repeat) return tl::unexpected(repeat.error());
    Pipeline pipeline;
    pipeline.setRetention(Retention::Patterns);  // a raw score is no part of what is measured
    ordered_json rows = ordered_json::array();
    for (const std::int64_t count : *tokens) {
        const Result<Inputs> inputs = inputsOf(options.model, count);
        if (!inputs) return tl::unexpected(inputs.error());
        Result<ordered_json> timed = row(pipeline, *inputs, count, *repeat, options.checksums);
        if (!timed) return tl::unexpected(std::move(timed.error()));
        rows.push_back(std::move(*timed));
    }
    return print(ordered_json{{"rows", std::move(rows)}, {"products", productLibrary()}}.dump() + "\n");
}

}  // namespace

void addBench(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand(
        "bench", "Seconds of a forward pass that makes q, k, v, pattern, z and resid_post of every block");
    const auto options = std::make_shared<Options>();
    command
        ->add_option("--model", options->model,
                     "toy, another built-in model (see 'models'), or a model's folder")
        ->type_name("NAME|DIR");
    command
        ->add_option("--tokens", options->tokens,
                     "How many tokens, separated by commas (16,64,256); of source and target alike")
        ->type_name("N,…");
    command->add_option("--repeat", options->repeat, "How often each (5)")->type_name("N");
    command->add_flag("--checksums", options->checksums, "The sum of magnitudes of each tensor too");
    command->callback([options, &run] { run = [options] { return bench(*options); }; });
}

}  // namespace attn::app
