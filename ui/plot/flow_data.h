#pragma once
/// What a picture of one token's way through the layers shows, as plain data: the same for the window and for
/// a figure.

#include <QString>

#include <vector>

namespace attn::ui {

/// A token of the lane on the left, whose values heads read, a word, or all hidden tokens together.
struct FlowToken {
    QString label;
    int index = 0;         ///< its place in its sequence, as that is shown; −1: the hidden ones
    bool other = false;    ///< of the other sequence: cross-attention reads it
    bool isQuery = false;  ///< the one whose way is shown

    [[nodiscard]] bool isHidden() const { return index < 0; }
    bool operator==(const FlowToken&) const = default;
};

/// What a head reads of a token.
struct FlowFeed {
    int token = 0;  ///< its place in the lane
    double norm = 0;

    bool operator==(const FlowFeed&) const = default;
};

/// A vector that is written to the stream.
struct FlowNode {
    QString label;
    int head = -1;  ///< −1: none, or several
    double norm = 0, projection = 0;
    bool off = false;
    std::vector<FlowFeed> feeds;

    bool operator==(const FlowNode&) const = default;
};

/// One place where the stream is written to.
struct FlowStage {
    QString label;  ///< "layer 3" where a block begins; else empty
    QString site;
    bool carries = true;           ///< what was there before goes on
    double before = 0, after = 0;  ///< norms of the stream
    std::vector<FlowNode> left;    ///< heads, the strongest first, then the others together
    std::vector<FlowNode> right;   ///< bias, MLP, norm

    bool operator==(const FlowStage&) const = default;
};

/// A token of the lane, or a vector; of neither: nothing.
struct FlowItem {
    int token = -1;
    int stage = -1, node = -1;
    bool right = false;

    [[nodiscard]] bool isToken() const { return token >= 0; }
    [[nodiscard]] bool isNode() const { return stage >= 0; }
    [[nodiscard]] bool isValid() const { return isToken() || isNode(); }
    bool operator==(const FlowItem&) const = default;
};

struct FlowData {
    QString title;
    QString tokensTitle, headsTitle, streamTitle, restTitle;  ///< above the lanes
    QString otherTitle;              ///< above the tokens of the other sequence; empty: there are none
    QString along, against, scales;  ///< what the colours and the widths mean
    std::vector<FlowToken> tokens;
    std::vector<FlowStage> stages;  ///< from the first, which is drawn lowest
    FlowItem selected;              ///< the selected head; marked

    [[nodiscard]] bool isEmpty() const { return stages.empty(); }
    [[nodiscard]] const FlowNode& node(const FlowItem& item) const {
        const FlowStage& stage = stages[static_cast<std::size_t>(item.stage)];
        return (item.right ? stage.right : stage.left)[static_cast<std::size_t>(item.node)];
    }
    bool operator==(const FlowData&) const = default;
};

}  // namespace attn::ui
