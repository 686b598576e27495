#include "ui/panels/painted_note.h"

#include "core/text/tokenizer.h"
#include "ui/model/scene_document.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr std::size_t kNamed = 3;  // sleeping cells that are called by name
constexpr std::size_t kTokenCharacters = 12;

QString cellText(const PaintedCell& cell) {
    return QStringLiteral("%1 → %2").arg(
        QString::fromStdString(displayText(cell.queryToken, kTokenCharacters)),
        QString::fromStdString(displayText(cell.keyToken, kTokenCharacters)));
}

QLabel* mutedLabel(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setProperty("look", QStringLiteral("muted"));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

}  // namespace

PaintedNote::PaintedNote(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_painted(mutedLabel(QStringLiteral("painted.note"), this)),
      m_sleeping(mutedLabel(QStringLiteral("painted.sleeping.note"), this)),
      m_clear(new QPushButton(this)),
      m_remove(new QPushButton(this)) {
    setObjectName(QStringLiteral("painted"));
    m_clear->setObjectName(QStringLiteral("painted.clear"));
    m_remove->setObjectName(QStringLiteral("painted.sleeping.remove"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_painted, m_clear, m_sleeping, m_remove}) {
        layout->addWidget(widget);
    }
    // In a narrow panel with large text a button is cut before the note above it is.
    for (QPushButton* button : {m_clear, m_remove})
        button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(m_clear, &QPushButton::clicked, document, &SceneDocument::clearPainted);
    connect(m_remove, &QPushButton::clicked, document, &SceneDocument::removeSleepingPainted);
    connect(document, &SceneDocument::inputsChanged, this, &PaintedNote::refresh);
    connect(document, &SceneDocument::traceChanged, this, &PaintedNote::refresh);
    refresh();
}

/// Which cells sleep is known from the trace; while it lags behind the inputs, only those that are still
/// there count.
PaintedNote::Shown PaintedNote::present() const {
    const std::vector<PaintedCell>& painted = m_document->inputs().painted;
    Shown shown{painted.size(), {}};
    const TracePtr& trace = m_document->trace();
    if (painted.empty() || !trace) return shown;
    const std::vector<PaintedCell>& traced = trace->inputs().painted;
    for (const SiteInfo& site : trace->sites()) {
        for (const std::size_t index : trace->mask(site.name).sleeping) {
            if (index >= traced.size()) continue;
            if (std::find(painted.begin(), painted.end(), traced[index]) != painted.end()) {
                shown.sleeping.push_back(traced[index]);
            }
        }
    }
    return shown;
}

void PaintedNote::refresh() {
    const Shown now = present();
    if (m_shown == now) return;
    m_shown = now;
    show(now);
    if (m_relevant == (now.painted > 0)) return;
    m_relevant = now.painted > 0;
    emit relevanceChanged();
}

void PaintedNote::show(const Shown& shown) {
    const int painted = static_cast<int>(shown.painted), sleeping = static_cast<int>(shown.sleeping.size());
    m_painted->setText(painted == 1 ? tr("1 cell painted by hand")
                                    : tr("%Ln cells painted by hand", nullptr, painted));
    m_clear->setText(tr("Remove them all"));
    m_remove->setText(tr("Remove these"));
    QStringList named;
    for (const PaintedCell& cell : shown.sleeping) {
        if (named.size() == kNamed) break;
        named += cellText(cell);
    }
    if (shown.sleeping.size() > kNamed) named += QStringLiteral("…");
    const QString waiting = sleeping == 1
                                ? tr("1 painted cell waits for its words: %1")
                                : tr("%Ln painted cells wait for their words: %1", nullptr, sleeping);
    m_sleeping->setText(waiting.arg(named.join(QStringLiteral(", "))));
    const bool awake = shown.painted > shown.sleeping.size();
    m_painted->setVisible(awake);
    m_clear->setVisible(awake);
    m_sleeping->setVisible(!shown.sleeping.empty());
    m_remove->setVisible(!shown.sleeping.empty());
}

void PaintedNote::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange && m_shown) show(*m_shown);
}

}  // namespace attn::ui
