#pragma once
/// Keys and gestures, view by view, in a window that can stay open while they are tried.

#include <QDialog>

namespace attn::ui {

class KeysDialog : public QDialog {
    Q_OBJECT
public:
    explicit KeysDialog(QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;

private:
    void fill();

    QWidget* m_content = nullptr;
};

}  // namespace attn::ui
