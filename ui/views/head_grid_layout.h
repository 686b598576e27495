#pragma once
/// Where the thumbnails of all heads stand: layers below one another, or in one order of all, wrapped.

#include <QPoint>
#include <QRect>
#include <QSize>

#include <vector>

namespace attn::ui {

/// A head, or with head −1 the MLP of a block.
struct HeadPlace {
    int site = -1, head = -1;

    [[nodiscard]] bool isHead() const { return site >= 0 && head >= 0; }
    bool operator==(const HeadPlace&) const = default;
};

struct HeadGridSpec {
    std::vector<int> heads;        ///< of each site
    std::vector<char> mlps;        ///< whether the site's block has one
    std::vector<HeadPlace> order;  ///< not empty: these, wrapped, instead of layer by layer
    QSize viewport;
    double zoom = 0;  ///< edge of a thumbnail in pixels; 0: as large as fits
    double textZoom = 1;
    int labelWidth = 40;  ///< of the longest name of a site
};

class HeadGridLayout {
public:
    static constexpr int kLeastEdge = 12, kLargestEdge = 480;
    /// Larger than this a thumbnail says nothing more: the rest of a large window stays ground.
    static constexpr int kLargestFittedEdge = 340;

    struct Cell {
        HeadPlace place;
        QRect rect;
    };

    HeadGridLayout() = default;
    explicit HeadGridLayout(const HeadGridSpec& spec);

    [[nodiscard]] int edge() const { return m_edge; }
    [[nodiscard]] int gap() const { return m_gap; }
    [[nodiscard]] int columns() const { return m_columns; }
    [[nodiscard]] bool wrapped() const { return m_wrapped; }
    [[nodiscard]] QSize size() const { return m_size; }
    [[nodiscard]] int headerHeight() const { return m_header; }
    [[nodiscard]] int labelWidth() const { return m_label; }
    [[nodiscard]] const std::vector<Cell>& cells() const { return m_cells; }
    [[nodiscard]] const std::vector<Cell>& mlps() const { return m_mlps; }

    [[nodiscard]] QRect rect(const HeadPlace& place) const;  ///< null: not there
    [[nodiscard]] HeadPlace at(const QPoint& position) const;
    /// The row of layers at a height, with the gap below it; −1: none.
    [[nodiscard]] int siteAt(const QPoint& position) const;
    /// The place of the dot that switches a head or a layer.
    [[nodiscard]] QRect toggleRect(const HeadPlace& place) const;
    [[nodiscard]] QRect siteToggleRect(int site) const;
    [[nodiscard]] int rowTop(int site) const { return m_header + site * (m_edge + m_gap); }
    /// From a head to its neighbour; the head itself where there is none.
    [[nodiscard]] HeadPlace neighbour(const HeadPlace& from, int rows, int columns) const;

private:
    void placeLayers(const HeadGridSpec& spec);
    void placeWrapped(const HeadGridSpec& spec);
    [[nodiscard]] int dot() const;

    int m_edge = 48, m_gap = 6, m_columns = 0, m_header = 20, m_label = 40, m_rows = 0;
    double m_textZoom = 1;
    bool m_wrapped = false;
    QSize m_size;
    std::vector<Cell> m_cells, m_mlps;
};

}  // namespace attn::ui
