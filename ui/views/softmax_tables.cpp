#include "ui/views/softmax_tables.h"

#include "ui/model/error_text.h"
#include "ui/panels/number_list_edit.h"
#include "ui/panels/value_edit.h"
#include "ui/plot/number_text.h"
#include "ui/views/number_table.h"
#include "ui/views/softmax_captions.h"
#include "ui/views/softmax_page.h"

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

using experiment::NumericsCell;
using experiment::NumericsEvent;

constexpr int kWeightDecimals = 10;
constexpr std::size_t kMostWeights = 4;  ///< in a cell of the number formats

/// Ten decimals, as the table is copied; what would read as 0 or 1 and is not says so.
QString tableNumber(double value) {
    if (value != 0.0 && std::abs(value) < 1e-6) return shortNumber(value, 4);
    return QString::number(value, 'f', kWeightDecimals);
}

QString weightsText(const NumericsCell& cell) {
    QStringList texts;
    if (cell.weights.size() <= kMostWeights) {
        for (const double weight : cell.weights) {
            texts.append(std::isnan(weight) ? QStringLiteral("NaN") : shortNumber(weight, 4));
        }
        return texts.join(QStringLiteral("  "));
    }
    const bool broken =
        std::any_of(cell.weights.begin(), cell.weights.end(), [](double w) { return std::isnan(w); });
    if (broken) return QStringLiteral("NaN");
    return NumericsCard::tr("largest %1")
        .arg(shortNumber(*std::max_element(cell.weights.begin(), cell.weights.end()), 4));
}

QString errorTextOf(const NumericsCell& cell) {
    if (!std::isfinite(cell.largestError)) return NumericsCard::tr("lost");
    return cell.largestError == 0.0 ? NumericsCard::tr("exact") : shortNumber(cell.largestError, 2);
}

Result<void> checkScales(const std::vector<double>& scales) {
    using State = SaturationState;
    for (const double scale : scales) {
        if (!(scale >= State::kLeastTableScale && scale <= State::kLargestTableScale)) {
            return fail(translatable("core", "%1: %2 is outside %3 … %4"),
                        {"a", QString::number(scale).toStdString(), "0.000001", "1000000"});
        }
    }
    return {};
}

}  // namespace

ScalesCard::ScalesCard(QWidget* parent) : Card(QStringLiteral("softmax.table"), parent) {
    m_scales = new NumberListEdit(QStringLiteral("softmax.scales"), SaturationState::kMostTableScales,
                                  &checkScales, this);
    m_table = new NumberTable(this);
    m_table->setObjectName(QStringLiteral("softmax.table.view"));
    m_help = new QLabel(this);
    m_help->setObjectName(QStringLiteral("softmax.table.help"));
    m_help->setProperty("look", QStringLiteral("muted"));
    m_help->setWordWrap(true);
    m_label = new QLabel(this);
    m_label->setBuddy(m_scales->edit());
    m_label->setMinimumHeight(m_scales->edit()->sizeHint().height());
    auto* line = new QHBoxLayout;
    line->addWidget(m_label, 0, Qt::AlignTop);
    line->addWidget(m_scales, 1);
    body()->addLayout(line);
    add(m_table);
    add(m_help);
    retranslate();
    connect(m_scales, &NumberListEdit::numbersChosen, this, &ScalesCard::scalesChosen);
    connect(m_table, &NumberTable::rowChosen, this, [this](int row) {
        const double scale = m_shown[static_cast<std::size_t>(row)];
        emit scaleChosen(std::clamp(scale, SaturationState::kLeastScale, SaturationState::kLargestScale));
    });
}

void ScalesCard::retranslate() {
    setTitle(tr("THE SAME ROW AT CHOSEN SCALES"));
    m_label->setText(tr("Scales a"));
    m_scales->setTexts(tr("Scales of the table"), tr("Scales of the table, between commas"));
    m_table->setAccessibleName(tr("Weights at chosen scales"));
    m_table->setToolTip(tr("A double click takes the row's scale"));
    m_help->setText(SoftmaxCaptions::aboutTheTable());
    m_logits.clear();  // so that all of it is written again
}

