#pragma once
/// One line of text that ends in "…" where there is no room for all of it; the tool tip then has the rest.

#include <QLabel>

namespace attn::ui {

class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    using QLabel::QLabel;

    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool isElided() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
};

}  // namespace attn::ui
