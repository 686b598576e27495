#pragma once
/// Paints a query's scores, term by term: in the window what is in sight, in figures all of it.

#include "ui/plot/neurons_layout.h"
#include "ui/plot/painted_panel.h"

class QPainter;

namespace attn::ui {

/// Titles, the numbers of the dimensions and the query's line, from (0, 0).
void paintNeuronsHead(QPainter& painter, const NeuronsData& data, const NeuronsLayout& layout,
                      const Palette& palette, const NeuronsMarks& marks, bool vector);
/// Lines first … last − 1 of the keys, from (0, 0) where line 0 begins.
void paintNeuronsLines(QPainter& painter, const NeuronsData& data, const NeuronsLayout& layout,
                       const Palette& palette, const NeuronsMarks& marks, Index first, Index last,
                       bool vector);

/// The whole picture on a page.
class NeuronsPanel final : public PaintedPanel {
public:
    NeuronsPanel(NeuronsData data, NeuronsMarks marks) : m_data(std::move(data)), m_marks(marks) {}

    [[nodiscard]] bool isEmpty() const override { return m_data.isEmpty(); }
    [[nodiscard]] QSizeF naturalSize() const override;
    void paint(QPainter& painter, const QRectF& room, const Palette& palette, bool vector) const override;

private:
    NeuronsData m_data;
    NeuronsMarks m_marks;
};

}  // namespace attn::ui
