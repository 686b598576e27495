#include "core/io/file.h"
#include "core/io/json.h"
#include "core/text/model_tokenizer.h"
#include "core/text/tokenizer_json_steps.h"
#include "core/text/tokenizer_parts.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <system_error>
#include <utility>

namespace attn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using namespace tokenizer_json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;
constexpr JsonLimits kLimits{kMaxBytes, 32, std::size_t{1} << 23U};

bool isThere(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

template <typename T>
Result<T> inFile(const fs::path& path, Result<T> result) {
    if (!result) return fail("%1: %2", {path.string(), result.error().english()});
    return result;
}

Result<json> readJson(const fs::path& path) {
    const Result<std::string> bytes = readFile(path, kMaxBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    return inFile(path, parseJson(*bytes, kLimits));
}

/// What the folder says about its tokenizer beside the tokenizer's own files: tokenizer_config.json, and what
/// it lacks from special_tokens_map.json. An object, perhaps empty.
Result<json> readSettings(const fs::path& folder) {
    json settings = json::object();
    for (const char* name : {"tokenizer_config.json", "special_tokens_map.json"}) {
        const fs::path path = folder / name;
        if (!isThere(path)) continue;
        Result<json> document = readJson(path);
        if (!document) return document;
        if (!document->is_object()) return fail(tr("%1: it is no JSON object"), {path.string()});
        for (auto& item : document->items()) {
            if (!settings.contains(item.key()) || settings[item.key()].is_null())
                settings[item.key()] = std::move(item.value());
        }
    }
    return settings;
}

/// What a special token is called here: a text, or an object with its content.
std::string specialName(const json& settings, const char* key, const char* absent) {
    const auto found = settings.find(key);
    if (found != settings.end() && found->is_object()) return text(*found, "content", absent);
    return text(settings, key, absent);
}

std::vector<std::string> linesOf(std::string_view bytes) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        std::string_view line = bytes.substr(at, end - at);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        lines.emplace_back(line);
        at = end + 1;
    }
    return lines;
}

/// One pair of pieces a line, after a first line "#version: …".
Result<std::vector<std::pair<std::string, std::string>>> readMerges(const fs::path& path) {
    const Result<std::string> bytes = readFile(path, kMaxBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    std::vector<std::pair<std::string, std::string>> merges;
    std::size_t number = 0;
    for (const std::string& line : linesOf(*bytes)) {
        ++number;
        if (line.empty() || (number == 1 && line.rfind("#version", 0) == 0)) continue;
        const std::size_t space = line.find(' ');
        if (space == std::string::npos || line.find(' ', space + 1) != std::string::npos)
            return fail(tr("%1: line %2 is no pair of pieces"), {path.string(), std::to_string(number)});
        merges.emplace_back(line.substr(0, space), line.substr(space + 1));
    }
    return merges;
}

/// In place of the one of the same content, whose id stays, else behind the others.
void put(std::vector<AddedToken>& tokens, AddedToken token) {
    const auto known = std::find_if(tokens.begin(), tokens.end(),
                                    [&](const AddedToken& each) { return each.content == token.content; });
    if (known == tokens.end()) {
        tokens.push_back(std::move(token));
    } else {
        token.id = known->id;
        *known = std::move(token);
    }
}

/// The vocabulary's tokens of these names, as they are found in a text.
void addSpecials(TokenizerParts& parts, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const std::int64_t id = parts.model->vocabulary().idOf(name);
        const bool known = std::any_of(parts.added.begin(), parts.added.end(),
                                       [&](const AddedToken& each) { return each.content == name; });
        if (id < 0 || known) continue;
        AddedToken token;
        token.content = name;
        token.id = id;
        token.normalized = false;
        token.special = true;
        token.takesLeft = token.content == "<mask>";
        parts.added.push_back(std::move(token));
    }
}

