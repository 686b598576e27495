#include "core/text/word_vectors.h"

#include "core/io/file.h"
#include "core/io/safetensors.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr std::size_t kMaxVocabularyBytes = std::size_t{16} << 20U;
constexpr std::size_t kMaxVectorBytes = std::size_t{256} << 20U;
/// Longer than any word: what a text without spaces would otherwise cost.
constexpr std::size_t kLongestWord = 256;

std::vector<std::string_view> lines(std::string_view text) {
    std::vector<std::string_view> result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        result.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

char16_t plainForm(char16_t unit) {
    switch (unit) {
        case u'‘':
        case u'’':
            return u'\'';
        case u'“':
        case u'”':
            return u'"';
        case u'–':
        case u'—':
            return u'-';
        default:
            return unit;
    }
}

std::string folded(std::string_view word) {
    icu::UnicodeString utf16 =
        icu::UnicodeString::fromUTF8(icu::StringPiece(word.data(), static_cast<std::int32_t>(word.size())));
    utf16.foldCase();
    for (std::int32_t i = 0; i < utf16.length(); ++i) utf16.setCharAt(i, plainForm(utf16.charAt(i)));
    std::string result;
    utf16.toUTF8String(result);
    return result;
}

}  // namespace

Result<std::shared_ptr<const WordVectors>> WordVectors::load(const std::filesystem::path& folder) {
    const std::filesystem::path vocabularyFile = folder / "vocab.txt";
    const std::filesystem::path vectorFile = folder / "vectors.safetensors";
    const Result<std::string> vocabulary = readFile(vocabularyFile, kMaxVocabularyBytes);
    if (!vocabulary) return tl::unexpected(vocabulary.error());
    const Result<SafetensorsFile> file = readSafetensors(vectorFile, kMaxVectorBytes);
    if (!file) return tl::unexpected(file.error());

    const std::string vectorName = vectorFile.string();
    const SafetensorsFile::Entry* const entry = file->find("vectors");
    if (entry == nullptr || entry->shape.size() != 2 || entry->shape[0] == 0 || entry->shape[1] == 0) {
        return fail(tr("%1: expected a tensor 'vectors' of words × dimensions"), {vectorName});
    }
    const std::vector<std::string_view> words = lines(*vocabulary);
    if (static_cast<std::int64_t>(words.size()) != entry->shape[0]) {
        return fail(tr("%1: %2 rows for the %3 words of %4"),
                    {vectorName, std::to_string(entry->shape[0]), std::to_string(words.size()),
                     vocabularyFile.string()});
    }
    const Result<std::vector<float>> numbers = file->floats("vectors");
    if (!numbers) return fail(tr("%1: %2"), {vectorName, numbers.error().english()});

    auto vectors = std::make_shared<WordVectors>();
    vectors->m_vectors = Eigen::Map<const Matrix>(numbers->data(), entry->shape[0], entry->shape[1]);
    vectors->m_index.reserve(words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto line = static_cast<Index>(i);
        if (words[i].empty()) {
            return fail(tr("%1: line %2 is empty"), {vocabularyFile.string(), std::to_string(i + 1)});
        }
        if (!vectors->m_index.emplace(words[i], line).second) {
            return fail(tr("%1: line %2: '%3' stands there twice"),
                        {vocabularyFile.string(), std::to_string(i + 1), std::string(words[i])});
        }
        const float squares = vectors->m_vectors.row(line).squaredNorm();
        if (!(squares > 0 && squares < 1e30F)) {
            return fail(tr("%1: row %2 ('%3') has no usable length"),
                        {vectorName, std::to_string(i), std::string(words[i])});
        }
    }
    return std::shared_ptr<const WordVectors>(std::move(vectors));
}

Index WordVectors::find(std::string_view word) const {
    if (word.size() > kLongestWord) return -1;
    auto found = m_index.find(word);
    if (found != m_index.end()) return found->second;
    const auto lowerOrPlain = [](char c) { return c > 0 && !(c >= 'A' && c <= 'Z'); };
    if (std::all_of(word.begin(), word.end(), lowerOrPlain)) return -1;
    found = m_index.find(folded(word));
    return found == m_index.end() ? -1 : found->second;
}

}  // namespace attn
