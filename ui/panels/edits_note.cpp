#include "ui/panels/edits_note.h"

#include "core/text/tokenizer.h"
#include "ui/model/scene_document.h"
#include "ui/plot/number_text.h"
#include "ui/style/palette.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

constexpr int kMostLines = 6;             ///< a longer list scrolls
constexpr std::size_t kMostListed = 500;  ///< the rest is counted

QString valueText(const Edit& edit) {
    return std::isinf(edit.value) ? QStringLiteral("−∞") : shortNumber(edit.value, 4);
}

/// What it was made against, in words: "‘cat’ → ‘mat’", "4 × 64 × 16".
QString madeAgainst(const Edit& edit) {
    const auto token = [](const std::string& text) {
        return QStringLiteral("‘%1’").arg(QString::fromStdString(displayText(text, 16)));
    };
    if (!edit.rowToken.empty() && !edit.columnToken.empty())
        return token(edit.rowToken) + QStringLiteral(" → ") + token(edit.columnToken);
    if (!edit.rowToken.empty()) return token(edit.rowToken);
    QString shape = QStringLiteral("%1 × %2").arg(edit.rows).arg(edit.columns);
    if (hasHeads(edit.tensor.name)) shape = QStringLiteral("%1 × ").arg(edit.heads) + shape;
    return shape;
}

}  // namespace

EditsNote::EditsNote(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_title(new QLabel(this)),
      m_list(new QListWidget(this)),
      m_reset(new QLabel(this)),
      m_cell(new QPushButton(this)),
      m_tensor(new QPushButton(this)),
      m_all(new QPushButton(this)) {
    setObjectName(QStringLiteral("edits"));
    m_title->setObjectName(QStringLiteral("edits.title"));
    m_title->setProperty("look", QStringLiteral("group"));
    m_title->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("edits.list"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideLeft);
    m_list->setUniformItemSizes(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_list);
    m_reset->setProperty("look", QStringLiteral("muted"));
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_reset);
    layout->addLayout(row);
    const std::initializer_list<std::pair<QPushButton*, const char*>> buttons{
        {m_cell, "edits.reset.cell"}, {m_tensor, "edits.reset.tensor"}, {m_all, "edits.reset.all"}};
    for (const auto& [button, name] : buttons) {
        button->setObjectName(QString::fromLatin1(name));
        // The tensor's name may be long: it has what the short ones leave.
        const bool named = button == m_tensor;
        button->setSizePolicy(named ? QSizePolicy::Ignored : QSizePolicy::Preferred, QSizePolicy::Fixed);
        row->addWidget(button, named ? 1 : 0);
    }
    connect(m_list, &QListWidget::currentRowChanged, this, [this] { write(*m_shown); });
    connect(m_list, &QListWidget::itemClicked, this, &EditsNote::goTo);
    connect(m_list, &QListWidget::itemActivated, this, &EditsNote::goTo);
    connect(m_cell, &QPushButton::clicked, this, [this] {
        if (const Edit* edit = chosen())
            m_document->resetCell(edit->tensor, static_cast<int>(edit->head), static_cast<int>(edit->row),
                                  static_cast<int>(edit->column));
    });
    connect(m_tensor, &QPushButton::clicked, this, [this] {
        if (const Edit* edit = chosen()) m_document->resetTensor(edit->tensor);
    });
    connect(m_all, &QPushButton::clicked, document, &SceneDocument::clearEdits);
    connect(document, &SceneDocument::inputsChanged, this, &EditsNote::refresh);
    connect(document, &SceneDocument::traceChanged, this, &EditsNote::refresh);
    refresh();
}

/// Which edits sleep is known from the trace; while it lags behind the inputs, only those that are still
/// there count.
EditsNote::Shown EditsNote::present() const {
    Shown shown{m_document->inputs().edits, {}};
    shown.sleeps.resize(shown.edits.size());
    const TracePtr& trace = m_document->trace();
    if (!trace) return shown;
    const Edits& traced = trace->inputs().edits;
    for (const std::size_t index : trace->sleepingEdits()) {
        const auto found =
            std::lower_bound(shown.edits.begin(), shown.edits.end(), traced[index],
                             [](const Edit& a, const Edit& b) { return std::is_lt(comparePlaces(a, b)); });
        if (found != shown.edits.end() && *found == traced[index])
            shown.sleeps[static_cast<std::size_t>(found - shown.edits.begin())] = true;
    }
    return shown;
}

