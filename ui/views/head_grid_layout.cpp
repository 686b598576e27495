#include "ui/views/head_grid_layout.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

constexpr int kMarginPx = 10;
constexpr double kMlpShare = 0.8;  ///< width of an MLP's box over a thumbnail's

/// The largest edge with which `columns` × `rows` fit into the room, gaps and all.
int fitting(const QSize& room, double columns, int rows, int gap) {
    const double wide = (room.width() - gap * columns) / std::max(1.0, columns);
    const double high =
        (static_cast<double>(room.height()) - static_cast<double>(gap) * rows) / std::max(1, rows);
    return static_cast<int>(std::floor(std::min(wide, high)));
}

}  // namespace

HeadGridLayout::HeadGridLayout(const HeadGridSpec& spec) {
    m_textZoom = spec.textZoom;
    m_wrapped = !spec.order.empty();
    m_label = m_wrapped ? kMarginPx : spec.labelWidth + dot() + 3 * kMarginPx;
    m_header = m_wrapped ? kMarginPx : static_cast<int>(std::lround(22 * spec.textZoom)) + 4;
    const auto layers = static_cast<int>(spec.heads.size());
    const int most = spec.heads.empty() ? 0 : *std::max_element(spec.heads.begin(), spec.heads.end());
    const bool anyMlp = std::any_of(spec.mlps.begin(), spec.mlps.end(), [](char has) { return has != 0; });
    const QSize room(spec.viewport.width() - m_label - kMarginPx,
                     spec.viewport.height() - m_header - kMarginPx);
    m_gap = layers * most > 400 ? 4 : 8;
    int edge = static_cast<int>(std::lround(spec.zoom));
    if (spec.zoom <= 0 && m_wrapped) {
        // The largest with which all of them fit.
        const auto count = static_cast<int>(spec.order.size());
        for (edge = kLargestFittedEdge; edge > kLeastEdge; --edge) {
            const int across = std::max(1, room.width() / (edge + m_gap));
            if ((count + across - 1) / across * (edge + m_gap) <= room.height()) break;
        }
    } else if (spec.zoom <= 0) {
        const QSize left = room - QSize(anyMlp ? 2 * m_gap + 1 : 0, 0);
        edge = std::min(kLargestFittedEdge, fitting(left, most + (anyMlp ? kMlpShare : 0), layers, m_gap));
    }
    m_edge = std::clamp(edge, kLeastEdge, kLargestEdge);
    if (m_wrapped) {
        m_columns = std::max(1, room.width() / (m_edge + m_gap));
        placeWrapped(spec);
    } else {
        m_columns = most;
        placeLayers(spec);
    }
}

int HeadGridLayout::dot() const {
    return static_cast<int>(std::lround(12 * std::sqrt(m_textZoom)));
}

void HeadGridLayout::placeLayers(const HeadGridSpec& spec) {
    m_rows = static_cast<int>(spec.heads.size());
    const int pitch = m_edge + m_gap;
    const int mlpWidth = static_cast<int>(std::lround(m_edge * kMlpShare));
    bool anyMlp = false;
    for (int site = 0; site < m_rows; ++site) {
        const auto index = static_cast<std::size_t>(site);
        for (int head = 0; head < spec.heads[index]; ++head) {
            m_cells.push_back({{site, head}, QRect(m_label + head * pitch, rowTop(site), m_edge, m_edge)});
        }
        if (index >= spec.mlps.size() || spec.mlps[index] == 0) continue;
        anyMlp = true;
        m_mlps.push_back({{site, -1},
                          QRect(m_label + m_columns * pitch + m_gap, rowTop(site) + m_edge / 4, mlpWidth,
                                std::max(8, m_edge / 2))});
    }
    m_size = {m_label + m_columns * pitch + (anyMlp ? mlpWidth + 2 * m_gap : 0) + kMarginPx,
              m_header + m_rows * pitch + kMarginPx};
}

void HeadGridLayout::placeWrapped(const HeadGridSpec& spec) {
    const int pitch = m_edge + m_gap;
    for (std::size_t i = 0; i < spec.order.size(); ++i) {
        const auto at = static_cast<int>(i);
        m_cells.push_back({spec.order[i], QRect(m_label + at % m_columns * pitch,
                                                m_header + at / m_columns * pitch, m_edge, m_edge)});
    }
    const auto count = static_cast<int>(spec.order.size());
    m_rows = (count + m_columns - 1) / m_columns;
    m_size = {m_label + m_columns * pitch + kMarginPx, m_header + m_rows * pitch + kMarginPx};
}

QRect HeadGridLayout::rect(const HeadPlace& place) const {
    for (const std::vector<Cell>* list : {&m_cells, &m_mlps})
        for (const Cell& cell : *list)
            if (cell.place == place) return cell.rect;
    return {};
}

HeadPlace HeadGridLayout::at(const QPoint& position) const {
    for (const std::vector<Cell>* list : {&m_cells, &m_mlps})
        for (const Cell& cell : *list)
            if (cell.rect.adjusted(-1, -1, 1, m_gap / 2 + 1).contains(position)) return cell.place;
    return {};
}

int HeadGridLayout::siteAt(const QPoint& position) const {
    if (m_wrapped || position.y() < m_header) return -1;
    const int site = (position.y() - m_header) / (m_edge + m_gap);
    return site < m_rows ? site : -1;
}

QRect HeadGridLayout::toggleRect(const HeadPlace& place) const {
    constexpr int kLeastForDot = 28;
    const QRect cell = rect(place);
    if (cell.isNull() || !place.isHead() || m_edge < kLeastForDot) return {};
    const int size = dot();
    return {cell.right() - size - 1, cell.top() + 3, size, size};
}

QRect HeadGridLayout::siteToggleRect(int site) const {
    if (m_wrapped || site < 0 || site >= m_rows) return {};
    const int size = std::min(dot(), m_edge);
    return {kMarginPx / 2, rowTop(site) + (m_edge - size) / 2, size, size};
}

HeadPlace HeadGridLayout::neighbour(const HeadPlace& from, int rows, int columns) const {
    const auto found =
        std::find_if(m_cells.begin(), m_cells.end(), [&](const Cell& cell) { return cell.place == from; });
    if (found == m_cells.end()) return m_cells.empty() ? HeadPlace{} : m_cells.front().place;
    if (!m_wrapped) {
        const HeadPlace wanted{from.site + rows, from.head + columns};
        if (!rect(wanted).isNull()) return wanted;
        // A row with fewer heads: its last one.
        for (int head = wanted.head; rows != 0 && head >= 0; --head)
            if (const HeadPlace other{wanted.site, head}; !rect(other).isNull()) return other;
        return from;
    }
    const std::ptrdiff_t index = (found - m_cells.begin()) + std::ptrdiff_t{rows} * m_columns + columns;
    return index >= 0 && index < static_cast<std::ptrdiff_t>(m_cells.size())
               ? m_cells[static_cast<std::size_t>(index)].place
               : from;
}

}  // namespace attn::ui
