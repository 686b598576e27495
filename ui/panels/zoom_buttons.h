#pragma once
/// Smaller, all of it, larger: what a view that can be zoomed offers besides wheel and keys.

#include <QWidget>

class QToolButton;

namespace attn::ui {

class ZoomButtons : public QWidget {
    Q_OBJECT
public:
    static constexpr double kStep = 1.25;

    /// The buttons are named NAME.zoomOut, NAME.fit and NAME.zoomIn.
    explicit ZoomButtons(const QString& name, QWidget* parent = nullptr);

    /// Tool tips that say what becomes smaller, fits or becomes larger.
    void setTips(const QString& smaller, const QString& fit, const QString& larger);
    void setFitted(bool fitted);

signals:
    void zoomWanted(double factor);
    void fitWanted();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QToolButton *m_out, *m_fit, *m_in;
    bool m_fitted = true;
};

}  // namespace attn::ui
