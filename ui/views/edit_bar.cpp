#include "ui/views/edit_bar.h"

#include "core/text/tokenizer.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <cmath>

namespace attn::ui {
namespace {

constexpr double kNearlyOne = 1e-4;
constexpr int kSentencePx = 260;  ///< before text zoom

/// The first row with weights that were set whose sum is not 1; empty: all of them sum to 1.
QString oddRow(const Trace& trace, const TensorKey& key, const Tensor& pattern) {
    for (const EditedCell& cell : trace.edits(key)->cells()) {
        const double sum = pattern.matrix(cell.head).row(cell.row).cast<double>().sum();
        if (std::abs(sum - 1) < kNearlyOne) continue;
        const Tokens* const tokens = trace.tokensAlong(key, Axis::Queries);
        const QString name =
            QString::fromStdString(displayText(tokens->items[static_cast<std::size_t>(cell.row)].text, 16));
        return EditBar::tr("the row of ‘%1’ (head %2) sums to %3.")
            .arg(name)
            .arg(cell.head)
            .arg(shortNumber(sum));
    }
    return {};
}

}  // namespace

QString editedText(const Trace& trace, const TensorKey& key) {
    const TensorEdits* const edits = trace.edits(key);
    if (edits == nullptr) return {};
    const int count = static_cast<int>(edits->cells().size());
    const QString name = QString::fromLatin1(toString(key.name));
    QString text = count == 1 ? EditBar::tr("1 number of %1 was set by hand").arg(name)
                              : EditBar::tr("%Ln numbers of %1 were set by hand", nullptr, count).arg(name);
    const TensorPtr pattern = key.name == TensorName::Pattern ? trace.find(key)->peek() : nullptr;
    if (!pattern) return text + u'.';
    if (const QString odd = oddRow(trace, key, *pattern); !odd.isEmpty())
        return text + QStringLiteral(": ") + odd;
    return text + QStringLiteral(": ") + EditBar::tr("every row sums to 1.");
}

EditBar::EditBar(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_layout(new QBoxLayout(QBoxLayout::LeftToRight, this)),
      m_text(new QLabel(this)),
      m_rows(new SegmentedControl(QStringLiteral("edited_rows"), this)),
      m_reset(new QPushButton(this)) {
    setObjectName(QStringLiteral("editBar"));
    m_text->setObjectName(QStringLiteral("editBar.text"));
    m_text->setProperty("look", QStringLiteral("edited"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_reset->setObjectName(QStringLiteral("editBar.reset"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_text, 1);
    auto* controls = new QHBoxLayout;
    controls->setSpacing(8);
    controls->addStretch(1);
    controls->addWidget(m_rows);
    controls->addWidget(m_reset);
    m_layout->addLayout(controls);
    connect(m_reset, &QPushButton::clicked, this, [this] { m_document->resetTensor(m_key); });
    connect(m_rows, &SegmentedControl::chosen, this, [this](const QString& id) {
        m_document->setParameter(ParameterId::EditedRows, id.toStdString());
    });
    hide();
}

/// The sentence above the controls where beside them it would be a column of words.
void EditBar::arrange() {
    const int controls = m_reset->sizeHint().width() + (m_rows->isHidden() ? 0 : m_rows->sizeHint().width());
    const bool beside = width() >= controls + static_cast<int>(kSentencePx * textZoom(*this));
    m_layout->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void EditBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void EditBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) arrange();
    if (event->type() == QEvent::LanguageChange && m_document->trace())
        showTensor(*m_document->trace(), m_key);
}

void EditBar::showTensor(const Trace& trace, const TensorKey& key) {
    m_key = key;
    const QString text = editedText(trace, key);
    // Nothing moves under a pointer that drags a number.
    if (!text.isEmpty() && isHidden() && m_document->inGesture()) return;
    setVisible(!text.isEmpty());
    if (text.isEmpty()) return;
    m_text->setText(text);
    m_reset->setText(tr("Reset %1").arg(QString::fromLatin1(toString(key.name))));
    m_reset->setToolTip(tr("Take back what was set by hand in this tensor"));
    m_rows->setVisible(key.name == TensorName::Pattern);
    const ParameterSpec& rows = spec(ParameterId::EditedRows);
    std::vector<Segment> segments;
    for (const ParameterChoice& choice : rows.choices)
        segments.push_back({QString::fromLatin1(choice.value), coreText(choice.label), coreText(choice.tip)});
    m_rows->setSegments(segments);
    m_rows->setAccessibleName(coreText(rows.label));
    m_rows->setCurrent(
        QString::fromStdString(formatValue(m_document->parameters().get(ParameterId::EditedRows))));
    arrange();
}

}  // namespace attn::ui