/// tokenizer_config.json's {"added_tokens_decoder": {"151643": {"content": "<|endoftext|>", …}}}
void addDeclared(TokenizerParts& parts, const json& settings) {
    const auto table = settings.find("added_tokens_decoder");
    if (table == settings.end() || !table->is_object()) return;
    for (const auto& item : table->items()) {
        const json& value = item.value();
        if (!value.is_object()) continue;
        AddedToken token;
        token.content = text(value, "content", "");
        token.id = parts.model->vocabulary().idOf(token.content);
        const std::string& digits = item.key();
        const bool number = !digits.empty() && digits.size() < 9 &&
                            digits.find_first_not_of("0123456789") == std::string::npos;
        if (token.id < 0 && number) token.id = std::stoll(digits);
        if (token.content.empty() || token.id < 0) continue;
        token.special = flag(value, "special", false);
        token.normalized = flag(value, "normalized", !token.special);
        token.singleWord = flag(value, "single_word", false);
        token.takesLeft = flag(value, "lstrip", false);
        token.takesRight = flag(value, "rstrip", false);
        put(parts.added, std::move(token));
    }
}

Result<void> surroundWith(TokenizerParts& parts, const std::string& first, const std::string& last) {
    for (const std::string& name : {first, last}) {
        if (!name.empty() && parts.model->vocabulary().idOf(name) < 0)
            return fail(tr("the special token '%1' is not in the vocabulary"), {name});
    }
    if (!first.empty()) parts.before = {parts.model->vocabulary().idOf(first)};
    if (!last.empty()) parts.after = {parts.model->vocabulary().idOf(last)};
    return {};
}

/// Qwen's regular expression: letters with one mark before them, single digits, line breaks apart.
constexpr const char* kQwenExpression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

Result<ModelTokenizerPtr> openBytePairs(const fs::path& folder, const std::string& family) {
    const fs::path vocabPath = folder / "vocab.json", mergesPath = folder / "merges.txt";
    const Result<json> vocab = readJson(vocabPath);
    if (!vocab) return tl::unexpected(vocab.error());
    Result<Vocabulary> vocabulary = inFile(vocabPath, vocabularyFromJson(*vocab, "vocab"));
    if (!vocabulary) return tl::unexpected(vocabulary.error());
    const auto merges = readMerges(mergesPath);
    if (!merges) return tl::unexpected(merges.error());
    const Result<json> settings = readSettings(folder);
    if (!settings) return tl::unexpected(settings.error());
    const bool roberta = family == "roberta" || family == "bart" ||
                         (family.empty() && vocabulary->idOf("<mask>") >= 0 && vocabulary->idOf("<s>") >= 0);

    TokenizerParts parts;
    auto model = inFile(mergesPath, bytePairModel(std::move(*vocabulary), *merges, {}));
    if (!model) return tl::unexpected(model.error());
    parts.model = std::move(*model);
    parts.style = PieceStyle::ByteLevel;
    if (family == "qwen2" || family == "qwen3") {
        parts.normalizers.push_back(unicodeNormalizer(UnicodeForm::Nfc));
        Result<TextPattern> pattern = TextPattern::regularExpression(kQwenExpression);
        if (!pattern) return tl::unexpected(pattern.error());
        parts.preTokenizers.push_back(splitPreTokenizer(std::move(*pattern), SplitBehavior::Isolated, false));
    }
    const bool useExpression = parts.preTokenizers.empty();
    parts.preTokenizers.push_back(
        byteLevelPreTokenizer(flag(*settings, "add_prefix_space", false), useExpression));
    addDeclared(parts, *settings);
    const auto called = [&](const char* key, const char* absent) {
        return specialName(*settings, key, absent);
    };
    std::string first, last;
    if (roberta) {
        first = called("cls_token", "<s>");
        last = called("sep_token", "</s>");
        addSpecials(parts, {called("bos_token", "<s>"), called("eos_token", "</s>"), first, last,
                            called("unk_token", "<unk>"), called("pad_token", "<pad>"),
                            called("mask_token", "<mask>")});
    } else {
        const std::string begins = called("bos_token", "<|endoftext|>");
        addSpecials(parts, {begins, called("eos_token", "<|endoftext|>"),
                            called("unk_token", "<|endoftext|>"), called("pad_token", "")});
        if (flag(*settings, "add_bos_token", false)) first = begins;
    }
    if (Result<void> done = inFile(vocabPath, surroundWith(parts, first, last)); !done)
        return tl::unexpected(done.error());
    return std::make_shared<const ModelTokenizer>(std::move(parts));
}

