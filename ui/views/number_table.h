#pragma once
/// A small table of numbers inside a card: as high as its rows, without a frame, copied with Ctrl+C.

#include <QTableWidget>

namespace attn::ui {

class NumberTable : public QTableWidget {
    Q_OBJECT
public:
    explicit NumberTable(QWidget* parent = nullptr);

    /// Replaces the texts; cells that stay the same are left alone.
    void setHeaders(const QStringList& columns);
    void setCell(int row, int column, const QString& text, bool warning = false, const QString& tip = {});
    /// One row is marked: the present one. −1: none.
    void setMarkedRow(int row);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void rowChosen(int row);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void dress();
    void dressCell(QTableWidgetItem* item) const;

    int m_marked = -1;
};

}  // namespace attn::ui
