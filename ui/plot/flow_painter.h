#pragma once
/// Paints a picture of a token's way with a QPainter: on the screen as a cached picture, in figures as
/// vectors.

#include "ui/plot/flow_layout.h"
#include "ui/plot/painted_panel.h"
#include "ui/style/palette.h"

#include <utility>

class QPainter;

namespace attn::ui {

/// The stream, and every ribbon. What lies outside of `visible` is left out.
void paintFlowRibbons(QPainter& painter, const FlowData& data, const FlowLayout& layout,
                      const Palette& palette, const QRectF& visible);
/// The ribbons of an item alone: those of a token lead on to the stream.
void paintFlowItem(QPainter& painter, const FlowData& data, const FlowLayout& layout, const Palette& palette,
                   const FlowItem& item);
/// Tokens, heads, numbers, titles and the legend; an item that is looked at, and what belongs to it, stand
/// out.
void paintFlowTexts(QPainter& painter, const FlowData& data, const FlowLayout& layout, const Palette& palette,
                    const FlowItem& item, const QRectF& visible);

/// The whole picture on a page.
class FlowPanel final : public PaintedPanel {
public:
    explicit FlowPanel(FlowData data) : m_data(std::move(data)) {}

    [[nodiscard]] bool isEmpty() const override { return m_data.isEmpty(); }
    [[nodiscard]] QSizeF naturalSize() const override { return naturalFlowSize(m_data); }
    void paint(QPainter& painter, const QRectF& room, const Palette& palette, bool vector) const override;

private:
    FlowData m_data;
};

}  // namespace attn::ui
