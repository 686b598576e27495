#include "ui/views/trace_adapter.h"

#include "tests/ui/views/view_fixture.h"

namespace attn::ui {
namespace {

const TensorKey kPattern{"blocks.0", TensorName::Pattern};
const TensorKey kQ{"blocks.0", TensorName::Q};
const TensorKey kV{"blocks.0", TensorName::V};

TensorPtr numbersOf(const Trace& trace, const TensorKey& key) {
    return trace.find(key)->get();
}

TEST(TraceAdapter, GivesTokensAsLabelsAndOneRangeForAllHeads) {
    const TracePtr trace = traceOf(exampleScene().inputs);
    TraceAdapter adapter;
    const TensorPtr pattern = numbersOf(*trace, kPattern);
    const HeatMapData first =
        adapter.heatMap(*trace, trace->sites().front(), kPattern, pattern, 0, RangeMode::Shared);
    const HeatMapData second =
        adapter.heatMap(*trace, trace->sites().front(), kPattern, pattern, 1, RangeMode::Shared);
    EXPECT_EQ(first.rowLabel(7), QStringLiteral("it"));
    EXPECT_EQ(first.columnLabel(1), QStringLiteral("animal"));
    EXPECT_EQ(first.range, second.range);
    EXPECT_EQ(first.range.low, 0);
    EXPECT_FLOAT_EQ(static_cast<float>(first.range.high), pattern->stacked().maxCoeff());
    EXPECT_TRUE(first.squareCells);
    EXPECT_EQ(first.rows, second.rows) << "the same tokens share one list";

    const HeatMapData unit =
        adapter.heatMap(*trace, trace->sites().front(), kPattern, pattern, 0, RangeMode::Unit);
    EXPECT_EQ(unit.range, (ValueRange{0, 1}));
    const HeatMapData q =
        adapter.heatMap(*trace, trace->sites().front(), kQ, numbersOf(*trace, kQ), 0, RangeMode::Unit);
    EXPECT_EQ(q.range.low, -q.range.high) << "0 to 1 is for probabilities alone";
    EXPECT_EQ(q.columnLabel(3), QStringLiteral("3"));
}

TEST(TraceAdapter, TheRangeOnlyGrowsWhileItIsHeld) {
    const TracePtr sharp = traceOf(exampleScene({{"temperature", "0.3"}}).inputs);
    const TracePtr flat = traceOf(exampleScene({{"temperature", "5"}}).inputs);
    const TracePtr hard = traceOf(exampleScene({{"temperature", "0.01"}}).inputs);
    const auto rangeIn = [](TraceAdapter& adapter, const TracePtr& trace) {
        return adapter
            .heatMap(*trace, trace->sites().front(), kPattern, numbersOf(*trace, kPattern), 0,
                     RangeMode::Shared)
            .range;
    };
    TraceAdapter adapter;
    const ValueRange start = rangeIn(adapter, sharp);
    adapter.setHoldRange(true);
    EXPECT_EQ(rangeIn(adapter, flat), start);
    const ValueRange grown = rangeIn(adapter, hard);
    EXPECT_GT(grown.high, start.high);
    EXPECT_EQ(rangeIn(adapter, flat), grown);
    adapter.setHoldRange(false);
    EXPECT_LT(rangeIn(adapter, flat).high, start.high);
}

TEST(TraceAdapter, MarksMaskedAndPaintedCells) {
    Scene scene = exampleScene({{"mask", "causal"}});
    scene.inputs.painted.push_back({"blocks.0", 0, 5, "The", "street", true});
    const TracePtr trace = traceOf(scene.inputs);
    TraceAdapter adapter;
    const HeatMapData data = adapter.heatMap(*trace, trace->sites().front(), kPattern,
                                             numbersOf(*trace, kPattern), 0, RangeMode::Shared);
    EXPECT_TRUE(data.isMasked(0, 1));
    EXPECT_FALSE(data.isMasked(0, 0));
    EXPECT_FALSE(data.isMasked(0, 5));
    ASSERT_TRUE(data.flags);
    EXPECT_EQ((*data.flags)[5], kCellByHand);
    const HeatMapData again = adapter.heatMap(*trace, trace->sites().front(), kPattern,
                                              numbersOf(*trace, kPattern), 0, RangeMode::Shared);
    EXPECT_TRUE(again == data) << "nothing new, nothing to repaint";
}

TEST(TraceAdapter, SelectionAndMatrixCellsMeanTheSame) {
    EXPECT_EQ(matrixCell(kPattern, 11, 11, {7, 1}), (MatrixCell{7, 1}));
    EXPECT_EQ(matrixCell(kQ, 11, 16, {7, 1, 3}), (MatrixCell{7, 3}));
    EXPECT_EQ(matrixCell(kV, 11, 16, {7, 1, 3}), (MatrixCell{1, 3}));
    EXPECT_EQ(matrixCell(kQ, 11, 16, {7, 1}), (MatrixCell{7, 0}))
        << "the first number until another is chosen";
    EXPECT_FALSE(matrixCell(kPattern, 11, 11, {7, -1}).isValid());
    EXPECT_FALSE(matrixCell(kPattern, 5, 5, {7, 1}).isValid());
    EXPECT_EQ(selectionCell(kV, {2, 4}, {7, 1}), (Cell{7, 2, 4})) << "the query stays";
    EXPECT_EQ(selectionCell(kPattern, {3, 5}, {7, 1, 9}), (Cell{3, 5, 9}));
}

}  // namespace
}  // namespace attn::ui
