#include "core/text/tokenizer_json_steps.h"

#include "core/io/json.h"

#include <utility>

namespace attn::tokenizer_json {
namespace {

using nlohmann::json;

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// Steps of a Sequence may be Sequences; their depth is that of the file's brackets.
template <typename Read>
Result<void> readSequence(const json& value, const std::string& place, const char* key, const Read& read) {
    const auto list = value.find(key);
    if (list == value.end() || !list->is_array())
        return fail(tr("%1: %2 is missing or no list"), {place, key});
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (Result<void> done = read((*list)[i], place + "." + key + "[" + std::to_string(i) + "]"); !done)
            return done;
    }
    return {};
}

Result<std::string> typeOf(const json& value, const std::string& place) {
    if (!value.is_object()) return wrongType(place, tr("an object"), value);
    const auto type = value.find("type");
    if (type == value.end() || !type->is_string())
        return fail(tr("%1: %2 is missing or no text"), {place, "type"});
    return type->get<std::string>();
}

Result<TextPattern> patternOf(const json& value, const std::string& place) {
    const auto pattern = value.find("pattern");
    if (pattern != value.end() && pattern->is_object()) {
        if (const auto regex = pattern->find("Regex"); regex != pattern->end() && regex->is_string()) {
            Result<TextPattern> compiled = TextPattern::regularExpression(regex->get<std::string>());
            if (!compiled) return fail("%1: %2", {place, compiled.error().english()});
            return compiled;
        }
        if (const auto plain = pattern->find("String"); plain != pattern->end() && plain->is_string())
            return TextPattern::plain(plain->get<std::string>());
    }
    return fail(tr("%1: pattern is neither a String nor a Regex"), {place});
}

Result<SplitBehavior> behaviorOf(const json& value, const std::string& place) {
    const std::string name = text(value, "behavior", "Isolated");
    if (name == "Removed") return SplitBehavior::Removed;
    if (name == "Isolated") return SplitBehavior::Isolated;
    if (name == "MergedWithPrevious") return SplitBehavior::MergedWithPrevious;
    if (name == "MergedWithNext") return SplitBehavior::MergedWithNext;
    if (name == "Contiguous") return SplitBehavior::Contiguous;
    return fail(tr("%1: the behavior '%2' is not known"), {place, name});
}

Result<NormalizerStep> normalizerStep(const json& value, const std::string& type, const std::string& place) {
    if (type == "BertNormalizer") {
        BertNormalization options;
        options.cleanText = flag(value, "clean_text", true);
        options.spaceChinese = flag(value, "handle_chinese_chars", true);
        options.lowerCase = flag(value, "lowercase", true);
        options.stripAccents = flag(value, "strip_accents", options.lowerCase);
        return bertNormalizer(options);
    }
    if (type == "Lowercase") return lowerCaseNormalizer();
    if (type == "StripAccents") return stripAccentsNormalizer();
    if (type == "Nmt") return nmtNormalizer();
    if (type == "NFC") return unicodeNormalizer(UnicodeForm::Nfc);
    if (type == "NFD") return unicodeNormalizer(UnicodeForm::Nfd);
    if (type == "NFKC") return unicodeNormalizer(UnicodeForm::Nfkc);
    if (type == "NFKD") return unicodeNormalizer(UnicodeForm::Nfkd);
    if (type == "Precompiled") {
        // Some files name the step and have no table.
        const auto table = value.find("precompiled_charsmap");
        if (table == value.end() || table->is_null())
            return NormalizerStep([](auto&) { return Result<void>(); });
        if (!table->is_string()) return wrongType(place + ".precompiled_charsmap", tr("a text"), *table);
        Result<NormalizerStep> step = precompiledNormalizer(table->get_ref<const std::string&>());
        if (!step) return fail("%1: %2", {place, step.error().english()});
        return step;
    }
    if (type == "Prepend") return prependNormalizer(text(value, "prepend", ""));
    if (type == "Strip")
        return stripNormalizer(flag(value, "strip_left", true), flag(value, "strip_right", true));
    if (type == "Replace") {
        Result<TextPattern> pattern = patternOf(value, place);
        if (!pattern) return tl::unexpected(std::move(pattern.error()));
        return replaceNormalizer(std::move(*pattern), text(value, "content", ""));
    }
    return fail(tr("%1: the normaliser '%2' is not known"), {place, type});
}

Result<PreTokenizerStep> metaspaceStep(const json& value, const std::string& place) {
    const std::string replacement = text(value, "replacement", "\u2581");
    if (replacement.empty()) return fail(tr("%1: replacement is empty"), {place});
    const bool prefix = flag(value, "add_prefix_space", true);
    const std::string name = text(value, "prepend_scheme", prefix ? "always" : "never");
    const bool split = flag(value, "split", true);
    if (name == "always") return metaspacePreTokenizer(replacement, PrependScheme::Always, split);
    if (name == "first") return metaspacePreTokenizer(replacement, PrependScheme::First, split);
    if (name == "never") return metaspacePreTokenizer(replacement, PrependScheme::Never, split);
    return fail(tr("%1: the prepend_scheme '%2' is not known"), {place, name});
}

Result<PreTokenizerStep> preTokenizerStep(const json& value, const std::string& type,
                                          const std::string& place) {
    if (type == "BertPreTokenizer") return bertPreTokenizer();
    if (type == "ByteLevel")
        return byteLevelPreTokenizer(flag(value, "add_prefix_space", true), flag(value, "use_regex", true));
    if (type == "Digits") return digitsPreTokenizer(flag(value, "individual_digits", false));
    if (type == "Whitespace") return whitespacePreTokenizer();
    if (type == "WhitespaceSplit") return whitespaceSplitPreTokenizer();
    if (type == "Metaspace") return metaspaceStep(value, place);
    if (type == "CharDelimiterSplit") {
        const std::string delimiter = text(value, "delimiter", "");
        if (delimiter.empty()) return fail(tr("%1: %2 is missing or no text"), {place, "delimiter"});
        return splitPreTokenizer(TextPattern::plain(delimiter), SplitBehavior::Removed, false);
    }
    if (type == "Split" || type == "Punctuation") {
        const Result<SplitBehavior> behavior = behaviorOf(value, place);
        if (!behavior) return tl::unexpected(behavior.error());
        if (type == "Punctuation") return punctuationPreTokenizer(*behavior);
        Result<TextPattern> pattern = patternOf(value, place);
        if (!pattern) return tl::unexpected(std::move(pattern.error()));
        return splitPreTokenizer(std::move(*pattern), *behavior, flag(value, "invert", false));
    }
    return fail(tr("%1: the pre-tokenizer '%2' is not known"), {place, type});
}

Result<std::int64_t> idFrom(const json& value, const std::string& place) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > static_cast<std::uint64_t>(kMaxTokenId))
        return wrongType(place, tr("a token's id"), value);
    return value.get<std::int64_t>();
}

