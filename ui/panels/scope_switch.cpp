#include "ui/panels/scope_switch.h"

#include "core/trace/site_name.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/segmented_control.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace attn::ui {
namespace {

QString all() {
    return QStringLiteral("all");
}
QString one() {
    return QStringLiteral("one");
}

}  // namespace

ScopeSwitch::ScopeSwitch(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_scope(new SegmentedControl(QStringLiteral("scope"), this)),
      m_own(new QLabel(this)),
      m_reset(new QToolButton(this)) {
    setObjectName(QStringLiteral("scopeSwitch"));
    m_own->setObjectName(QStringLiteral("scope.own"));
    m_own->setProperty("look", QStringLiteral("muted"));
    m_own->setWordWrap(true);
    m_reset->setObjectName(QStringLiteral("scope.reset"));
    m_reset->setFocusPolicy(Qt::StrongFocus);
    auto* line = new QHBoxLayout;
    line->setSpacing(4);
    line->addWidget(m_own, 1);
    line->addWidget(m_reset, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_scope);
    layout->addLayout(line);
    connect(m_scope, &SegmentedControl::chosen, this,
            [this](const QString& id) { m_document->setOfSite(id == one()); });
    connect(m_reset, &QToolButton::clicked, document, &SceneDocument::resetSite);
    connect(document, &SceneDocument::ofSiteChanged, this, &ScopeSwitch::follow);
    connect(document, &SceneDocument::inputsChanged, this, &ScopeSwitch::follow);
    connect(document, &SceneDocument::traceChanged, this, &ScopeSwitch::follow);
    connect(document->selection(), &Selection::siteChanged, this, &ScopeSwitch::follow);
    follow();
}

QString ScopeSwitch::ownNames() const {
    QStringList names;
    const std::string site = m_document->selection()->site().toStdString();
    for (const ParameterSpec& each : parameterTable()) {
        if (m_document->parameters().hasOwn(each.id, site)) names += coreText(each.label);
    }
    return names.join(QStringLiteral(", "));
}

void ScopeSwitch::follow() {
    const TracePtr& trace = m_document->trace();
    const bool needed = trace && trace->sites().size() > 1;
    const QString layer = QString::number(sitePlace(m_document->selection()->site().toStdString()).layer);
    m_scope->setSegments(
        {{all(), tr("all layers"), tr("The controls act on every layer")},
         {one(), tr("layer %1").arg(layer),
          tr("The controls act on the selected layer alone; it keeps what it has of its own")}});
    m_scope->setAccessibleName(tr("Where the controls act"));
    m_scope->setCurrent(m_document->ofSite() ? one() : all());
    const QString own = ownNames();
    m_own->setVisible(!own.isEmpty());
    m_reset->setVisible(!own.isEmpty());
    m_own->setText(tr("Layer %1 has its own: %2").arg(layer, own));
    m_reset->setText(tr("reset"));
    m_reset->setToolTip(tr("The layer follows the others again"));
    m_reset->setAccessibleName(tr("Reset the layer"));
    if (needed == m_needed) return;
    m_needed = needed;
    emit neededChanged();
}

void ScopeSwitch::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) follow();
}

}  // namespace attn::ui
