#pragma once
/// One page of the window: Explore, Softmax, … It shows a part of the document and can be taken away.

#include <QWidget>

namespace attn::ui {

class Workspace : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// False while numbers that it shows are still being worked out.
    [[nodiscard]] virtual bool isComplete() const = 0;

    // What the window's menus ask of it.
    virtual void copyFigure() = 0;
    virtual void exportFigure() = 0;
    virtual void copyData() = 0;
    virtual void saveData() = 0;

    /// Lets go of what is selected for the moment; false: there is nothing to let go of.
    virtual bool escape() { return false; }
    /// The sentence above it may take much room: it is what this page is about.
    [[nodiscard]] virtual bool needsSentence() const { return false; }
    /// Full screen before an audience: only what is looked at.
    virtual void setPresenting(bool presenting) { Q_UNUSED(presenting) }
    /// Text is this large now.
    virtual void fitToText(int textPx) { Q_UNUSED(textPx) }
};

}  // namespace attn::ui
