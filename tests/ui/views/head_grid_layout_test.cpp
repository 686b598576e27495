#include "ui/views/head_grid_layout.h"

#include <gtest/gtest.h>

namespace attn::ui {
namespace {

HeadGridSpec specOf(int layers, int heads, QSize viewport, double zoom = 0) {
    HeadGridSpec spec;
    spec.heads.assign(static_cast<std::size_t>(layers), heads);
    spec.mlps.assign(static_cast<std::size_t>(layers), 1);
    spec.viewport = viewport;
    spec.zoom = zoom;
    return spec;
}

TEST(HeadGridLayout, EverythingFitsAndNothingOverlaps) {
    for (const auto& [layers, heads] :
         {std::pair(1, 1), std::pair(1, 4), std::pair(12, 12), std::pair(6, 32)}) {
        const HeadGridLayout layout(specOf(layers, heads, {1000, 640}));
        ASSERT_EQ(layout.cells().size(), static_cast<std::size_t>(layers * heads));
        EXPECT_LE(layout.size().width(), 1000) << layers;
        EXPECT_LE(layout.size().height(), 640) << layers;
        EXPECT_GE(layout.edge(), HeadGridLayout::kLeastEdge);
        std::vector<HeadGridLayout::Cell> all = layout.cells();
        all.insert(all.end(), layout.mlps().begin(), layout.mlps().end());
        for (std::size_t i = 0; i < all.size(); ++i) {
            EXPECT_TRUE(QRect(QPoint(), layout.size()).contains(all[i].rect));
            EXPECT_EQ(layout.at(all[i].rect.center()), all[i].place);
            EXPECT_EQ(layout.rect(all[i].place), all[i].rect);
            for (std::size_t j = 0; j < i; ++j) ASSERT_FALSE(all[i].rect.intersects(all[j].rect));
        }
    }
}

TEST(HeadGridLayout, FewHeadsUseALargeWindow) {
    HeadGridSpec spec = specOf(1, 4, {1900, 1100});
    spec.mlps = {0};
    EXPECT_EQ(HeadGridLayout(spec).edge(), HeadGridLayout::kLargestFittedEdge);
    spec.viewport = {760, 520};
    const int edge = HeadGridLayout(spec).edge();
    EXPECT_GT(4 * edge, 600) << "as wide as the room";
    EXPECT_LT(4 * edge, 760);
}

TEST(HeadGridLayout, ZoomedItIsLargerThanItsRoom) {
    const HeadGridLayout layout(specOf(12, 12, {800, 600}, 200));
    EXPECT_EQ(layout.edge(), 200);
    EXPECT_GT(layout.size().width(), 12 * 200);
    EXPECT_EQ(HeadGridLayout(specOf(2, 2, {800, 600}, 1e6)).edge(), HeadGridLayout::kLargestEdge);
    EXPECT_EQ(HeadGridLayout(specOf(64, 64, {300, 200})).edge(), HeadGridLayout::kLeastEdge);
}

TEST(HeadGridLayout, NeighboursAndSwitches) {
    HeadGridSpec spec = specOf(3, 4, {800, 600});
    spec.heads[1] = 2;  // as in a model whose layers differ
    const HeadGridLayout layout(spec);
    EXPECT_EQ(layout.neighbour({0, 0}, 0, 1), (HeadPlace{0, 1}));
    EXPECT_EQ(layout.neighbour({0, 3}, 0, 1), (HeadPlace{0, 3}));
    EXPECT_EQ(layout.neighbour({0, 3}, 1, 0), (HeadPlace{1, 1}));
    EXPECT_EQ(layout.neighbour({0, 0}, -1, 0), (HeadPlace{0, 0}));
    EXPECT_EQ(layout.neighbour({9, 9}, 1, 0), (HeadPlace{0, 0})) << "what is not there begins anew";
    EXPECT_TRUE(layout.rect({1, 1}).contains(layout.toggleRect({1, 1})));
    EXPECT_TRUE(layout.toggleRect({1, 3}).isNull());
    for (int site = 0; site < 3; ++site) EXPECT_EQ(layout.siteAt(layout.siteToggleRect(site).center()), site);
}

TEST(HeadGridLayout, SortedItWraps) {
    HeadGridSpec spec = specOf(4, 8, {500, 400});
    for (int i = 31; i >= 0; --i) spec.order.push_back({i / 8, i % 8});
    const HeadGridLayout layout(spec);
    ASSERT_TRUE(layout.wrapped());
    EXPECT_LE(layout.size().height(), 400);
    EXPECT_EQ(layout.cells().front().place, (HeadPlace{3, 7}));
    EXPECT_EQ(layout.neighbour({3, 7}, 0, 1), (HeadPlace{3, 6}));
    EXPECT_EQ(layout.neighbour({3, 7}, 1, 0), spec.order[static_cast<std::size_t>(layout.columns())]);
    EXPECT_TRUE(layout.mlps().empty());
}

}  // namespace
}  // namespace attn::ui
