#pragma once
/// A page of one picture of the present trace: a card of controls, and below it the picture on a card of its
/// own. Both scroll together where the text is too large for the window; before an audience the picture
/// stands alone.

#include "ui/views/page_workspace.h"

class QBoxLayout;
class QFrame;
class QLabel;

namespace attn::ui {

class LayerBar;
class SceneDocument;

class PictureWorkspace : public PageWorkspace {
    Q_OBJECT
public:
    PictureWorkspace(SceneDocument* document, const QString& name, QWidget* parent);

    /// Its chips choose the query and the key.
    [[nodiscard]] bool needsSentence() const override { return true; }
    bool escape() override;
    void setPresenting(bool presenting) override;
    void fitToText(int textPx) override;

protected:
    [[nodiscard]] SceneDocument* document() const { return m_document; }
    /// The card of controls, without a layout.
    [[nodiscard]] QFrame* head() const { return m_head; }
    /// Layers and sites to choose from, with the keys of this page; for that card.
    [[nodiscard]] LayerBar* makeLayerBar();
    /// A label on that card for whole sentences.
    [[nodiscard]] QLabel* sentence(const QString& name) const;
    /// The picture and the least number of lines of text that it is high. Once, by the constructor.
    /// refresh() follows the document and the selection from then on.
    void setPicture(QWidget* plot, int lines);
    /// What the picture stands in: something may stand beside or below it.
    [[nodiscard]] QBoxLayout* pictureRow() const { return m_row; }

    /// Shows what there is now.
    virtual void refresh() = 0;
    /// Another cell is selected.
    virtual void followSelection() { refresh(); }
    /// Texts in the present language; refreshes what shows numbers.
    virtual void retranslate() = 0;

    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    SceneDocument* m_document;
    QFrame* m_head;
    QBoxLayout* m_row;
    QWidget* m_picture = nullptr;
    int m_lines = 0;
};

}  // namespace attn::ui
