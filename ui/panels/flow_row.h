#pragma once
/// A row of controls as wide as they are, that goes on in the next line where the window is too narrow for
/// it.

#include <QLayout>
#include <QList>

namespace attn::ui {

/// Children stand in the middle of their line's height. Hidden ones take no room.
class FlowRow : public QLayout {
    Q_OBJECT
public:
    explicit FlowRow(int gapPx, int lineGapPx = 6, QWidget* parent = nullptr);
    ~FlowRow() override;
    FlowRow(const FlowRow&) = delete;
    FlowRow& operator=(const FlowRow&) = delete;
    FlowRow(FlowRow&&) = delete;
    FlowRow& operator=(FlowRow&&) = delete;

    /// From here on at the right end of the line that they are on.
    void addGap() { m_gapAt = static_cast<int>(m_items.size()); }

    void addItem(QLayoutItem* item) override { m_items.append(item); }
    [[nodiscard]] int count() const override { return static_cast<int>(m_items.size()); }
    [[nodiscard]] QLayoutItem* itemAt(int index) const override { return m_items.value(index); }
    [[nodiscard]] QLayoutItem* takeAt(int index) override;
    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    int arrange(const QRect& rect, bool move) const;

    QList<QLayoutItem*> m_items;
    int m_gapPx, m_lineGapPx;
    int m_gapAt = -1;
};

}  // namespace attn::ui
