#pragma once
/// A picture as large as the room allows, on a chequered ground where it is transparent.

#include <QImage>
#include <QWidget>

namespace attn::ui {

class ExportPreview : public QWidget {
    Q_OBJECT
public:
    explicit ExportPreview(QWidget* parent = nullptr);

    void setPicture(const QImage& picture, bool transparent);
    [[nodiscard]] const QImage& picture() const { return m_picture; }
    [[nodiscard]] QSize sizeHint() const override { return {520, 420}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage m_picture;
    bool m_transparent = false;
};

}  // namespace attn::ui
