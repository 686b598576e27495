#pragma once
/// A vector of numbers as bars that are dragged: up and down from a common zero line.

#include <QString>
#include <QStringList>
#include <QWidget>

#include <vector>

class QPainter;

namespace attn::ui {

struct Palette;
class ValueEdit;

class LogitBars : public QWidget {
    Q_OBJECT
public:
    explicit LogitBars(QWidget* parent = nullptr);

    /// `colors`: of each bar, as a plot's curves have them; `names` stand below. The axis holds still during
    /// a drag.
    void setBars(const std::vector<double>& values, const std::vector<int>& colors, const QStringList& names);
    [[nodiscard]] const std::vector<double>& values() const { return m_values; }
    void setCurrent(int index);
    [[nodiscard]] int current() const { return m_current; }

    [[nodiscard]] int barAt(const QPointF& position) const;   ///< −1: none
    [[nodiscard]] QRectF barRect(int index) const;            ///< the whole slot
    [[nodiscard]] double valueAt(double y, int index) const;  ///< rounded to a step of the axis
    [[nodiscard]] double pixelFromValue(double value) const;
    /// The axis reaches from −reach to reach.
    [[nodiscard]] double reach() const { return m_reach; }
    /// Opens a field over the bar to type its number.
    void editBar(int index);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void dragStarted();  ///< or a run of key presses: what follows, up to dragEnded, is one change
    void valueMoved(int index, double value);
    void dragEnded();
    void currentChanged(int index);
    void removeRequested(int index);
    void typed(int index, double value);

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void paintAxis(QPainter& painter, const Palette& palette) const;
    void paintThinBars(QPainter& painter, const Palette& palette) const;
    void paintBar(QPainter& painter, const Palette& palette, int index) const;
    void paintNames(QPainter& painter, const Palette& palette) const;
    [[nodiscard]] QRectF plotRect() const;
    [[nodiscard]] double step() const;
    [[nodiscard]] bool numbered() const;  ///< every bar has room for its number
    void fitReach();
    void begin();
    void end();
    void closeEdit();
    void describe();

    std::vector<double> m_values;
    std::vector<int> m_colors;
    QStringList m_names;
    double m_reach = 5;
    int m_axisFigures = 2;  ///< of the longest number beside the axis
    int m_current = -1, m_hovered = -1;
    bool m_dragging = false, m_gesture = false, m_moved = false;
    double m_pressY = 0;
    ValueEdit* m_edit = nullptr;
    int m_edited = -1;
};

}  // namespace attn::ui
