#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/output.h"
#include "core/io/file.h"
#include "core/model/builtin_models.h"
#include "core/model/transformer.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

namespace attn::app {
namespace {

std::string megabytes(std::int64_t bytes) {
    const std::int64_t tenths = (bytes * 10 + (std::int64_t{1} << 19U)) >> 20U;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

void addLine(std::string& out, const char* key, const std::string& value) {
    std::string line = std::string(key) + ":";
    line.resize(std::max<std::size_t>(line.size() + 1, 14), ' ');
    out += line + value + "\n";
}

void addNames(std::string& out, const char* key, const std::vector<std::string>& names) {
    constexpr std::size_t kMostNamed = 8;
    if (names.empty()) return;
    std::string list = std::to_string(names.size()) + " (";
    for (std::size_t i = 0; i < std::min(kMostNamed, names.size()); ++i)
        list += (i == 0 ? "" : ", ") + names[i];
    addLine(out, key, list + (names.size() > kMostNamed ? ", …)" : ")"));
}

std::string headText(const Architecture& a) {
    if (a.head == HeadKind::None) return "none: a base model, without logits";
    const std::string kind = a.head == HeadKind::Linear ? "next token" : "masked token";
    return kind + (a.tiedHead ? ", tied to the embeddings" : "");
}

void addArchitecture(std::string& out, const Architecture& a) {
    const auto text = [](Index n) { return std::to_string(n); };
    addLine(out, "family", a.family + (a.className.empty() ? "" : " (" + a.className + ")"));
    // An encoder-decoder has two of each.
    const auto sizes = [&](Index EncoderShape::*ofEncoder, const std::string& own) {
        return a.encoder ? "encoder " + text((*a.encoder).*ofEncoder) + ", decoder " + own : own;
    };
    addLine(out, "layers", sizes(&EncoderShape::layers, text(a.layers)));
    addLine(out, "heads",
            sizes(&EncoderShape::heads,
                  text(a.heads) + (a.kvHeads == a.heads ? "" : ", keys and values " + text(a.kvHeads))));
    addLine(out, "d_model", text(a.dModel));
    addLine(out, "d_k", sizes(&EncoderShape::dHead, text(a.dHead)));
    addLine(out, "mlp", sizes(&EncoderShape::dMlp, text(a.dMlp)));
    addLine(out, "vocabulary", text(a.vocabulary));
    addLine(out, "context", text(a.context));
    const Index window = a.windows.empty() ? 0 : *std::max_element(a.windows.begin(), a.windows.end());
    addLine(out, "mask",
            std::string(a.encoder  ? "of the decoder causal"
                        : a.causal ? "causal"
                                   : "none") +
                (window > 0 ? ", window " + text(window) : ""));
    addLine(out, "head", headText(a));
}

Result<void> describe(const std::filesystem::path& folder) {
    const FolderReport report = describeFolder(folder);
    if (!report.architecture) return tl::unexpected(*report.error);
    std::string out;
    addArchitecture(out, *report.architecture);
    if (report.parameters > 0) {
        addLine(out, "parameters", std::to_string(report.parameters));
        addLine(out, "memory", megabytes(report.bytes));
        std::string types;
        for (const auto& [type, count] : report.types)
            types += (types.empty() ? "" : ", ") + std::to_string(count) + " tensors " + type;
        addLine(out, "weights",
                types + " in " + std::to_string(report.files) + (report.files == 1 ? " file" : " files"));
    }
    addLine(out, "tokenizer",
            report.tokenizerFile.empty() ? "none: give ids"
                                         : report.tokenizerFile + (report.tokenizerError ? ", broken" : ""));
    addNames(out, "missing", report.missing);
    addNames(out, "not used", report.unused);
    addLine(out, "opens", report.error ? "no" : report.tokenizerError ? "with ids alone" : "yes");
    if (Result<void> printed = print(out); !printed) return printed;
    if (report.error) return tl::unexpected(*report.error);
    if (report.tokenizerError) return tl::unexpected(*report.tokenizerError);
    return {};
}

/// One line for each built-in model.
Result<void> list() {
    std::vector<std::pair<std::string, std::string>> rows{
        {"toy", "one block of multi-head attention with seeded weights, for any text"}};
    for (const BuiltInModel& each : builtInModels(resourceFolder())) {
        const std::string& text = each.card.description;
        rows.emplace_back(each.name, text.empty() ? each.card.title : text);
    }
    std::size_t width = 0;
    for (const auto& row : rows) width = std::max(width, row.first.size());
    std::string out;
    for (auto& row : rows) {
        row.first.resize(width, ' ');
        out += row.first + "  " + row.second + "\n";
    }
    return print(out);
}

Result<void> models(const std::string& model) {
    if (model.empty() || model == "toy") return list();
    if (const Result<std::string> known = resolveModel(model); !known) return tl::unexpected(known.error());
    return describe(modelFolder(model));
}

}  // namespace

void addModels(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand(
        "models", "Which models there are; what a model's folder holds, and whether it opens");
    const auto model = std::make_shared<std::string>();
    command->add_option("model", *model, "A model's name or folder: what it is")->type_name("NAME|DIR");
    command->callback([model, &run] { run = [model] { return models(*model); }; });
}

}  // namespace attn::app
