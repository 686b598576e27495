#pragma once
/// Likely tokens as bars, each with what it was before: before → after, and the difference.

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

namespace attn::ui {

/// One line. Probabilities 0 … 1.
struct PredictionBar {
    QString label;
    double after = 0;
    std::optional<double> before;  ///< none: nothing to compare with
    bool isHere = false;           ///< the token that stands in the text

    bool operator==(const PredictionBar&) const = default;
};

/// The bar is what it is now; a line across it marks what it was. Bars begin at one edge and share one scale,
/// 0 to the largest probability or 0 to 1.
class PredictionBars : public QWidget {
    Q_OBJECT
public:
    explicit PredictionBars(QWidget* parent = nullptr);

    void setBars(std::vector<PredictionBar> bars);
    [[nodiscard]] const std::vector<PredictionBar>& bars() const { return m_bars; }
    /// "12.3 %", "0.04 %", "1.2e−7 %"
    [[nodiscard]] static QString percent(double probability);
    /// "+3.1", "−0.2": percentage points
    [[nodiscard]] static QString points(double difference);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] double lineHeight() const;
    [[nodiscard]] bool compares() const;
    void describe();

    std::vector<PredictionBar> m_bars;
};

}  // namespace attn::ui
