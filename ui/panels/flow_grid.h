#pragma once
/// Children side by side in as many columns as fit, and in one below another where the window is narrow.

#include <QWidget>

#include <vector>

class QGridLayout;

namespace attn::ui {

class FlowGrid : public QWidget {
    Q_OBJECT
public:
    /// At most `columns`, each at least so wide, in pixels at 100 % text.
    explicit FlowGrid(int columns, int columnPx, QWidget* parent = nullptr);

    /// In reading order; `span` columns where there are all of them. The last of a row takes what is left.
    /// Height that nobody needs goes to the rows with items that grow.
    void add(QWidget* item, int span = 1, bool grows = true);
    [[nodiscard]] int columns() const { return m_columns; }
    void setSpacing(int px);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Item {
        QWidget* widget;
        int span;
        bool grows;
    };
    [[nodiscard]] int columnsFor(int width) const;
    void arrange(int columns);

    QGridLayout* m_layout;
    std::vector<Item> m_items;
    int m_mostColumns, m_columnPx;
    int m_columns = 0;
};

}  // namespace attn::ui
