#pragma once
/// A button whose text gives way where it is too narrow, instead of making the panel wider.

#include <QPushButton>

namespace attn::ui {

class ElidedButton : public QPushButton {
    Q_OBJECT
public:
    using QPushButton::QPushButton;

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace attn::ui