/// ["[SEP]", 102]
Result<std::int64_t> pairedId(const json& value, const char* key, const std::string& place) {
    const auto pair = value.find(key);
    if (pair == value.end() || !pair->is_array() || pair->size() != 2)
        return fail(tr("%1: %2 is missing or no pair"), {place, key});
    return idFrom((*pair)[1], place + "." + key);
}

/// What surrounds the text is put around what is there already.
void surround(TokenizerParts& parts, std::vector<std::int64_t> before,
              const std::vector<std::int64_t>& after) {
    before.insert(before.end(), parts.before.begin(), parts.before.end());
    parts.before = std::move(before);
    parts.after.insert(parts.after.end(), after.begin(), after.end());
}

/// {"SpecialToken": {"id": "[CLS]", "type_id": 0}}: its ids stand in special_tokens.
Result<void> appendSpecial(const json& value, const json& piece, const std::string& place,
                           std::vector<std::int64_t>& ids) {
    const json& special = piece["SpecialToken"];
    const std::string name = special.is_object() ? text(special, "id", "") : std::string();
    const auto table = value.find("special_tokens");
    const auto notFound = [&] { return fail(tr("%1: '%2' is not among the special_tokens"), {place, name}); };
    if (table == value.end() || !table->is_object()) return notFound();
    const auto entry = table->find(name);
    if (entry == table->end() || !entry->is_object()) return notFound();
    const auto list = entry->find("ids");
    if (list == entry->end() || !list->is_array()) return notFound();
    for (const json& each : *list) {
        const Result<std::int64_t> id = idFrom(each, place + ".special_tokens");
        if (!id) return tl::unexpected(id.error());
        ids.push_back(*id);
    }
    return {};
}

