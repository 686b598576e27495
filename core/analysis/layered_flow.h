#pragma once
/// The maximum flow through a graph of layers, each of T nodes, with arcs from every node of a layer to every
/// node of the one below it.
///
/// Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation", 1970:
/// blocking flows along shortest paths of what capacity is left. Exact up to rounding (capacities left below
/// 10⁻¹² count as none).

#include "core/tensor/matrix.h"

#include <cstddef>
#include <vector>

namespace attn {

class LayeredFlow {
public:
    /// `layers`: T × T each, capacities ≥ 0, the lowest first: layers[l](i, j) leads from node i above it to
    /// node j below it. At least one layer.
    explicit LayeredFlow(const std::vector<Matrix>& layers);

    /// From a node above the highest layer to one below the lowest. Indices inside: asserted.
    [[nodiscard]] double maximum(Index source, Index target);

private:
    [[nodiscard]] std::size_t arc(std::size_t layer, std::size_t from, std::size_t to) const {
        return (layer * m_width + from) * m_width + to;
    }
    [[nodiscard]] std::size_t node(std::size_t level, std::size_t index) const {
        return level * m_width + index;
    }
    /// The fewest arcs from the source to each node, over arcs with capacity left. False: the target is out
    /// of reach.
    bool measureDistances();
    /// As much of `most` as gets from a node to the target.
    double push(std::size_t level, std::size_t index, double most);
    double pushOver(double& forth, double& back, std::size_t level, std::size_t index, double most);

    std::size_t m_width, m_layers;
    std::vector<double> m_capacity;    ///< of all arcs, layer by layer
    std::vector<double> m_down, m_up;  ///< what is left down an arc; up it, [layer][below][above]
    std::vector<int> m_distance;       ///< of nodes; −1: out of reach
    std::vector<std::size_t> m_next;   ///< the first arc of a node that is not used up
    std::vector<std::size_t> m_queue;
    std::size_t m_source = 0, m_target = 0;
};

}  // namespace attn
