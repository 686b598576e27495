#include "core/io/file.h"
#include "core/io/json.h"
#include "core/text/model_tokenizer.h"
#include "core/text/tokenizer_json_steps.h"
#include "core/text/tokenizer_parts.h"

#include <algorithm>
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

/// tokenizer_config.json where there is one: an object, else nothing.
Result<json> readSettings(const fs::path& folder) {
    const fs::path path = folder / "tokenizer_config.json";
    if (!isThere(path)) return json::object();
    Result<json> settings = readJson(path);
    if (settings && !settings->is_object()) return fail(tr("%1: it is no JSON object"), {path.string()});
    return settings;
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

/// The vocabulary's tokens of these names, as they are found in a text.
void addSpecials(TokenizerParts& parts, std::initializer_list<const char*> names) {
    for (const char* name : names) {
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
        parts.added.push_back(std::move(token));
    }
}

Result<void> surroundWith(TokenizerParts& parts, const char* first, const char* last) {
    for (const char* name : {first, last}) {
        if (parts.model->vocabulary().idOf(name) < 0)
            return fail(tr("the special token '%1' is not in the vocabulary"), {name});
    }
    parts.before = {parts.model->vocabulary().idOf(first)};
    parts.after = {parts.model->vocabulary().idOf(last)};
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
    const bool roberta = family == "roberta" ||
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
    addSpecials(parts, {"<|endoftext|>"});
    if (roberta) {
        addSpecials(parts, {"<s>", "</s>", "<unk>", "<pad>", "<mask>"});
        if (Result<void> done = inFile(vocabPath, surroundWith(parts, "<s>", "</s>")); !done)
            return tl::unexpected(done.error());
    }
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

    TokenizerParts parts;
    auto model = inFile(path, wordPieceModel(std::move(*vocabulary), {}));
    if (!model) return tl::unexpected(model.error());
    parts.model = std::move(*model);
    BertNormalization options;
    options.lowerCase = flag(*settings, "do_lower_case", true);
    options.stripAccents = flag(*settings, "strip_accents", options.lowerCase);
    options.spaceChinese = flag(*settings, "tokenize_chinese_chars", true);
    parts.normalizers.push_back(bertNormalizer(options));
    parts.preTokenizers.push_back(bertPreTokenizer());
    addDeclared(parts, *settings);
    addSpecials(parts, {"[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"});
    if (Result<void> done = inFile(path, surroundWith(parts, "[CLS]", "[SEP]")); !done)
        return tl::unexpected(done.error());
    return std::make_shared<const ModelTokenizer>(std::move(parts));
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
    if (file == "tokenizer.json") {
        const Result<std::string> bytes = readFile(folder / file, kMaxBytes);
        if (!bytes) return tl::unexpected(bytes.error());
        return inFile(folder / file, tokenizerFromJson(*bytes));
    }
    if (isThere(folder / "vocab.json"))
        return fail(tr("%1: merges.txt is missing beside vocab.json"), {folder.string()});
    return fail(tr("%1: there is no tokenizer (tokenizer.json, vocab.json with merges.txt, or vocab.txt): "
                   "give ids"),
                {folder.string()});
}

}  // namespace attn
