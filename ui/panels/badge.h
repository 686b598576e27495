#pragma once
/// Says where the numbers come from: toy weights or trained ones, counted word vectors, cells painted by
/// hand.

#include <QLabel>

namespace attn::ui {

class SceneDocument;

class Badge : public QLabel {
    Q_OBJECT
public:
    explicit Badge(SceneDocument* document, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    SceneDocument* m_document;
};

}  // namespace attn::ui
