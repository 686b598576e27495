#include "ui/plot/heat_map_layout.h"

#include "tests/ui/plot/synthetic.h"

#include <QFontMetricsF>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

using test::labelsOf;
using test::probabilities;

struct Case {
    Index rows, columns;
    QSizeF size;
    double zoom;
    QStringList words;
    bool square;
};

std::vector<Case> cases() {
    const QStringList latin = test::sentence();
    const QStringList mixed{QStringLiteral("我"), QStringLiteral("酸菜鱼"), QStringLiteral("שלום"),
                            QStringLiteral("a token that is very much longer than any word"), QString()};
    std::vector<Case> all;
    for (const Index n : {1, 2, 3, 5, 8, 11, 16, 24, 33, 64, 100, 300, 1024})
        for (const QSizeF size : {QSizeF(220, 180), QSizeF(560, 480), QSizeF(760, 560), QSizeF(1800, 1000)})
            for (const double zoom : {0.5, 1.0, 2.5})
                for (const QStringList& words : {latin, mixed}) {
                    all.push_back({n, n, size, zoom, words, true});
                    all.push_back({3, n, size, zoom, words, true});
                    all.push_back({n, 17, size, zoom, words, false});
                }
    return all;
}

/// How far apart the boxes of two neighbouring labels are along their axis, less what they need.
void expectApart(const LabelPlan& plan, double cell, const char* what) {
    const double height = 0.98 * QFontMetricsF(plan.font).capHeight() * 1.35;
    for (std::size_t i = 1; i < plan.items.size(); ++i) {
        const double distance = static_cast<double>(plan.items[i].index - plan.items[i - 1].index) * cell;
        switch (plan.mode) {
            case LabelMode::Horizontal: {
                const double needed = (plan.items[i].width + plan.items[i - 1].width) / 2;
                ASSERT_GE(distance,
                          plan.items[i].width > 0 && plan.extent > 0 && what[0] == 'c' ? needed : height)
                    << what;
                break;
            }
            case LabelMode::Diagonal:
                ASSERT_GE(distance * 0.7071, height) << what;
                break;
            case LabelMode::Vertical:
                ASSERT_GE(distance, height) << what;
                break;
        }
    }
}

TEST(HeatMapLayout, LabelsNeverOverlapAndNothingLeavesTheArea) {
    for (const Case& c : cases()) {
        HeatMapData data = probabilities(c.rows, c.columns);
        data.rows = labelsOf(c.rows, c.words);
        data.columns = c.square ? labelsOf(c.columns, c.words) : nullptr;
        data.squareCells = c.square;
        LayoutOptions options;
        options.area = QRectF(QPointF(10, 20), c.size);
        options.zoom = c.zoom;
        const HeatMapLayout layout = layOut(data, options);
        SCOPED_TRACE(testing::Message() << c.rows << "×" << c.columns << " in " << c.size.width() << "×"
                                        << c.size.height() << " zoom " << c.zoom);
        if (layout.cellWidth * static_cast<double>(c.columns) < 2)
            continue;  // no room for anything at this zoom
        expectApart(layout.columns, layout.cellWidth, "columns");
        expectApart(layout.rows, layout.cellHeight, "rows");
        for (const LabelPlan::Item& item : layout.rows.items) EXPECT_LE(item.width, layout.rows.limit + 0.5);
        // Labels take at most their share, so all of it fits wherever the area is not tiny for its zoom.
        if (c.size.width() / c.zoom < 500 || c.size.height() / c.zoom < 400) continue;
        EXPECT_GE(layout.cells.left() - layout.labelGap - layout.rows.extent, options.area.left() - 1);
        EXPECT_GE(layout.cells.top() - layout.labelGap - layout.columns.extent, options.area.top() - 1);
        EXPECT_LE(layout.cells.bottom(), options.area.bottom() + 1);
        EXPECT_LE(layout.cells.right() + layout.columns.overhang, options.area.right() + 1);
        EXPECT_LE(layout.colorBar.right() + 6 * c.zoom + layout.legendText, options.area.right() + 1);
    }
}

TEST(HeatMapLayout, TokensAgainstTokensAreSquare) {
    LayoutOptions options;
    options.area = QRectF(0, 0, 760, 560);
    for (const Index n : {1, 2, 11, 64, 300}) {
        const HeatMapLayout layout = layOut(probabilities(n, n), options);
        EXPECT_DOUBLE_EQ(layout.cellWidth, layout.cellHeight) << n;
    }
    // Three queries and three hundred keys stretch instead of vanishing.
    const HeatMapLayout flat = layOut(probabilities(3, 300), options);
    EXPECT_GT(flat.cellHeight, 3 * flat.cellWidth);
}

TEST(HeatMapLayout, TheRangeDoesNotMoveAnything) {
    LayoutOptions options;
    options.area = QRectF(0, 0, 760, 560);
    HeatMapData data = test::causalScores(11);
    const HeatMapLayout before = layOut(data, options);
    data.range = {-13.25, 13.25};
    const HeatMapLayout after = layOut(data, options);
    EXPECT_EQ(before.cells, after.cells);
    EXPECT_EQ(before.colorBar, after.colorBar);
}

TEST(HeatMapLayout, CellsAndPixelsAgree) {
    LayoutOptions options;
    options.area = QRectF(0, 0, 760, 560);
    const HeatMapLayout layout = layOut(probabilities(64, 64), options);
    for (Index i = 0; i < 64; ++i) {
        const QPointF centre = layout.cellRect(i, 63 - i).center();
        EXPECT_EQ(layout.rowAt(centre.y()), i);
        EXPECT_EQ(layout.columnAt(centre.x()), 63 - i);
    }
    EXPECT_EQ(layout.rowAt(layout.cells.top() - 1), -1);
    EXPECT_EQ(layout.columnAt(layout.cells.right() + 1), -1);
}

TEST(HeatMapLayout, FitsAroundCellsOfAGivenSize) {
    const HeatMapLayout layout = layOutAt(probabilities(11, 11), {}, {40, 40}, {100, 200});
    EXPECT_EQ(layout.cells, QRectF(100, 200, 440, 440));
    EXPECT_GT(layout.frame.left(), layout.rows.extent);
    EXPECT_GT(layout.frame.top(), layout.columns.extent);
    EXPECT_EQ(layout.columns.step, 1);
}

TEST(HeatMapLayout, AnEmptyMatrixHasNoPlace) {
    LayoutOptions options;
    options.area = QRectF(0, 0, 760, 560);
    EXPECT_TRUE(layOut({}, options).isEmpty());
    EXPECT_TRUE(layOut(probabilities(0, 0), options).isEmpty());
    options.area = {};
    EXPECT_TRUE(layOut(probabilities(3, 3), options).isEmpty());
}

}  // namespace
}  // namespace attn::ui
