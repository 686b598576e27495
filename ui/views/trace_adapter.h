#pragma once
/// Trace -> HeatMapData: the labels, ranges, marks and titles that go with a tensor's numbers.

#include "core/scene/scene.h"
#include "core/trace/trace.h"
#include "ui/model/selection.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/heat_map_data.h"

#include <QCoreApplication>
#include <QString>

#include <array>
#include <vector>

namespace attn::ui {

/// Keeps what it made: the same tokens give the same label list, the same tensor is measured once.
class TraceAdapter {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::TraceAdapter)
public:
    /// `tensor` are the numbers of `key`, or null: then everything but the numbers.
    [[nodiscard]] HeatMapData heatMap(const Trace& trace, const SiteInfo& site, const TensorKey& key,
                                      const TensorPtr& tensor, Index head, RangeMode mode);

    /// The same as it looks in the thumbnails of all heads: without this head's marks of changed numbers.
    [[nodiscard]] HeatMapData forThumbnails(HeatMapData data) const;

    /// While it is on the range only grows: what a drag does to the numbers stays visible in their colours.
    void setHoldRange(bool hold) { m_hold = hold; }

    [[nodiscard]] Labels labels(const Tokens& tokens);

private:
    struct LabelList {
        Tokens tokens;
        Labels labels;
    };
    struct Marks {
        MaskPlan plan;
        bool hideMasked = false;
        std::shared_ptr<const std::vector<std::uint8_t>> flags;
    };
    [[nodiscard]] Labels axisLabels(const Trace& trace, const TensorKey& key, Axis axis);
    [[nodiscard]] ValueRange range(const TensorKey& key, const TensorPtr& tensor, RangeMode mode);
    [[nodiscard]] std::shared_ptr<const std::vector<std::uint8_t>> marks(const MaskPlan& plan,
                                                                         bool hideMasked);

    using Flags = std::shared_ptr<const std::vector<std::uint8_t>>;
    /// The marks of the mask and those of a head's changed numbers.
    struct EditMarks {
        Flags base, flags;
        std::vector<MatrixCell> cells;
        std::array<Index, 2> size{};
    };
    [[nodiscard]] Flags withEdits(const Flags& base, const Trace& trace, const TensorKey& key,
                                  const HeatMapData& data);

    std::array<LabelList, 2> m_labels;
    std::size_t m_oldest = 0;
    Marks m_marks;
    EditMarks m_editMarks;
    Flags m_withoutEdits;  ///< of what was made last
    TensorPtr m_measured;
    ValueRange m_measuredRange;
    TensorKey m_heldKey;
    ValueRange m_held;
    bool m_hold = false;
};

/// "pattern, head 3"; where heads share keys and values, which of them the matrix belongs to.
[[nodiscard]] QString headTitle(const QString& tensor, const SiteInfo& site, Index tensorHeads, Index head);

/// What a trained model's card calls a head: "Previous token (taught)"; empty: nothing.
[[nodiscard]] QString headName(const Trace& trace, const SiteInfo& site, Index head);
/// The same with its explanation, for a tool tip.
[[nodiscard]] QString headStory(const Trace& trace, const SiteInfo& site, Index head);

/// Which of a tensor's matrices have numbers that were set by hand; empty: none.
[[nodiscard]] std::vector<bool> editedHeads(const Trace& trace, const TensorKey& key, Index heads);

/// True for tensors of queries × keys: scores and pattern.
[[nodiscard]] bool isTokenByToken(const TensorKey& key);

/// Where a selected cell lies in a tensor of this shape; row −1 or column −1 where the selection does not
/// say. Of a tensor of tokens × dimensions the column is the dimension, 0 unless one was chosen.
[[nodiscard]] MatrixCell matrixCell(const TensorKey& key, Index rows, Index columns, const Cell& cell);
/// The selection that a cell of a tensor means; what the tensor does not say is taken from `before`.
[[nodiscard]] Cell selectionCell(const TensorKey& key, const MatrixCell& cell, const Cell& before);

// The same between the tokens that the selection points at and the places where a trace shows them
// (core/analysis/token_view.h); of a trace as it was computed both are one.

/// Where selected tokens are shown along a tensor; −1: hidden, or not chosen.
[[nodiscard]] Cell placesOf(const Trace& trace, const TensorKey& key, const Cell& tokens);
/// The tokens that places of a tensor mean: those of `before` where they are among them, else the first ones.
[[nodiscard]] Cell tokensOf(const Trace& trace, const TensorKey& key, const Cell& places, const Cell& before);
[[nodiscard]] MatrixCell matrixCell(const Trace& trace, const TensorKey& key, Index rows, Index columns,
                                    const Cell& cell);
[[nodiscard]] Cell selectionCell(const Trace& trace, const TensorKey& key, const MatrixCell& cell,
                                 const Cell& before);

}  // namespace attn::ui
