// The maximum flow against the smallest cut, found by trying all of them, and on graphs whose answer is
// known.
#include "core/analysis/layered_flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>

namespace attn {
namespace {

std::vector<Matrix> randomLayers(Index layers, Index width, std::uint32_t seed, std::uint32_t zeros) {
    std::mt19937 random(seed);
    std::vector<Matrix> out;
    for (Index l = 0; l < layers; ++l) {
        Matrix capacities(width, width);
        for (Index i = 0; i < capacities.size(); ++i) {
            const auto draw = static_cast<std::uint32_t>(random() % 100U);
            capacities.data()[i] = draw < zeros ? 0.0F : static_cast<float>(draw) / 100.0F;
        }
        out.push_back(capacities);
    }
    return out;
}

/// The smallest capacity that leads out of a set of nodes with the source and without the target.
double smallestCut(const std::vector<Matrix>& layers, Index source, Index target) {
    const auto width = static_cast<std::uint32_t>(layers.front().rows());
    const auto nodes = static_cast<std::uint32_t>(layers.size() + 1) * width;
    double smallest = std::numeric_limits<double>::infinity();
    for (std::uint32_t set = 0; set < (1U << nodes); ++set) {
        const auto has = [&](std::size_t level, Index i) {
            return (set >> (static_cast<std::uint32_t>(level) * width + static_cast<std::uint32_t>(i)) &
                    1U) != 0;
        };
        if (!has(layers.size(), source) || has(0, target)) continue;
        double cut = 0;
        for (std::size_t l = 0; l < layers.size(); ++l)
            for (Index i = 0; i < layers[l].rows(); ++i)
                for (Index j = 0; j < layers[l].cols(); ++j)
                    if (has(l + 1, i) && !has(l, j)) cut += static_cast<double>(layers[l](i, j));
        smallest = std::min(smallest, cut);
    }
    return smallest;
}

TEST(LayeredFlow, IsTheSmallestCut) {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        for (const auto& [layers, width] : {std::pair<Index, Index>{1, 4}, {3, 3}, {2, 5}, {4, 3}}) {
            const auto graph = randomLayers(layers, width, seed, seed % 3 * 25);
            LayeredFlow flow(graph);
            for (Index target = 0; target < width; ++target)
                EXPECT_NEAR(flow.maximum(seed % width, target), smallestCut(graph, seed % width, target),
                            1e-9)
                    << "seed " << seed << ", " << layers << " layers, target " << target;
        }
    }
}

TEST(LayeredFlow, OfOneLayerIsTheArc) {
    const auto graph = randomLayers(1, 6, 3, 20);
    LayeredFlow flow(graph);
    for (Index i = 0; i < 6; ++i)
        for (Index j = 0; j < 6; ++j)
            EXPECT_DOUBLE_EQ(flow.maximum(i, j), static_cast<double>(graph[0](i, j)));
}

TEST(LayeredFlow, GoesBackWhereThatHelps) {
    // The first shortest path blocks a better pair of paths unless it is taken back in part: four layers, and
    // a flow that has to be moved aside.
    Matrix top = Matrix::Zero(3, 3), middle = Matrix::Zero(3, 3), low = Matrix::Zero(3, 3);
    top(0, 0) = 1;
    top(0, 1) = 1;
    middle(0, 0) = 1;
    middle(0, 1) = 1;
    middle(1, 0) = 1;
    low(0, 2) = 1;
    low(1, 2) = 1;
    LayeredFlow flow({low, middle, top});
    EXPECT_DOUBLE_EQ(flow.maximum(0, 2), 2);
    EXPECT_DOUBLE_EQ(flow.maximum(1, 2), 0) << "nothing leaves it";
    EXPECT_DOUBLE_EQ(flow.maximum(0, 2), 2) << "one question leaves nothing behind for the next";
}

}  // namespace
}  // namespace attn
