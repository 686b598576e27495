#pragma once
/// Made-up tensors with known numbers, for tests of what is drawn.

#include "ui/plot/heat_map_data.h"

#include <cmath>
#include <functional>
#include <memory>

namespace attn::ui::test {

inline TensorPtr tensorOf(Index heads, Index rows, Index columns,
                          const std::function<float(Index, Index, Index)>& value) {
    static BufferPool pool;
    auto tensor =
        std::make_shared<Tensor>(Tensor::allocate(pool, heads, rows, columns, Tensor::Layout::HeadsFirst));
    for (Index h = 0; h < heads; ++h) {
        MatrixSpan matrix = tensor->span(h);
        for (Index i = 0; i < rows; ++i)
            for (Index j = 0; j < columns; ++j) matrix(i, j) = value(h, i, j);
    }
    return tensor;
}

/// Numbers in 0 … 1 without any order, the same on every machine.
inline float scattered(Index h, Index i, Index j) {
    const auto mixed = static_cast<std::uint32_t>(h * 7919 + i * 104729 + j * 1299709 + 17) * 2654435761U;
    return static_cast<float>(mixed >> 8U) / static_cast<float>(1U << 24U);
}

inline Labels labelsOf(Index count, const QStringList& words) {
    QStringList all;
    for (Index i = 0; i < count; ++i) all.append(words[i % words.size()]);
    return std::make_shared<const QStringList>(all);
}

inline QStringList sentence() {
    return QStringLiteral("The animal didn't cross the street because it was too tired").split(u' ');
}

inline HeatMapData probabilities(Index rows, Index columns, Index heads = 1) {
    HeatMapData data;
    data.tensor = tensorOf(heads, rows, columns, scattered);
    data.range = {0, 1};
    data.rows = labelsOf(rows, sentence());
    data.columns = labelsOf(columns, sentence());
    data.title = QStringLiteral("pattern, head 0");
    data.rowTitle = QStringLiteral("query");
    data.columnTitle = QStringLiteral("key");
    return data;
}

/// Signed numbers −2 … 2 under a causal mask.
inline HeatMapData causalScores(Index tokens) {
    HeatMapData data = probabilities(tokens, tokens);
    data.tensor = tensorOf(1, tokens, tokens, [](Index h, Index i, Index j) {
        return j > i ? -INFINITY : 4 * scattered(h, i, j) - 2;
    });
    data.quantity = Quantity::Signed;
    data.range = {-2, 2};
    return data;
}

}  // namespace attn::ui::test
