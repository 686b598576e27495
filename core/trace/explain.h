#pragma once
/// The arithmetic of one cell of a trace as data: what was multiplied, added and divided to get this number.
///
/// Explanations read the trace: their factors are the trace's own numbers, sums are worked out again in
/// double. A test holds every result against the tensor's entry.

#include "core/trace/trace.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace attn {

/// What a word in a sentence stands for; views give each its colour.
enum class Part : std::uint8_t { None, Query, Key, Value, Output };

/// A sentence marked for translation with tokens or numbers in the places of %1, %2 …
struct Sentence {
    const char* text = "";
    std::vector<std::string> arguments;  ///< tokens as displayText shows them
    std::vector<Part> parts;             ///< one for each argument
};

/// One summand of a sum.
struct ExplainedTerm {
    Index index = 0;             ///< the dimension, key or hidden unit it belongs to
    double left = 0, right = 0;  ///< its factors, see TermForm
    double value = 0;
};

enum class TermForm : std::uint8_t {
    Product,       ///< left × right
    WeightedTanh,  ///< left × tanh(right)
    Addend,        ///< the value itself
};

/// What runs along the terms of a sum.
enum class TermAxis : std::uint8_t {
    Dimension,      ///< numbers of a vector
    Key,            ///< keys: labelled with their tokens
    Hidden,         ///< hidden units of the additive score
    HeadDimension,  ///< numbers of all heads side by side: head = index / perHead
    Named,          ///< few, with names of their own (`termNames`)
};

/// One key's way through the softmax of a row.
struct KeyWeight {
    double score = 0;        ///< −∞ where masked
    double exponential = 0;  ///< exp(score − max); with the hard normaliser 1 for the largest, else 0
    double weight = 0;       ///< exponential ÷ Σ
};

/// A formula with numbers: texts and numbers in turn, "11.653", " ÷ √16 = ", "2.913".
using ExpressionPiece = std::variant<std::string, double>;

struct ExplanationStep {
    enum class Kind : std::uint8_t {
        Sum,      ///< terms
        Formula,  ///< expression
        Note,     ///< note alone
        Softmax,  ///< keys
        Vector,   ///< vector, and terms: what the chosen key adds to each of its numbers
    };
    Kind kind = Kind::Note;
    std::string symbols;  ///< heading: "q · k", "÷ √dₖ"
    double result = 0;    ///< what the next step goes on with; −∞ for masked

    TermForm form = TermForm::Product;
    TermAxis axis = TermAxis::Dimension;
    std::string leftName, rightName;  ///< of the factors: "q", "k"
    std::vector<ExplainedTerm> terms;
    std::vector<std::string> termNames;
    Index perHead = 0;

    std::vector<ExpressionPiece> expression;
    Sentence note;  ///< one line in words; empty text: none

    std::vector<KeyWeight> keys;
    double largest = 0, sum = 0;  ///< of the scores; of the exponentials

    std::vector<float> vector;
};

struct Explanation {
    TensorKey tensor;
    Index head = 0, row = 0, column = 0;
    Sentence headline;             ///< "%1 attends to %2"
    double value = 0;              ///< the entry; −∞ for masked
    std::optional<double> before;  ///< set by hand: what the arithmetic gives; empty where that is missing
    Quantity quantity = Quantity::Signed;
    std::vector<ExplanationStep> steps;
    std::vector<EntryPtr>
        missing;  ///< what it wanted to read and nobody has asked for yet: ask, explain again
};

/// The arithmetic of one entry of a tensor of this site or of the whole model; nothing where there is no such
/// entry. Never works out a recipe: what it needs of scores and scores_scaled it derives from scores_raw. O(d
/// + Tk·d_v).
[[nodiscard]] std::optional<Explanation> explain(const Trace& trace, const SiteInfo& site,
                                                 const TensorKey& tensor, Index head, Index row,
                                                 Index column);

}  // namespace attn
