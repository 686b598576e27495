#pragma once
/// One small button for each head: a click shows or hides it, a double click shows it alone.

#include <QColor>
#include <QString>
#include <QWidget>

#include <vector>

class QToolButton;

namespace attn::ui {

class HeadChips : public QWidget {
    Q_OBJECT
public:
    /// Buttons are named `name`.0, `name`.1 …
    explicit HeadChips(const QString& name, QWidget* parent = nullptr);

    void setHeadCount(int count);
    [[nodiscard]] int headCount() const { return static_cast<int>(m_buttons.size()); }
    /// `heads` are on, with a slot of the palette's series each, −1 for none: emits nothing.
    void setShown(const std::vector<int>& heads, const std::vector<int>& colors);
    /// What is known about a head, in its tool tip; may be empty.
    void setStory(int head, const QString& story);
    [[nodiscard]] QToolButton* button(int head) const;

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void toggled(int head);
    void isolated(int head);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void paintIcons();
    int arrange(int width, bool move) const;

    QString m_name;
    std::vector<QToolButton*> m_buttons;
    std::vector<int> m_colors;  ///< of every head; kOff where it is not shown
};

}  // namespace attn::ui