void ScalesCard::showPage(const SoftmaxPage& page) {
    const SaturationState& state = page.state();
    m_scales->setNumbers(state.tableScales);
    const auto current = std::find(state.tableScales.begin(), state.tableScales.end(), state.scale);
    const int marked =
        current == state.tableScales.end() ? -1 : static_cast<int>(current - state.tableScales.begin());
    if (state.logits == m_logits && state.tableScales == m_shown) {
        m_table->setMarkedRow(marked);
        return;
    }
    m_logits = state.logits;
    m_shown = state.tableScales;
    const std::size_t weights = state.logits.size() <= kWeights ? state.logits.size() : 0;
    QStringList headers{tr("scale a")};
    for (std::size_t i = 0; i < weights; ++i) headers.append(page.weightName(i));
    headers << tr("largest weight") << tr("H in nats") << tr("exp(H)") << QStringLiteral("‖J‖")
            << tr("gradient");
    m_table->setHeaders(headers);
    m_table->setRowCount(static_cast<int>(m_shown.size()));
    const auto rows = experiment::saturationCurves(m_logits, m_shown);
    for (int r = 0; rows && r < m_table->rowCount(); ++r) {
        const experiment::SaturationRow& row = (*rows)[static_cast<std::size_t>(r)];
        int column = 0;
        const auto put = [&](const QString& text, bool warning = false) {
            m_table->setCell(r, column++, text, warning);
        };
        put(shortNumber(row.scale, 6));
        for (std::size_t i = 0; i < weights; ++i) put(tableNumber(row.p[i]));
        put(tableNumber(row.measures.maxP));
        put(shortNumber(row.measures.entropyNats, 5));
        put(shortNumber(row.measures.effectiveNumber(), 5));
        put(shortNumber(row.measures.jacobianFrobenius, 4));
        put(row.measures.saturated ? tr("saturated") : tr("passes"), row.measures.saturated);
    }
    m_table->setVisible(!m_shown.empty());
    m_table->resizeColumnsToContents();
    m_table->setMarkedRow(-1);
    m_table->setMarkedRow(marked);
    m_table->updateGeometry();
}

NumericsCard::NumericsCard(QWidget* parent) : Card(QStringLiteral("softmax.numerics"), parent) {
    m_table = new NumberTable(this);
    m_table->setObjectName(QStringLiteral("softmax.numerics.view"));
    m_messages = new QLabel(this);
    m_messages->setObjectName(QStringLiteral("softmax.numerics.messages"));
    m_messages->setProperty("look", QStringLiteral("warning"));
    m_messages->setWordWrap(true);
    add(m_table);
    add(m_messages);
    retranslate();
    m_table->setRowCount(static_cast<int>(experiment::kNumberFormats.size()));
}

void NumericsCard::retranslate() {
    setTitle(tr("THE SAME SOFTMAX IN FOUR NUMBER FORMATS"));
    m_table->setAccessibleName(tr("Softmax in four number formats"));
    m_table->setHeaders(
        {tr("format"), tr("from exp(a·s)"), tr("error"), tr("from exp(a·s − max)"), tr("error")});
}

QString NumericsCard::captionOf(const std::vector<NumericsCell>& cells, double scale) {
    QStringList broken;
    double worst = 0;
    for (const NumericsCell& cell : cells) {
        if (!std::isfinite(cell.largestError)) {
            const QString name = QString::fromLatin1(toString(cell.format));
            if (!broken.contains(name)) broken.append(name);
        } else if (cell.maximumSubtracted) {
            worst = std::max(worst, cell.largestError);
        }
    }
    const QString number = shortNumber(scale);
    if (broken.isEmpty()) {
        return tr("At a = %1 nothing overflows; with the maximum subtracted the worst weight is wrong by %2. "
                  "Pull the scale to the right.")
            .arg(number, shortNumber(worst, 2));
    }
    return tr("At a = %1 the weights are lost in %2 unless the maximum is subtracted first, which changes "
              "nothing in exact arithmetic; then the worst weight is wrong by %3.")
        .arg(number, broken.join(QStringLiteral(", ")), shortNumber(worst, 2));
}

void NumericsCard::showPage(const SoftmaxPage& page) {
    const auto cells = experiment::softmaxNumerics(page.state().logits, page.state().scale);
    if (!cells) return;
    setCaption(captionOf(*cells, page.state().scale));
    QStringList messages;
    for (std::size_t i = 0; i < cells->size(); ++i) {
        const NumericsCell& cell = (*cells)[i];
        const int row = static_cast<int>(i / 2), column = cell.maximumSubtracted ? 3 : 1;
        const QString message = cell.message ? errorText(*cell.message) : QString();
        if (!cell.maximumSubtracted) m_table->setCell(row, 0, QString::fromLatin1(toString(cell.format)));
        m_table->setCell(row, column, weightsText(cell), !message.isEmpty(), message);
        m_table->setCell(row, column + 1, errorTextOf(cell), !message.isEmpty(), message);
        if (!message.isEmpty()) messages.append(message);
    }
    m_messages->setText(messages.join(QLatin1Char('\n')));
    m_messages->setVisible(!messages.isEmpty());
    m_table->resizeColumnsToContents();
    m_table->updateGeometry();
}

}  // namespace attn::ui
