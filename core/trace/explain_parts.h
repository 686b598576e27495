#pragma once
/// What the explanations of scores and those of projections share; not for use outside core/trace/explain*.

#include "core/text/tokenizer.h"
#include "core/trace/explain.h"

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace attn::explaining {

inline constexpr double kMaskedScore = -std::numeric_limits<double>::infinity();

/// One entry of a tensor of one site and how to read the others it came from.
struct Cell {
    const Trace& trace;
    const SiteInfo& site;
    EffectiveParameters p;
    TensorName name;
    std::string scope;
    Index head, row, column;
    std::vector<EntryPtr>* missing;  ///< what the arithmetic wanted and was not there

    [[nodiscard]] TensorPtr tensor(TensorName other) const { return tensorOf(site.name, other); }
    [[nodiscard]] TensorPtr tensorOf(const std::string& where, TensorName other) const {
        return numbersOf(trace.find({where, other}));
    }
    [[nodiscard]] TensorPtr numbersOf(const EntryPtr& entry) const {
        TensorPtr numbers = entry ? entry->peek() : nullptr;
        if (entry && !numbers) missing->push_back(entry);
        return numbers;
    }
    [[nodiscard]] Index kvHead() const {
        return site.kvHeads > 0 && site.heads > site.kvHeads ? head / (site.heads / site.kvHeads) : head;
    }
    /// Where keys and values come from: another sequence, or the block's own input.
    [[nodiscard]] TensorPtr keysFrom() const { return tensorOf(site.keySource.scope, site.keySource.name); }
    [[nodiscard]] static std::string token(const Tokens& tokens, Index i) {
        return static_cast<std::size_t>(i) < tokens.items.size()
                   ? displayText(tokens.items[static_cast<std::size_t>(i)].text)
                   : std::to_string(i);
    }
    [[nodiscard]] std::string queryToken(Index i) const { return token(trace.queryTokens(site), i); }
    [[nodiscard]] std::string keyToken(Index i) const { return token(trace.keyTokens(site), i); }
};

[[nodiscard]] inline double at(const TensorPtr& tensor, Index head, Index row, Index column) {
    return static_cast<double>(tensor->at(head, row, column));
}

/// A sum of products that is still empty: what its factors are called.
[[nodiscard]] ExplanationStep sumStep(std::string symbols, std::string left, std::string right);
/// A few named summands.
[[nodiscard]] ExplanationStep sumOf(std::vector<std::pair<std::string, double>> summands);
/// A sentence in place of arithmetic.
[[nodiscard]] ExplanationStep noteStep(std::string symbols, const char* text, double value);
/// concat(z) · W_O for a row of z. `weight(head, dimension)`: W_O's entry in the column that is asked for.
[[nodiscard]] ExplanationStep outputSum(const TensorPtr& z, Index row,
                                        const std::function<double(Index, Index)>& weight);

/// Adds left × right and its index to a sum.
inline void addProduct(ExplanationStep& step, Index index, double left, double right) {
    step.terms.push_back({index, left, right, left * right});
    step.result += left * right;
}

/// The step of an entry (row, column) that was set by hand; what the steps before it say is what the
/// arithmetic gives. False: it was not.
bool addSetByHand(const Cell& cell, const TensorKey& tensor, Index head, Explanation& explanation);
/// The same for a weight, after its softmax: also of a row in which others were set.
void addPatternEdits(const Cell& cell, Explanation& explanation);

/// What stands around attention in a trained model. `value`: the entry, where it is known.
void explainTrained(const Cell& cell, double value, Explanation& explanation);

/// scores_raw, scores_scaled, scores, pattern and z of a cell.
void explainScores(const Cell& cell, Explanation& explanation);
void explainWeightedValue(const Cell& cell, Explanation& explanation);

}  // namespace attn::explaining
