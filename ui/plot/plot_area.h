#pragma once
/// PlotArea: what plots that scroll and are painted by hand have in common: they are laid out anew when room,
/// text or colours change, take the keys that move what is selected, and show that they have the focus.

#include <QAbstractScrollArea>

namespace attn::ui {

class PlotArea : public QAbstractScrollArea {
    Q_OBJECT
protected:
    explicit PlotArea(QWidget* parent = nullptr);

    /// Where everything stands, and how far it scrolls; not called before the widget has a size.
    virtual void layOut() = 0;
    /// The pointer has left.
    virtual void leave() = 0;
    /// Keys that the window's shortcuts leave to the plot: the arrows.
    [[nodiscard]] virtual bool takesKey(int key) const;
    /// The range of a scroll bar over so much content.
    static void setScrollRange(QScrollBar* bar, double content, int page, int step = 24);

    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
};

}  // namespace attn::ui