Result<void> readTemplate(const json& value, const std::string& place, TokenizerParts& parts) {
    const auto pieces = value.find("single");
    if (pieces == value.end() || !pieces->is_array())
        return fail(tr("%1: %2 is missing or no list"), {place, "single"});
    std::vector<std::int64_t> before, after;
    int sequences = 0;
    for (const json& piece : *pieces) {
        if (piece.is_object() && piece.contains("Sequence")) {
            ++sequences;
        } else if (piece.is_object() && piece.contains("SpecialToken")) {
            if (Result<void> read = appendSpecial(value, piece, place, sequences == 0 ? before : after);
                !read)
                return read;
        } else {
            return wrongType(place + ".single", tr("a Sequence or a SpecialToken"), piece);
        }
    }
    if (sequences != 1) return fail(tr("%1: single does not hold the text exactly once"), {place});
    surround(parts, std::move(before), after);
    return {};
}

}  // namespace

tl::unexpected<Error> wrongType(const std::string& place, const char* expected, const json& value) {
    return fail(tr("%1: expected %2, got %3"), {place, expected, jsonExcerpt(value)});
}

bool flag(const json& object, const char* key, bool absent) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() ? found->get<bool>() : absent;
}

std::string text(const json& object, const char* key, const char* absent) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : absent;
}

Result<Vocabulary> vocabularyFromJson(const json& value, const std::string& place) {
    if (!value.is_object()) return wrongType(place, tr("an object"), value);
    if (value.empty()) return fail(tr("%1: it is empty"), {place});
    Vocabulary vocabulary;
    for (const auto& item : value.items()) {
        const std::string at = place + "." + jsonExcerpt(item.key());
        const Result<std::int64_t> id = idFrom(item.value(), at);
        if (!id) return tl::unexpected(id.error());
        if (!vocabulary.add(item.key(), *id))
            return fail(tr("%1: the id %2 is there already, for '%3'"),
                        {at, std::to_string(*id), *vocabulary.pieceOf(*id)});
    }
    return vocabulary;
}

Result<void> readNormalizer(const json& value, const std::string& place, TokenizerParts& parts) {
    if (value.is_null()) return {};
    const Result<std::string> type = typeOf(value, place);
    if (!type) return tl::unexpected(type.error());
    if (*type == "Sequence") {
        return readSequence(value, place, "normalizers", [&](const json& each, const std::string& at) {
            return readNormalizer(each, at, parts);
        });
    }
    Result<NormalizerStep> step = normalizerStep(value, *type, place);
    if (!step) return tl::unexpected(std::move(step.error()));
    parts.normalizers.push_back(std::move(*step));
    return {};
}

Result<void> readPreTokenizer(const json& value, const std::string& place, TokenizerParts& parts) {
    if (value.is_null()) return {};
    const Result<std::string> type = typeOf(value, place);
    if (!type) return tl::unexpected(type.error());
    if (*type == "Sequence") {
        return readSequence(value, place, "pretokenizers", [&](const json& each, const std::string& at) {
            return readPreTokenizer(each, at, parts);
        });
    }
    Result<PreTokenizerStep> step = preTokenizerStep(value, *type, place);
    if (!step) return tl::unexpected(std::move(step.error()));
    parts.preTokenizers.push_back(std::move(*step));
    return {};
}

Result<void> readPostProcessor(const json& value, const std::string& place, TokenizerParts& parts) {
    if (value.is_null()) return {};
    const Result<std::string> type = typeOf(value, place);
    if (!type) return tl::unexpected(type.error());
    if (*type == "ByteLevel") return {};  // it moves offsets, not ids
    if (*type == "Sequence") {
        return readSequence(value, place, "processors", [&](const json& each, const std::string& at) {
            return readPostProcessor(each, at, parts);
        });
    }
    if (*type == "TemplateProcessing") return readTemplate(value, place, parts);
    if (*type == "BertProcessing" || *type == "RobertaProcessing") {
        const Result<std::int64_t> first = pairedId(value, "cls", place);
        if (!first) return tl::unexpected(first.error());
        const Result<std::int64_t> last = pairedId(value, "sep", place);
        if (!last) return tl::unexpected(last.error());
        surround(parts, {*first}, {*last});
        return {};
    }
    return fail(tr("%1: the post-processor '%2' is not known"), {place, *type});
}

}  // namespace attn::tokenizer_json
