#include "ui/window/workspaces.h"

#include "ui/model/scene_document.h"
#include "ui/views/compare_workspace.h"
#include "ui/views/flow_workspace.h"
#include "ui/views/geometry_workspace.h"
#include "ui/views/heads_workspace.h"
#include "ui/views/links_workspace.h"
#include "ui/views/neurons_workspace.h"
#include "ui/views/scaling_workspace.h"
#include "ui/views/softmax_workspace.h"
#include "ui/window/explore_workspace.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <array>

namespace attn::ui {
namespace {

template <typename Page>
Workspace* make(SceneDocument* document, QWidget* parent) {
    return new Page(document, parent);
}

constexpr std::array kEntries{
    WorkspaceEntry{"explore", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Explore"),
                   QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Attention for your sentence, stage by stage"),
                   &make<ExploreWorkspace>},
    WorkspaceEntry{"heads", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Heads"),
                   QT_TRANSLATE_NOOP("attn::ui::Workspaces",
                                     "All heads of all layers: compare them, switch them off, see what is "
                                     "predicted then"),
                   &make<HeadsWorkspace>},
    WorkspaceEntry{"links", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Links"),
                   QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Who attends to whom, as lines between tokens"),
                   &make<LinksWorkspace>},
    WorkspaceEntry{"flow", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Flow"),
                   QT_TRANSLATE_NOOP("attn::ui::Workspaces",
                                     "One token's way through the layers: what is written to it"),
                   &make<FlowWorkspace>},
    WorkspaceEntry{
        "neurons", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Neurons"),
        QT_TRANSLATE_NOOP("attn::ui::Workspaces",
                          "Where a score comes from, number by number, and what would be left of it "
                          "without some of them"),
        &make<NeuronsWorkspace>},
    WorkspaceEntry{
        "geometry", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Geometry"),
        QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Queries and keys as arrows or points of one plane"),
        &make<GeometryWorkspace>},
    WorkspaceEntry{
        "compare", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Compare"),
        QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Two states against each other, number by number"),
        &make<CompareWorkspace>},
    WorkspaceEntry{
        "softmax", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Softmax"),
        QT_TRANSLATE_NOOP("attn::ui::Workspaces", "What a softmax does to larger and larger scores"),
        &make<SoftmaxWorkspace>},
    WorkspaceEntry{"scaling", QT_TRANSLATE_NOOP("attn::ui::Workspaces", "√dₖ"),
                   QT_TRANSLATE_NOOP("attn::ui::Workspaces", "Why scores are divided by √dₖ"),
                   &make<ScalingWorkspace>},
};

int indexOf(const QString& name) {
    for (std::size_t i = 0; i < kEntries.size(); ++i) {
        if (name == QLatin1String(kEntries[i].name)) return static_cast<int>(i);
    }
    return -1;
}

const WorkspaceEntry& entry(int index) {
    return kEntries[static_cast<std::size_t>(index)];
}

}  // namespace

std::span<const WorkspaceEntry> workspaceEntries() {
    return kEntries;
}

QString workspaceNames() {
    QStringList names;
    for (const WorkspaceEntry& each : kEntries) names.append(QString::fromLatin1(each.name));
    return names.join(QStringLiteral(", "));
}

bool isWorkspace(const QString& name) {
    return indexOf(name) >= 0;
}

Workspaces::Workspaces(SceneDocument* document, QWidget* parent)
    : QWidget(parent), m_document(document), m_pages(kEntries.size(), nullptr) {
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(QStringLiteral("workspaceTabs"));
    m_tabs->setAccessibleName(tr("Workspaces"));
    for (std::size_t i = 0; i < kEntries.size(); ++i) m_tabs->addTab(QString());
    retranslate();
    m_stack = new QStackedWidget(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    layout->addWidget(m_stack, 1);
    follow();
    connect(m_document, &SceneDocument::viewChanged, this, &Workspaces::follow);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index != m_current) m_document->setWorkspace(QString::fromLatin1(entry(index).name));
    });
}

void Workspaces::retranslate() {
    for (int i = 0; i < m_tabs->count(); ++i) {
        m_tabs->setTabText(i, tr(entry(i).title));
        m_tabs->setTabToolTip(i, tr("%1 (Ctrl+%2)").arg(tr(entry(i).tip)).arg(i + 1));
    }
}

Workspace* Workspaces::current() const {
    return m_pages[static_cast<std::size_t>(m_current)];
}

QString Workspaces::currentName() const {
    return QString::fromLatin1(entry(m_current).name);
}

Workspace* Workspaces::page(const QString& name) {
    const int index = indexOf(name);
    return index < 0 ? nullptr : page(index);
}

Workspace* Workspaces::page(int index) {
    Workspace*& made = m_pages[static_cast<std::size_t>(index)];
    if (made == nullptr) {
        made = entry(index).make(m_document, m_stack);
        made->fitToText(m_textPx);
        made->setPresenting(m_presenting);
        m_stack->addWidget(made);
    }
    return made;
}

void Workspaces::follow() {
    show(std::max(0, indexOf(QString::fromStdString(m_document->view().workspace))));
}

void Workspaces::show(int index) {
    if (index == m_current) return;
    m_current = index;
    m_stack->setCurrentWidget(page(index));
    m_tabs->setCurrentIndex(index);
    emit currentChanged();
}

void Workspaces::setPresenting(bool presenting) {
    m_presenting = presenting;
    m_tabs->setVisible(!presenting);
    for (Workspace* each : m_pages) {
        if (each != nullptr) each->setPresenting(presenting);
    }
}

void Workspaces::fitToText(int textPx) {
    m_textPx = textPx;
    for (Workspace* each : m_pages) {
        if (each != nullptr) each->fitToText(textPx);
    }
}

}  // namespace attn::ui
