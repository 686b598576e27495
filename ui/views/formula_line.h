#pragma once
/// The formula that made what is shown, its newest part lit, and what it means in a sentence.

#include "core/trace/trace.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace attn::ui {

struct FormulaPiece {
    QString text;
    bool lit = false;  ///< what the chosen stage itself does
};

/// pattern = softmax(q·kᵀ ÷ √16): the formula of a tensor with what it was made of written out back to q, k
/// and v.
[[nodiscard]] std::vector<FormulaPiece> writtenOut(const Trace& trace, const SiteInfo& site, TensorName name);
/// The same as plain text.
[[nodiscard]] QString formulaText(const Trace& trace, const SiteInfo& site, TensorName name);

class FormulaLine : public QWidget {
    Q_OBJECT
public:
    explicit FormulaLine(QWidget* parent = nullptr);

    void setFormula(std::vector<FormulaPiece> pieces, const QString& explanation);
    [[nodiscard]] QString text() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void updateToolTip();
    void measure(int least);
    [[nodiscard]] int lines() const;  ///< that the texts need
    [[nodiscard]] double formulaWidth() const;

    std::vector<FormulaPiece> m_pieces;
    QString m_explanation;
    int m_lines = 1;
};

}  // namespace attn::ui
