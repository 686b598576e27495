#pragma once
/// A horizontal slider over the values of a parameter. It fires while it is dragged, follows a click to its
/// place, reaches both ends exactly, steps by values under the keys, and takes no wheel that is meant for
/// scrolling.

#include "ui/panels/slider_mapping.h"

#include <QSlider>
#include <QTimer>

#include <optional>

namespace attn::ui {

class ValueSlider : public QSlider {
    Q_OBJECT
public:
    explicit ValueSlider(const SliderMapping& mapping, QWidget* parent = nullptr);

    [[nodiscard]] const SliderMapping& mapping() const { return m_mapping; }
    /// The number shown. One from outside the slider's range keeps its value; the handle stands at the end.
    [[nodiscard]] double number() const { return m_number; }
    void setNumber(double number);  ///< from the model: emits nothing
    /// A value that a drag catches a pixel or two away, where values are real.
    void setMagnet(std::optional<double> value) { m_magnet = value; }

    /// Moves by keyboard steps or pages, as the keys do.
    void step(int steps);

signals:
    void numberMoved(double number);  ///< by the user
    void gestureStarted();            ///< what follows, up to gestureEnded, is one change
    void gestureEnded();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] int positionAt(int x) const;
    void dragTo(int x);
    void move(double number);
    void begin();
    void end();

    SliderMapping m_mapping;
    std::optional<double> m_magnet;
    double m_number = 0;
    int m_grab = 0;  ///< where inside the handle it was taken
    int m_wheel = 0;
    bool m_gesture = false;
    bool m_updating = false;
    QTimer m_wheelRest;
};

}  // namespace attn::ui
