#include "core/text/utf8.h"
#include "core/text/vocabulary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace attn {
namespace {

/// What an unknown character costs beyond the rarest piece, as SentencePiece sets it.
constexpr double kUnknownPenalty = 10;
/// Longer pieces are in no published vocabulary, and would make a long word slow.
constexpr std::size_t kLongestPiece = 1024;

class Unigrams : public PieceModel {
public:
    Unigrams(Vocabulary vocabulary, std::vector<double> scores, const UnigramOptions& options)
        : m_vocabulary(std::move(vocabulary)), m_scores(std::move(scores)), m_unknown(options.unknown) {
        for (std::size_t id = 0; id < m_scores.size(); ++id) {
            const auto number = static_cast<std::int64_t>(id);
            m_sorted.push_back({*m_vocabulary.pieceOf(number), number});
        }
        std::sort(m_sorted.begin(), m_sorted.end(),
                  [](const Entry& a, const Entry& b) { return a.piece < b.piece; });
        m_unknownScore = *std::min_element(m_scores.begin(), m_scores.end()) - kUnknownPenalty;
        if (!options.byteFallback) return;
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        for (std::size_t byte = 0; byte < m_bytes.size(); ++byte) {
            const std::string name = {'<', '0', 'x', kDigits[byte / 16], kDigits[byte % 16], '>'};
            m_bytes[byte] = m_vocabulary.idOf(name);
        }
    }

    [[nodiscard]] const Vocabulary& vocabulary() const override { return m_vocabulary; }

    void encode(std::string_view word, std::vector<std::int64_t>& ids) const override {
        const std::vector<Step> best = bestSteps(word);
        std::vector<Step> path;
        for (auto end = static_cast<std::int32_t>(word.size()); end > 0;) {
            const Step& step = best[static_cast<std::size_t>(end)];
            // What is unknown side by side is one unknown piece.
            if (step.id == m_unknown && !path.empty() && path.back().id == m_unknown) {
                path.back().begin = step.begin;
            } else {
                path.push_back({static_cast<double>(end), step.begin, step.id});
            }
            end = step.begin;
        }
        for (auto step = path.rbegin(); step != path.rend(); ++step) {
            const auto begin = static_cast<std::size_t>(step->begin);
            const auto end = static_cast<std::size_t>(step->score);
            if (step->id == m_unknown) {
                appendUnknown(word.substr(begin, end - begin), ids);
            } else {
                ids.push_back(step->id);
            }
        }
    }

private:
    struct Entry {
        std::string_view piece;
        std::int64_t id;
    };
    /// The best way to a place of the word: the piece that ends there, and the sum of all scores up to it.
    struct Step {
        double score = -std::numeric_limits<double>::infinity();
        std::int32_t begin = -1;
        std::int64_t id = -1;
    };

    /// Viterbi's algorithm, from character to character.
    [[nodiscard]] std::vector<Step> bestSteps(std::string_view word) const {
        std::vector<Step> best(word.size() + 1);
        Step* const steps = best.data();
        if (steps == nullptr) return best;  // never: GCC 12 cannot see that there is at least one
        steps[0].score = 0;
        for (std::size_t at = 0; at < word.size();) {
            const std::size_t character = characterBytes(word, at);
            const auto reach = [&](std::size_t end, double score, std::int64_t id) {
                Step& step = steps[end];
                const double sum = steps[at].score + score;
                if (step.begin < 0 || sum > step.score) step = {sum, static_cast<std::int32_t>(at), id};
            };
            bool single = false;
            eachPrefix(word.substr(at), [&](const Entry& entry) {
                reach(at + entry.piece.size(), m_scores[static_cast<std::size_t>(entry.id)], entry.id);
                single = single || entry.piece.size() == character;
            });
            if (!single) reach(at + character, m_unknownScore, m_unknown);
            at += character;
        }
        return best;
    }

    /// Calls `visit` for every piece that the text begins with, the shortest first.
    template <typename Visit>
    void eachPrefix(std::string_view text, const Visit& visit) const {
        auto first = m_sorted.begin(), last = m_sorted.end();
        for (std::size_t length = 1; length <= text.size() && first != last; ++length) {
            const std::size_t at = length - 1;
            const auto byte = static_cast<unsigned char>(text[at]);
            const auto byteOf = [at](const Entry& entry) {
                return static_cast<unsigned char>(entry.piece[at]);
            };
            // All pieces in the range share the bytes before; one that ends here comes first, and is left.
            while (first != last && first->piece.size() <= at) ++first;
            first = std::lower_bound(first, last, byte,
                                     [&](const Entry& entry, unsigned char b) { return byteOf(entry) < b; });
            last = std::upper_bound(first, last, byte,
                                    [&](unsigned char b, const Entry& entry) { return b < byteOf(entry); });
            if (first != last && first->piece.size() == length) visit(*first);
        }
    }

    void appendUnknown(std::string_view text, std::vector<std::int64_t>& ids) const {
        if (const std::int64_t itself = m_vocabulary.idOf(text); itself >= 0) {
            ids.push_back(itself);  // the unknown piece's own name, typed
            return;
        }
        const bool bytes = std::all_of(text.begin(), text.end(),
                                       [&](char c) { return m_bytes[static_cast<unsigned char>(c)] >= 0; });
        if (bytes) {
            for (const char c : text) ids.push_back(m_bytes[static_cast<unsigned char>(c)]);
        } else if (m_unknown >= 0) {
            ids.push_back(m_unknown);
        }
    }

    static constexpr std::array<std::int64_t, 256> noBytes() {
        std::array<std::int64_t, 256> none{};
        none.fill(-1);
        return none;
    }

    Vocabulary m_vocabulary;
    std::vector<double> m_scores;
    std::int64_t m_unknown;
    double m_unknownScore = 0;
    std::vector<Entry> m_sorted;
    std::array<std::int64_t, 256> m_bytes = noBytes();
};

}  // namespace

Result<std::shared_ptr<const PieceModel>> unigramModel(
    const std::vector<std::pair<std::string, double>>& pieces, const UnigramOptions& options) {
    constexpr auto tr = [](const char* text) { return translatable("core", text); };
    const auto count = static_cast<std::int64_t>(pieces.size());
    if (pieces.empty()) return fail(tr("%1: it is empty"), {"model.vocab"});
    if (options.unknown >= count || options.unknown < -1) {
        return fail(tr("model.unk_id: %1 is outside the vocabulary of %2"),
                    {std::to_string(options.unknown), std::to_string(count)});
    }
    Vocabulary vocabulary;
    std::vector<double> scores;
    for (const auto& [piece, score] : pieces) {
        const std::string place = "model.vocab[" + std::to_string(scores.size()) + "]";
        if (piece.empty() || piece.size() > kLongestPiece || !std::isfinite(score))
            return fail(tr("%1: expected a piece and its score"), {place});
        if (!vocabulary.add(piece, static_cast<std::int64_t>(scores.size())))
            return fail(tr("%1: the piece '%2' stands there twice"), {place, piece});
        scores.push_back(score);
    }
    return std::make_shared<const Unigrams>(std::move(vocabulary), std::move(scores), options);
}

}  // namespace attn