/// One piece a line; its number is its id.
Result<Vocabulary> readPieces(const fs::path& path) {
    const Result<std::string> bytes = readFile(path, kMaxBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    Vocabulary vocabulary;
    std::int64_t id = 0;
    for (const std::string& line : linesOf(*bytes)) {
        // A piece that stands there twice keeps its first id: a few published lists repeat themselves.
        if (vocabulary.idOf(line) < 0 && !vocabulary.add(line, id))
            return fail(tr("%1: has more pieces than a vocabulary may have"), {path.string()});
        ++id;
    }
    return vocabulary;
}

Result<ModelTokenizerPtr> openWordPieces(const fs::path& folder) {
    const fs::path path = folder / "vocab.txt";
    Result<Vocabulary> vocabulary = readPieces(path);
    if (!vocabulary) return tl::unexpected(vocabulary.error());
    const Result<json> settings = readSettings(folder);
    if (!settings) return tl::unexpected(settings.error());

    const auto called = [&](const char* key, const char* absent) {
        return specialName(*settings, key, absent);
    };
    TokenizerParts parts;
    WordPieceOptions pieces;
    pieces.unknown = called("unk_token", "[UNK]");
    auto model = inFile(path, wordPieceModel(std::move(*vocabulary), pieces));
    if (!model) return tl::unexpected(model.error());
    parts.model = std::move(*model);
    BertNormalization options;
    options.lowerCase = flag(*settings, "do_lower_case", true);
    options.stripAccents = flag(*settings, "strip_accents", options.lowerCase);
    options.spaceChinese = flag(*settings, "tokenize_chinese_chars", true);
    parts.normalizers.push_back(bertNormalizer(options));
    parts.preTokenizers.push_back(bertPreTokenizer());
    addDeclared(parts, *settings);
    const std::string first = called("cls_token", "[CLS]"), last = called("sep_token", "[SEP]");
    addSpecials(parts,
                {pieces.unknown, last, called("pad_token", "[PAD]"), first, called("mask_token", "[MASK]")});
    if (Result<void> done = inFile(path, surroundWith(parts, first, last)); !done)
        return tl::unexpected(done.error());
    return std::make_shared<const ModelTokenizer>(std::move(parts));
}

/// The id of a token that tokenizer.json names; -1: none.
std::int64_t idIn(const json& document, const std::string& name) {
    if (const auto added = document.find("added_tokens"); added != document.end() && added->is_array()) {
        for (const json& each : *added) {
            if (!each.is_object() || text(each, "content", "") != name) continue;
            const auto id = each.find("id");
            if (id != each.end() && id->is_number_unsigned()) return id->get<std::int64_t>();
        }
    }
    const json none = json::object();
    const json model = document.value("model", none);
    const json vocab = model.is_object() ? model.value("vocab", none) : none;
    const auto id = vocab.is_object() ? vocab.find(name) : vocab.end();
    return vocab.is_object() && id != vocab.end() && id->is_number_unsigned() ? id->get<std::int64_t>() : -1;
}

/// What LlamaTokenizer puts around a text: add_bos_token and add_eos_token decide, not tokenizer.json.
Result<void> surroundAsLlama(const json& settings, json& document) {
    json pieces = json::array(), ids = json::object();
    const auto add = [&](const char* key, const char* absent) -> Result<void> {
        const std::string name = specialName(settings, key, absent);
        const std::int64_t id = idIn(document, name);
        if (id < 0) return fail(tr("the special token '%1' is not in the vocabulary"), {name});
        pieces.push_back({{"SpecialToken", {{"id", name}}}});
        ids[name] = {{"ids", {static_cast<std::uint64_t>(id)}}};  // as a file has it
        return {};
    };
    if (flag(settings, "add_bos_token", true)) {
        if (Result<void> done = add("bos_token", "<s>"); !done) return done;
    }
    pieces.push_back({{"Sequence", {{"id", "A"}}}});
    if (flag(settings, "add_eos_token", false)) {
        if (Result<void> done = add("eos_token", "</s>"); !done) return done;
    }
    document["post_processor"] = {
        {"type", "TemplateProcessing"}, {"single", pieces}, {"special_tokens", ids}};
    return {};
}

bool saysYesOrNo(const json& settings, const char* key) {
    const auto found = settings.find(key);
    return found != settings.end() && found->is_boolean();
}

/// The published classes of tokenizers set some members of tokenizer.json anew from tokenizer_config.json;
/// here they do where it says something.
Result<void> applySettings(const json& settings, json& document) {
    std::string name = text(settings, "tokenizer_class", "");
    if (name.ends_with("Fast")) name.resize(name.size() - 4);
    const auto isOneOf = [&](std::initializer_list<const char*> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const auto set = [&](const char* section, const char* type, const char* from, const char* to) {
        const auto step = document.find(section);
        if (step == document.end() || !step->is_object() || text(*step, "type", "") != type) return;
        if (saysYesOrNo(settings, from)) (*step)[to] = settings[from];
    };
    if (isOneOf({"BertTokenizer", "DistilBertTokenizer"})) {
        set("normalizer", "BertNormalizer", "do_lower_case", "lowercase");
        set("normalizer", "BertNormalizer", "strip_accents", "strip_accents");
        set("normalizer", "BertNormalizer", "tokenize_chinese_chars", "handle_chinese_chars");
    }
    if (isOneOf({"GPT2Tokenizer", "RobertaTokenizer", "BartTokenizer"}))
        set("pre_tokenizer", "ByteLevel", "add_prefix_space", "add_prefix_space");
    const bool surrounds = saysYesOrNo(settings, "add_bos_token") || saysYesOrNo(settings, "add_eos_token");
    if (surrounds && isOneOf({"LlamaTokenizer", "CodeLlamaTokenizer"}))
        return surroundAsLlama(settings, document);
    return {};
}

Result<ModelTokenizerPtr> openDocument(const fs::path& folder, const std::string& file) {
    const fs::path path = folder / file;
    Result<json> document = readJson(path);
    if (!document) return tl::unexpected(document.error());
    const Result<json> settings = readSettings(folder);
    if (!settings) return tl::unexpected(settings.error());
    if (document->is_object()) {
        if (Result<void> done = inFile(path, applySettings(*settings, *document)); !done)
            return tl::unexpected(done.error());
    }
    Result<TokenizerParts> parts = inFile(path, partsFrom(*document));
    if (!parts) return tl::unexpected(std::move(parts.error()));
    addDeclared(*parts, *settings);
    std::vector<std::string> names;
    for (const char* key :
         {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"}) {
        names.push_back(specialName(*settings, key, ""));
    }
    addSpecials(*parts, names);
    return std::make_shared<const ModelTokenizer>(std::move(*parts));
}

}  // namespace

std::string tokenizerFileOf(const fs::path& folder) {
    if (isThere(folder / "tokenizer.json")) return "tokenizer.json";
    if (isThere(folder / "vocab.json") && isThere(folder / "merges.txt")) return "vocab.json";
    if (isThere(folder / "vocab.txt")) return "vocab.txt";
    return {};
}

Result<ModelTokenizerPtr> openTokenizer(const fs::path& folder, const std::string& family) {
    const std::string file = tokenizerFileOf(folder);
    if (file == "vocab.json") return openBytePairs(folder, family);
    if (file == "vocab.txt") return openWordPieces(folder);
    if (file == "tokenizer.json") return openDocument(folder, file);
    if (isThere(folder / "vocab.json"))
        return fail(tr("%1: merges.txt is missing beside vocab.json"), {folder.string()});
    return fail(tr("%1: there is no tokenizer (tokenizer.json, vocab.json with merges.txt, or vocab.txt): "
                   "give ids"),
                {folder.string()});
}

}  // namespace attn
