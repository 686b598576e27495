#pragma once
#include <QFrame>
#include <QLabel>

namespace attn::ui {

/// One line above the workspace that says what went wrong or what was left out, until it is closed or out of
/// date.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void showNotice(const QString& text);
    void clear();
    [[nodiscard]] QString text() const { return m_label->text(); }

private:
    QLabel* m_label;
};

}  // namespace attn::ui
