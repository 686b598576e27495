#include "core/analysis/layered_flow.h"

#include <algorithm>
#include <cassert>

namespace attn {
namespace {

constexpr double kNone = 1e-12;

}  // namespace

LayeredFlow::LayeredFlow(const std::vector<Matrix>& layers)
    : m_width(layers.empty() ? 0 : static_cast<std::size_t>(layers.front().rows())), m_layers(layers.size()) {
    m_capacity.reserve(m_layers * m_width * m_width);
    for (const Matrix& layer : layers) {
        assert(layer.rows() == layers.front().rows() && layer.cols() == layer.rows());
        for (Index i = 0; i < layer.size(); ++i) m_capacity.push_back(static_cast<double>(layer.data()[i]));
    }
}

/// Nodes of level 0 are the inputs, those of level m_layers the sources. Arcs of layer l lead from level l +
/// 1 to level l.
bool LayeredFlow::measureDistances() {
    std::fill(m_distance.begin(), m_distance.end(), -1);
    m_queue.clear();
    const auto reach = [&](std::size_t level, std::size_t index, int distance) {
        int& known = m_distance[node(level, index)];
        if (known >= 0) return;
        known = distance;
        m_queue.push_back(node(level, index));
    };
    reach(m_layers, m_source, 0);
    for (std::size_t next = 0; next < m_queue.size(); ++next) {
        const std::size_t level = m_queue[next] / m_width, index = m_queue[next] % m_width;
        if (level == 0 && index == m_target) return true;
        const int distance = m_distance[m_queue[next]] + 1;
        for (std::size_t other = 0; other < m_width; ++other) {
            if (level > 0 && m_down[arc(level - 1, index, other)] > kNone) reach(level - 1, other, distance);
            if (level < m_layers && m_up[arc(level, index, other)] > kNone) reach(level + 1, other, distance);
        }
    }
    return false;
}

double LayeredFlow::pushOver(double& forth, double& back, std::size_t level, std::size_t index, double most) {
    const double pushed = push(level, index, std::min(most, forth));
    forth -= pushed;
    back += pushed;
    return pushed;
}

double LayeredFlow::push(std::size_t level, std::size_t index, double most) {
    if (level == 0 && index == m_target) return most;
    const std::size_t here = node(level, index);
    const int beyond = m_distance[here] + 1;
    double pushed = 0;
    // Arcs 0 … T − 1 lead down, T … 2T − 1 up.
    for (std::size_t& next = m_next[here]; next < 2 * m_width; ++next) {
        const bool down = next < m_width;
        const std::size_t other = down ? next : next - m_width;
        if (down ? level == 0 : level == m_layers) continue;
        const std::size_t there = down ? level - 1 : level + 1;
        if (m_distance[node(there, other)] != beyond) continue;
        double& forth = down ? m_down[arc(there, index, other)] : m_up[arc(level, index, other)];
        if (forth <= kNone) continue;
        double& back = down ? m_up[arc(there, other, index)] : m_down[arc(level, other, index)];
        pushed += pushOver(forth, back, there, other, most - pushed);
        if (most - pushed <= kNone) return pushed;  // this arc may have more to give
    }
    return pushed;
}

double LayeredFlow::maximum(Index source, Index target) {
    assert(source >= 0 && static_cast<std::size_t>(source) < m_width && m_layers > 0);
    assert(target >= 0 && static_cast<std::size_t>(target) < m_width);
    m_source = static_cast<std::size_t>(source);
    m_target = static_cast<std::size_t>(target);
    m_down = m_capacity;
    m_up.assign(m_capacity.size(), 0);
    m_distance.resize((m_layers + 1) * m_width);
    m_next.resize(m_distance.size());
    // No more than leaves the source or reaches the target.
    double leaves = 0, arrives = 0;
    for (std::size_t other = 0; other < m_width; ++other) {
        leaves += m_capacity[arc(m_layers - 1, m_source, other)];
        arrives += m_capacity[arc(0, other, m_target)];
    }
    const double bound = std::min(leaves, arrives);
    double total = 0;
    while (bound - total > kNone && measureDistances()) {
        std::fill(m_next.begin(), m_next.end(), std::size_t{0});
        total += push(m_layers, m_source, bound - total);
    }
    return total;
}

}  // namespace attn
