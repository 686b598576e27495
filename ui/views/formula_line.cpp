#include "ui/views/formula_line.h"

#include "ui/style/fonts.h"
#include "ui/style/palette.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QResizeEvent>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr double kFormulaPx = 15;
constexpr double kGapPx = 24;

/// "q·kᵀ ÷ √16" of "scores_scaled = q·kᵀ ÷ √16"
QString rightSide(TensorName name, const EffectiveParameters& p) {
    const QString whole = QString::fromStdString(formula(name, p));
    const qsizetype at = whole.indexOf(QStringLiteral(" = "));
    return at < 0 ? whole : whole.mid(at + 3);
}

}  // namespace

std::vector<FormulaPiece> writtenOut(const Trace& trace, const SiteInfo& site, TensorName name) {
    const EffectiveParameters p = trace.parameters(site);
    const QString left = QString::fromLatin1(toString(name)) + QStringLiteral(" = ");
    const QString raw = rightSide(TensorName::ScoresRaw, p);
    // What the scale adds behind "scores_raw".
    const QString scale = rightSide(TensorName::ScoresScaled, p).mid(QStringLiteral("scores_raw").size());
    const bool masks = !trace.mask(site.name).cells.empty();
    const QString scores = masks ? QStringLiteral("mask(%1%2)").arg(raw, scale) : raw + scale;
    const QString normalise =
        p.normalizer == NormalizerKind::Hard ? QStringLiteral("hardmax(") : QStringLiteral("softmax(");
    const QString close = QStringLiteral(")");
    switch (name) {
        case TensorName::ScoresRaw:
            return {{left, false}, {raw, true}};
        case TensorName::ScoresScaled:
            if (scale.isEmpty()) return {{left + raw, false}};
            return {{left + raw, false}, {scale, true}};
        case TensorName::Scores:
            if (!masks) return {{left + raw + scale, false}};
            return {{left, false}, {QStringLiteral("mask("), true}, {raw + scale, false}, {close, true}};
        case TensorName::Pattern:
            return {{left, false}, {normalise, true}, {scores, false}, {close, true}};
        case TensorName::Z:
            return {{left + normalise + scores + close, false}, {QStringLiteral("·v"), true}};
        case TensorName::AttnOut:
            if (p.identityProjections) return {{left, false}, {QStringLiteral("z"), true}};
            return {{left + QStringLiteral("concat(z)"), false}, {QStringLiteral("·W_O"), true}};
        default: {
            const QString right = rightSide(name, p);
            if (right == QLatin1String(toString(name))) return {{right, true}};  // drawn, not worked out
            return {{left, false}, {right, true}};
        }
    }
}

QString formulaText(const Trace& trace, const SiteInfo& site, TensorName name) {
    QString text;
    for (const FormulaPiece& piece : writtenOut(trace, site, name)) text += piece.text;
    return text;
}

FormulaLine::FormulaLine(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("formulaLine"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setSizePolicy(policy);
}

void FormulaLine::setFormula(std::vector<FormulaPiece> pieces, const QString& explanation) {
    const QString before = text();
    const bool sameStage = explanation == m_explanation;
    m_pieces = std::move(pieces);
    m_explanation = explanation;
    if (text() == before) return;
    setAccessibleName(text());
    updateToolTip();
    measure(sameStage ? m_lines : 1);
    update();
}

/// A drag writes a new number into the formula with every step: what lies below must not jump with its
/// length.
void FormulaLine::measure(int least) {
    const int needed = std::max(least, lines());
    if (needed == m_lines) return;
    m_lines = needed;
    updateGeometry();
}

QString FormulaLine::text() const {
    QString text;
    for (const FormulaPiece& piece : m_pieces) text += piece.text;
    return m_explanation.isEmpty() ? text : text + QStringLiteral(" — ") + m_explanation;
}

double FormulaLine::formulaWidth() const {
    const QFontMetricsF metrics(textFont(kFormulaPx * textZoom(*this), QFont::DemiBold));
    double width = 0;
    for (const FormulaPiece& piece : m_pieces) width += metrics.horizontalAdvance(piece.text);
    return width;
}

int FormulaLine::lines() const {
    if (m_explanation.isEmpty()) return 1;
    const QFontMetricsF small(textFont(12 * textZoom(*this)));
    const double wanted = formulaWidth() + kGapPx + small.horizontalAdvance(m_explanation);
    return wanted <= width() ? 1 : 2;
}

QSize FormulaLine::sizeHint() const {
    const double line = QFontMetricsF(textFont(kFormulaPx * textZoom(*this), QFont::DemiBold)).height();
    return {200, static_cast<int>(std::ceil(line * m_lines + (m_lines > 1 ? 2 : 0)))};
}

QSize FormulaLine::minimumSizeHint() const {
    return {80, sizeHint().height()};
}

void FormulaLine::updateToolTip() {
    setToolTip(text());
}

void FormulaLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this);
    const QFont bold = textFont(kFormulaPx * zoom, QFont::DemiBold);
    const QFontMetricsF metrics(bold);
    painter.setFont(bold);
    double x = 0;
    const double baseline = metrics.ascent();
    const bool anyLit =
        std::any_of(m_pieces.begin(), m_pieces.end(), [](const FormulaPiece& p) { return p.lit; });
    for (const FormulaPiece& piece : m_pieces) {
        const QString shown = metrics.elidedText(piece.text, Qt::ElideRight, std::max(0.0, width() - x));
        const double advance = metrics.horizontalAdvance(shown);
        painter.setPen(piece.lit || !anyLit ? palette.text : palette.muted);
        painter.drawText(QPointF(x, baseline), shown);
        if (piece.lit && advance > 0) {
            // Lit: underlined in the accent, so that it does not hang on the weight of grey alone.
            painter.fillRect(
                QRectF(x, std::round(baseline + 3 * zoom), advance, std::max(2.0, std::round(2 * zoom))),
                palette.accent);
        }
        x += metrics.horizontalAdvance(piece.text);
    }
    if (m_explanation.isEmpty()) return;
    const QFont small = textFont(12 * zoom);
    const QFontMetricsF smallMetrics(small);
    painter.setFont(small);
    painter.setPen(palette.muted);
    const bool below = m_lines > 1;
    const double left = below ? 0 : x + kGapPx;
    const double line = below ? metrics.height() + 2 + smallMetrics.ascent() : baseline;
    painter.drawText(QPointF(left, line),
                     smallMetrics.elidedText(m_explanation, Qt::ElideRight, std::max(0.0, width() - left)));
}

void FormulaLine::resizeEvent(QResizeEvent* event) {
    if (event->oldSize().width() != event->size().width()) measure(1);
    QWidget::resizeEvent(event);
}

void FormulaLine::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_lines = lines();
        updateGeometry();
    }
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
