#pragma once
/// What a picture of links shows, as plain data: the same for the window and for a figure.

#include "core/scene/scene.h"
#include "ui/plot/heat_map_data.h"

#include <QString>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace attn::ui {

/// In the order of LinksView::kArrangements.
enum class LinksArrangement : std::uint8_t {
    Columns,  ///< queries on the left, keys on the right
    Rows,     ///< queries above, keys below: for long lines of short tokens
    Arcs,     ///< over and under one line of text; of two sequences, keys and then queries
};
inline constexpr auto kLinksArrangements = LinksView::kArrangements;

/// A link as it is drawn: the heavier, the wider and the more opaque.
struct LinkLine {
    Index query = 0, key = 0;
    double weight = 0;  ///< 0 … 1
    int color = 0;      ///< a slot of the palette's series; −1: none of the eight, grey

    bool operator==(const LinkLine&) const = default;
};

/// What a colour means.
struct LinksLegendItem {
    QString name;
    int color = 0;

    bool operator==(const LinksLegendItem&) const = default;
};

struct LinksData {
    LinksArrangement arrangement = LinksArrangement::Columns;
    Labels queries, keys;
    bool oneSequence = true;      ///< queries and keys are the same tokens
    std::vector<LinkLine> lines;  ///< the strongest first
    QString title, queryTitle, keyTitle;
    std::vector<LinksLegendItem> legend;  ///< below the picture; empty: none

    [[nodiscard]] Index queryCount() const { return queries ? queries->size() : 0; }
    [[nodiscard]] Index keyCount() const { return keys ? keys->size() : 0; }
    [[nodiscard]] bool isEmpty() const { return queryCount() == 0 || keyCount() == 0; }
    bool operator==(const LinksData& other) const;
    /// All but the lines is the same: every token stays where it is.
    [[nodiscard]] bool sameTokens(const LinksData& other) const;
};

/// A token of one side.
struct LinksToken {
    enum class Side : std::uint8_t { Query, Key };
    Side side = Side::Query;
    Index index = -1;

    [[nodiscard]] bool isValid() const { return index >= 0; }
    bool operator==(const LinksToken&) const = default;
};

/// What one token links to: drawn in full while all else fades, with the weights written beside the tokens
/// at the other end.
struct LinksFocus {
    LinksToken token;
    std::optional<Index> other;  ///< a token at the other end that is marked too
    std::vector<LinkLine> lines;
    std::vector<float> weights;  ///< of every token at the other end: the mean over the shown heads

    bool operator==(const LinksFocus&) const = default;
};

}  // namespace attn::ui
