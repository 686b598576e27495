#pragma once
/// What a picture of a query's scores, term by term, shows: the same for the window and for a figure.

#include "core/analysis/neurons.h"
#include "ui/plot/heat_map_data.h"

#include <QString>

#include <memory>
#include <vector>

namespace attn::ui {

/// A word of several pieces: lines side by side.
struct NeuronsWord {
    Index line = 0, count = 0;
    float weight = 0, kept = 0;  ///< the pieces' weights added up; without the dimensions that are off
};

struct NeuronsData {
    std::shared_ptr<const NeuronHead> head;
    std::shared_ptr<const NeuronRow> row;
    QString query;                   ///< its token
    Labels keys;                     ///< of all keys
    std::vector<Index> shown;        ///< keys that have a line, in this order
    std::vector<NeuronsWord> words;  ///< where they are asked for, in their order
    std::vector<Index> columns;      ///< dimensions, in the order in which they stand
    std::vector<bool> off;           ///< of every dimension
    bool anyOff = false;
    double factorRange = 1, termRange = 1;  ///< sizes that the ends of the diverging map mean
    double sumRange = 1;                    ///< the size of a sum that fills its bar
    QString title;
    QString scoreTitle, weightTitle;  ///< how scores and weights come about: "÷ √d_k", "softmax"

    [[nodiscard]] bool isEmpty() const { return !row || shown.empty() || columns.empty(); }
    [[nodiscard]] Index lines() const { return static_cast<Index>(shown.size()); }
    [[nodiscard]] bool isOff(Index dimension) const { return off[static_cast<std::size_t>(dimension)]; }
    [[nodiscard]] bool isMasked(Index key) const;
    /// Where everything stands is the same: the same tokens, columns and kinds of numbers.
    [[nodiscard]] bool sameFrame(const NeuronsData& other) const;
};

/// A place of the picture: a key (−1: the query's own line) and a dimension (−1: beside the strips).
struct NeuronsPlace {
    Index key = -1, dimension = -1;
    bool query = false;  ///< the line of the query
    bool terms = false;  ///< in the strip of terms, not of factors

    [[nodiscard]] bool isValid() const { return query || key >= 0; }
    bool operator==(const NeuronsPlace&) const = default;
};

/// What of it is marked.
struct NeuronsMarks {
    Index key = -1;        ///< the key that is looked at
    Index dimension = -1;  ///< under the keyboard
    NeuronsPlace hovered;
    bool focused = false;

    bool operator==(const NeuronsMarks&) const = default;
};

}  // namespace attn::ui
