#pragma once
/// Small painted bars for the inspector.

#include "ui/style/palette.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace attn::ui {

/// Contributions with a sign, side by side on a common zero line: the terms of a dot product. Blue up, red
/// down.
class SignedBars : public QWidget {
    Q_OBJECT
public:
    explicit SignedBars(QWidget* parent = nullptr);

    void setValues(std::vector<float> values);
    [[nodiscard]] const std::vector<float>& values() const { return m_values; }
    /// The value that fills the height; 0: the largest of those shown.
    void setScale(double largest);
    [[nodiscard]] int barAt(const QPoint& position) const;  ///< −1: none

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void barHovered(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    std::vector<float> m_values;
    double m_scale = 0;
    int m_hovered = -1;
};

/// One line of a WeightBars list.
struct WeightBar {
    QString label;
    double weight = 0;    ///< 0 … 1 fills the bar
    QString first, last;  ///< numbers beside the bar: exp(s − max), and the weight
    bool masked = false;  ///< hatched, without numbers
};

/// A list of labelled weights, one line each: label, bar, numbers, all aligned. The current line has its
/// role's colour. Scrolls with whatever holds it: its height follows the number of lines.
class WeightBars : public QWidget {
    Q_OBJECT
public:
    explicit WeightBars(QWidget* parent = nullptr);

    void setBars(std::vector<WeightBar> bars);
    void setCurrent(int index, Role role = Role::Key);
    [[nodiscard]] int current() const { return m_current; }
    [[nodiscard]] int barAt(const QPoint& position) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void barHovered(int index);
    void barClicked(int index);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Columns {
        double label = 0, bar = 0, first = 0, last = 0;
        double line = 24;
    };
    [[nodiscard]] Columns columns() const;
    [[nodiscard]] double labelWidth(double zoom) const;

    std::vector<WeightBar> m_bars;
    mutable double m_labelWidth = -1, m_labelZoom = 0;  ///< of the widest label; −1: not measured
    int m_current = -1, m_hovered = -1;
    Role m_role = Role::Key;
};

/// A row of cells without numbers: a vector at a glance (z of one query), in the diverging map around 0.
class VectorStrip : public QWidget {
    Q_OBJECT
public:
    explicit VectorStrip(QWidget* parent = nullptr);

    void setValues(std::vector<float> values);
    [[nodiscard]] int cellAt(const QPoint& position) const;  ///< −1: none
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void cellHovered(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    std::vector<float> m_values;
    int m_hovered = -1;
};

}  // namespace attn::ui
