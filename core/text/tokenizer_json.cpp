#include "core/io/json.h"
#include "core/text/model_tokenizer.h"
#include "core/text/tokenizer_json_steps.h"
#include "core/text/tokenizer_parts.h"

#include <utility>

namespace attn {
namespace {

using nlohmann::json;
using namespace tokenizer_json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr JsonLimits kLimits{std::size_t{64} << 20U, 32, std::size_t{1} << 23U};

Result<AddedToken> addedToken(const json& value, const std::string& place) {
    if (!value.is_object()) return wrongType(place, tr("an object"), value);
    AddedToken token;
    const auto id = value.find("id");
    const auto content = value.find("content");
    if (content == value.end() || !content->is_string())
        return fail(tr("%1: content is missing or no text"), {place});
    token.content = content->get<std::string>();
    if (id == value.end() || !id->is_number_integer())
        return fail(tr("%1: id is missing or no whole number"), {place});
    token.id = id->get<std::int64_t>();
    if (token.id < 0 || token.id > kMaxTokenId)
        return fail(tr("%1: id %2 is out of range"), {place, std::to_string(token.id)});
    token.special = flag(value, "special", false);
    token.normalized = flag(value, "normalized", !token.special);
    token.singleWord = flag(value, "single_word", false);
    token.takesLeft = flag(value, "lstrip", false);
    token.takesRight = flag(value, "rstrip", false);
    return token;
}

Result<Vocabulary> vocabularyFrom(const json& model) {
    const auto vocab = model.find("vocab");
    if (vocab == model.end()) return fail(tr("model.vocab is missing"));
    return vocabularyFromJson(*vocab, "model.vocab");
}

/// "a b" or ["a", "b"].
Result<std::vector<std::pair<std::string, std::string>>> mergesFrom(const json& model) {
    const auto merges = model.find("merges");
    if (merges == model.end() || merges->is_null()) return fail(tr("model.merges is missing"));
    if (!merges->is_array()) return wrongType("model.merges", tr("a list"), *merges);
    std::vector<std::pair<std::string, std::string>> out;
    out.reserve(merges->size());
    for (const json& each : *merges) {
        const std::string place = "model.merges[" + std::to_string(out.size()) + "]";
        if (each.is_array() && each.size() == 2 && each[0].is_string() && each[1].is_string()) {
            out.emplace_back(each[0].get<std::string>(), each[1].get<std::string>());
            continue;
        }
        if (!each.is_string()) return wrongType(place, tr("two pieces"), each);
        const std::string text = each.get<std::string>();
        if (text.starts_with("#version")) continue;  // a file's first line, taken along
        const std::size_t space = text.find(' ');
        if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
            return wrongType(place, tr("two pieces"), each);
        out.emplace_back(text.substr(0, space), text.substr(space + 1));
    }
    return out;
}

Result<std::shared_ptr<const PieceModel>> bytePairsFrom(const json& model) {
    Result<Vocabulary> vocabulary = vocabularyFrom(model);
    if (!vocabulary) return tl::unexpected(vocabulary.error());
    const auto merges = mergesFrom(model);
    if (!merges) return tl::unexpected(merges.error());
    BytePairOptions options;
    options.unknown = text(model, "unk_token", "");
    options.continuationPrefix = text(model, "continuing_subword_prefix", "");
    options.endSuffix = text(model, "end_of_word_suffix", "");
    options.fuseUnknown = flag(model, "fuse_unk", false);
    options.byteFallback = flag(model, "byte_fallback", false);
    options.ignoreMerges = flag(model, "ignore_merges", false);
    return bytePairModel(std::move(*vocabulary), *merges, options);
}

Result<std::shared_ptr<const PieceModel>> wordPiecesFrom(const json& model) {
    Result<Vocabulary> vocabulary = vocabularyFrom(model);
    if (!vocabulary) return tl::unexpected(vocabulary.error());
    WordPieceOptions options;
    options.unknown = text(model, "unk_token", "[UNK]");
    options.continuationPrefix = text(model, "continuing_subword_prefix", "##");
    const auto longest = model.find("max_input_chars_per_word");
    if (longest != model.end() && !longest->is_null()) {
        if (!longest->is_number_unsigned() || longest->get<std::uint64_t>() > 4096)
            return wrongType("model.max_input_chars_per_word", tr("a whole number"), *longest);
        options.longestWord = longest->get<std::size_t>();
    }
    return wordPieceModel(std::move(*vocabulary), options);
}

/// [["▁the", -3.5], …]: a piece and its log probability; its place is its id.
Result<std::shared_ptr<const PieceModel>> unigramsFrom(const json& model) {
    const auto vocab = model.find("vocab");
    if (vocab == model.end()) return fail(tr("model.vocab is missing"));
    if (!vocab->is_array()) return wrongType("model.vocab", tr("a list"), *vocab);
    std::vector<std::pair<std::string, double>> pieces;
    pieces.reserve(vocab->size());
    for (const json& each : *vocab) {
        if (!each.is_array() || each.size() != 2 || !each[0].is_string() || !each[1].is_number()) {
            return wrongType("model.vocab[" + std::to_string(pieces.size()) + "]",
                             tr("a piece and its score"), each);
        }
        pieces.emplace_back(each[0].get<std::string>(), each[1].get<double>());
    }
    UnigramOptions options;
    options.byteFallback = flag(model, "byte_fallback", false);
    if (const auto unknown = model.find("unk_id"); unknown != model.end() && !unknown->is_null()) {
        if (!unknown->is_number_unsigned() ||
            unknown->get<std::uint64_t>() > static_cast<std::uint64_t>(kMaxTokenId))
            return wrongType("model.unk_id", tr("a token's id"), *unknown);
        options.unknown = unknown->get<std::int64_t>();
    }
    return unigramModel(pieces, options);
}

Result<std::shared_ptr<const PieceModel>> modelFrom(const json& document) {
    const auto model = document.find("model");
    if (model == document.end()) return fail(tr("model is missing"));
    if (!model->is_object()) return wrongType("model", tr("an object"), *model);
    std::string type = text(*model, "type", "");
    if (type.empty()) {  // files before 0.10 do not say
        type = model->contains("merges") ? "BPE" : model->contains("unk_id") ? "Unigram" : "WordPiece";
    }
    if (type == "BPE") return bytePairsFrom(*model);
    if (type == "WordPiece") return wordPiecesFrom(*model);
    if (type == "Unigram") return unigramsFrom(*model);
    return fail(tr("model.type: '%1' is not read (BPE, WordPiece and Unigram are); ids can be given instead"),
                {type});
}

/// How its pieces are to be read: the decoder says it, or the steps before the model.
PieceStyle styleOf(const json& document) {
    const std::string decoder = document.value("decoder", json()).dump();
    const std::string before =
        document.value("pre_tokenizer", json()).dump() + document.value("normalizer", json()).dump();
    if (before.find("\"ByteLevel\"") != std::string::npos) return PieceStyle::ByteLevel;
    if (decoder.find("\"ByteLevel\"") != std::string::npos) return PieceStyle::ByteLevel;
    const std::string both = before + decoder;
    if (both.find("\u2581") != std::string::npos || both.find("\"Metaspace\"") != std::string::npos)
        return PieceStyle::Metaspace;
    return PieceStyle::Plain;
}

Result<void> readAddedTokens(const json& document, TokenizerParts& parts) {
    const auto list = document.find("added_tokens");
    if (list == document.end() || list->is_null()) return {};
    if (!list->is_array()) return wrongType("added_tokens", tr("a list"), *list);
    for (const json& each : *list) {
        Result<AddedToken> token =
            addedToken(each, "added_tokens[" + std::to_string(parts.added.size()) + "]");
        if (!token) return tl::unexpected(token.error());
        parts.added.push_back(std::move(*token));
    }
    return {};
}

}  // namespace

Result<TokenizerParts> tokenizer_json::partsFrom(const json& document) {
    if (!document.is_object()) return fail(tr("the tokenizer is no JSON object"));
    TokenizerParts parts;
    auto model = modelFrom(document);
    if (!model) return tl::unexpected(model.error());
    parts.model = std::move(*model);
    if (Result<void> read = readAddedTokens(document, parts); !read) return tl::unexpected(read.error());
    const json none;
    const auto section = [&](const char* key) -> const json& {
        const auto found = document.find(key);
        return found == document.end() ? none : *found;
    };
    if (Result<void> read = readNormalizer(section("normalizer"), "normalizer", parts); !read)
        return tl::unexpected(read.error());
    if (Result<void> read = readPreTokenizer(section("pre_tokenizer"), "pre_tokenizer", parts); !read)
        return tl::unexpected(read.error());
    if (Result<void> read = readPostProcessor(section("post_processor"), "post_processor", parts); !read)
        return tl::unexpected(read.error());
    parts.style = styleOf(document);
    return parts;
}

Result<ModelTokenizerPtr> tokenizerFromJson(std::string_view json) {
    const Result<nlohmann::json> document = parseJson(json, kLimits);
    if (!document) return tl::unexpected(document.error());
    Result<TokenizerParts> parts = partsFrom(*document);
    if (!parts) return tl::unexpected(std::move(parts.error()));
    return std::make_shared<const ModelTokenizer>(std::move(*parts));
}

}  // namespace attn
