#pragma once
/// One line for a sentence; grows to three. Takes any text and loses none of it.
///
/// What it shows is an image of the text, character by character: line breaks are lines, characters without a
/// shape are their pictures (␀), and of a very long text only the beginning is laid out. An edit is found by
/// comparing images and applied to the text itself, so that what cannot be shown survives. Undo belongs to
/// the document.

#include <QPlainTextEdit>

namespace attn::ui {

class SentenceEdit : public QPlainTextEdit {
    Q_OBJECT
public:
    /// Characters (UTF-16 units) that are laid out; what comes after them is kept.
    static constexpr qsizetype kShown = 10000;

    explicit SentenceEdit(QWidget* parent = nullptr);

    [[nodiscard]] const QString& text() const { return m_text; }
    /// From the model: emits nothing, and leaves the cursor where it stands in the text.
    void setText(const QString& text);
    [[nodiscard]] qsizetype hidden() const {
        return m_text.size() - m_image.size();
    }  ///< characters not shown
    /// Whether the last paste was cut at kMaxTextBytes.
    [[nodiscard]] bool wasCut() const { return m_cut; }
    [[nodiscard]] int singleLineHeight() const;  ///< of the widget
    /// Puts a text in place of the selected one, as a paste does.
    void replaceSelected(const QString& text);

signals:
    void edited(const QString& text);  ///< by the user: all of the text
    void undoRequested();
    void redoRequested();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    void takeEdit();
    void showImage();
    void fitHeight();
    [[nodiscard]] int frameHeight() const;

    QString m_text;   ///< all of it
    QString m_image;  ///< what the widget holds: of the first characters of m_text, one for each
    bool m_updating = false;
    bool m_cut = false;
};

}  // namespace attn::ui