const Edit* EditsNote::chosen() const {
    const int row = m_list->currentRow();
    return m_shown && row >= 0 && static_cast<std::size_t>(row) < m_shown->edits.size()
               ? &m_shown->edits[static_cast<std::size_t>(row)]
               : nullptr;
}

void EditsNote::refresh() {
    Shown now = present();
    if (m_shown == now) return;
    const bool relevant = !now.edits.empty();
    m_shown = std::move(now);
    const QSignalBlocker quiet(m_list);
    const std::size_t listed = std::min(m_shown->edits.size(), kMostListed);
    const int current = std::min(m_list->currentRow(), static_cast<int>(listed) - 1);
    while (m_list->count() > static_cast<int>(listed)) delete m_list->takeItem(m_list->count() - 1);
    while (m_list->count() < static_cast<int>(listed)) m_list->addItem(QString());
    m_list->setCurrentRow(std::max(current, 0));
    write(*m_shown);
    if (m_relevant == relevant) return;
    m_relevant = relevant;
    emit relevanceChanged();
}

void EditsNote::write(const Shown& shown) {
    const auto asleep = std::count(shown.sleeps.begin(), shown.sleeps.end(), true);
    const int all = static_cast<int>(shown.edits.size());
    QString title = all == 1 ? tr("1 number set by hand") : tr("%Ln numbers set by hand", nullptr, all);
    if (asleep > 0) title += tr(", %Ln asleep", nullptr, static_cast<int>(asleep));
    m_title->setText(title.toUpper());
    m_list->setAccessibleName(title);
    const Palette& palette = paletteFor(*this);
    for (int i = 0; i < m_list->count(); ++i) {
        const Edit& edit = shown.edits[static_cast<std::size_t>(i)];
        const bool sleeps = shown.sleeps[static_cast<std::size_t>(i)];
        const QString place = QString::fromStdString(formatPlace(edit));
        const QString text = place + QStringLiteral(" = ") + valueText(edit);
        QListWidgetItem* const item = m_list->item(i);
        item->setText(sleeps ? tr("%1 (asleep)").arg(text) : text);
        item->setForeground(sleeps ? palette.muted : palette.text);
        item->setToolTip(sleeps ? tr("%1 sleeps until what it was made against is there again: %2")
                                      .arg(text, madeAgainst(edit))
                                : tr("%1, made for %2").arg(text, madeAgainst(edit)));
    }
    const Edit* const edit = chosen();
    const auto say = [](QPushButton* button, const QString& text, const QString& tip) {
        button->setText(text);
        button->setToolTip(tip);
        button->setAccessibleName(tip);
    };
    m_reset->setText(tr("Reset"));
    const QString tensor = edit != nullptr ? QString::fromLatin1(toString(edit->tensor.name)) : QString();
    m_reset->setVisible(all > 1);
    say(m_cell, all > 1 ? tr("this") : tr("Reset this number"), tr("Take this number back"));
    say(m_tensor, tensor,
        edit != nullptr
            ? tr("Take back all numbers of %1").arg(QString::fromStdString(edit->tensor.fullName()))
            : QString());
    say(m_all, tr("all"), tr("Take back all numbers that were set by hand"));
    m_cell->setEnabled(edit != nullptr);
    m_tensor->setEnabled(edit != nullptr);
    // One alone needs one button.
    m_tensor->setVisible(all > 1);
    m_all->setVisible(all > 1);
    fit();
}

void EditsNote::fit() {
    const int line = std::max(m_list->sizeHintForRow(0), m_list->fontMetrics().height());
    const int lines = std::clamp(m_list->count(), 1, kMostLines);
    m_list->setFixedHeight(lines * line + 2 * m_list->frameWidth() + 2);
}

void EditsNote::goTo() {
    if (const Edit* edit = chosen()) emit chosenByUser(*edit);
}

void EditsNote::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    const bool looks = event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange ||
                       event->type() == QEvent::PaletteChange;
    if (looks && m_shown) write(*m_shown);
}

}  // namespace attn::ui
