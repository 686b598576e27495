#include "app/commands/commands.h"
#include "app/input_options.h"
#include "app/output.h"
#include "core/io/trace_file.h"
#include "core/model/architecture.h"
#include "core/model/builtin_models.h"
#include "core/scene/scene.h"
#include "core/text/model_tokenizer.h"
#include "core/text/tokenizer.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <memory>
#include <optional>

namespace attn::app {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

struct Options {
    std::string text, tokenizer = "words", model = "toy";
};

std::optional<TokenizerKind> tokenizerKind(const std::string& name) {
    if (name == "words") return TokenizerKind::Words;
    if (name == "characters") return TokenizerKind::Characters;
    if (name == "bytes") return TokenizerKind::Bytes;
    return std::nullopt;
}

/// All tokens of the text, whatever the model's context: the context stands in another file.
Result<Tokens> tokensOfFolder(const Options& options) {
    const Result<std::string> family = readModelType(modelFolder(options.model));
    if (!family) return tl::unexpected(family.error());
    const Result<ModelTokenizerPtr> tokenizer = openTokenizer(modelFolder(options.model), *family);
    if (!tokenizer) return tl::unexpected(tokenizer.error());
    return (*tokenizer)->encode(options.text, std::numeric_limits<std::size_t>::max());
}

Result<Tokens> tokensOfToy(const Options& options) {
    const std::optional<TokenizerKind> kind = tokenizerKind(options.tokenizer);
    if (!kind) {
        return fail(tr("--tokenizer: '%1' is none of %2"), {options.tokenizer, "words, characters, bytes"});
    }
    return tokenize(options.text, *kind, kToyContext);
}

Result<void> tokenizeText(const Options& options) {
    if (const Result<std::string> known = resolveModel(options.model); !known)
        return tl::unexpected(known.error());
    const Result<Tokens> found = options.model == "toy" ? tokensOfToy(options) : tokensOfFolder(options);
    if (!found) return tl::unexpected(found.error());
    const Tokens& tokens = *found;
    warnIfTruncated(tr("the text"), tokens);
    nlohmann::ordered_json out = {{"tokens", nlohmann::ordered_json::array()},
                                  {"ids", nlohmann::ordered_json::array()}};
    for (const Token& token : tokens.items) {
        out["tokens"].push_back(tokenForFile(token.piece.empty() ? token.text : token.piece));
        out["ids"].push_back(token.id);
    }
    return print(out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace

void addTokenize(CLI::App& app, Run& run) {
    CLI::App* const command = app.add_subcommand("tokenize", "The tokens and ids of a text, as JSON");
    const auto options = std::make_shared<Options>();
    command->add_option("--text", options->text, "The text")->type_name("TEXT")->required();
    CLI::Option* const model =
        command
            ->add_option("--model", options->model,
                         "toy, another built-in model (see 'models'), or a model's folder")
            ->type_name("NAME|DIR");
    command->add_option("--tokenizer", options->tokenizer, "words (default), characters or bytes")
        ->type_name("NAME")
        ->excludes(model);
    command->callback([options, &run] { run = [options] { return tokenizeText(*options); }; });
}

}  // namespace attn::app
