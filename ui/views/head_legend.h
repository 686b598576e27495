#pragma once
/// The colours of the overview and what their ends mean.

#include "ui/plot/color_map.h"

#include <QString>
#include <QWidget>

namespace attn::ui {

class HeadLegend : public QWidget {
    Q_OBJECT
public:
    explicit HeadLegend(QWidget* parent = nullptr);

    /// `high` is what the last colour means, as text: "0.98", or that every head has its own.
    void set(ColorMapId map, const QString& high);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    ColorMapId m_map = ColorMapId::Viridis;
    QString m_high;
};

}  // namespace attn::ui
