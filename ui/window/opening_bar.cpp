#include "ui/window/opening_bar.h"

#include "ui/model/scene_document.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include <cmath>

namespace attn::ui {
namespace {

constexpr int kMomentMillis = 150;
constexpr int kSteps = 1000;

}  // namespace

OpeningBar::OpeningBar(SceneDocument* document, QWidget* parent)
    : QFrame(parent),
      m_document(document),
      m_label(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_cancel(new QPushButton(this)) {
    setObjectName(QStringLiteral("openingBar"));
    setProperty("card", true);
    m_label->setTextFormat(Qt::PlainText);
    m_progress->setObjectName(QStringLiteral("opening.progress"));
    m_progress->setRange(0, kSteps);
    m_progress->setTextVisible(false);
    m_cancel->setObjectName(QStringLiteral("opening.cancel"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 8, 6);
    layout->setSpacing(16);
    layout->addWidget(m_label);
    layout->addWidget(m_progress, 1);
    layout->addWidget(m_cancel);
    hide();
    m_patience.setSingleShot(true);
    m_patience.setInterval(kMomentMillis);
    connect(&m_patience, &QTimer::timeout, this, &QWidget::show);
    connect(m_cancel, &QPushButton::clicked, document, &SceneDocument::cancelOpening);
    connect(document, &SceneDocument::openingChanged, this, &OpeningBar::follow);
    showTexts();
    follow();
}

void OpeningBar::follow() {
    const std::optional<Opening>& opening = m_document->opening();
    if (!opening) {
        m_patience.stop();
        hide();
        return;
    }
    // All weights are there, and the first pass through them is on its way.
    const bool computes = opening->fraction >= 1;
    m_label->setText(computes ? tr("%1: working out the first picture …").arg(opening->name)
                              : tr("Opening %1 …").arg(opening->name));
    m_progress->setValue(static_cast<int>(std::lround(opening->fraction * kSteps)));
    m_cancel->setVisible(opening->cancellable);
    setAccessibleName(m_label->text());
    if (isHidden() && !m_patience.isActive()) m_patience.start();
}

void OpeningBar::showTexts() {
    m_cancel->setText(tr("Cancel"));
    m_cancel->setToolTip(tr("Stop opening it; what is there stays"));
    m_progress->setAccessibleName(tr("How far the model is opened"));
}

void OpeningBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() != QEvent::LanguageChange) return;
    showTexts();
    follow();
}

}  // namespace attn::ui
