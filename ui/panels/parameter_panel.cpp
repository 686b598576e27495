#include "ui/panels/parameter_panel.h"

#include "core/scene/parameter.h"
#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/badge.h"
#include "ui/panels/edits_note.h"
#include "ui/panels/model_facts.h"
#include "ui/panels/painted_note.h"
#include "ui/panels/parameter_editor.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/scope_switch.h"
#include "ui/style/fonts.h"

#include <QEvent>
#include <QFocusEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <string_view>

namespace attn::ui {

namespace {

constexpr int kMarginPx = 16, kEditorGapPx = 8, kGroupGapPx = 8, kWidthPx = 256;

}  // namespace

ParameterPanel::ParameterPanel(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_scroll(new QScrollArea(this)),
      m_content(new QWidget),
      m_layout(new QVBoxLayout(m_content)),
      m_badge(new Badge(document, this)) {
    setObjectName(QStringLiteral("parameterPanel"));
    m_scroll->setObjectName(QStringLiteral("parameterPanel.scroll"));
    m_content->setObjectName(QStringLiteral("parameterPanel.content"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    // Both stay clear, so that the card behind them shows.
    m_scroll->viewport()->setAutoFillBackground(false);
    m_layout->setContentsMargins(kMarginPx, kMarginPx, kMarginPx, kMarginPx);
    m_layout->setSpacing(kEditorGapPx);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_scroll, 1);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(kMarginPx, 8, kMarginPx, 12);
    foot->addWidget(m_badge);
    layout->addLayout(foot);

    build();
    m_scroll->setWidget(m_content);
    m_content->setAutoFillBackground(false);
    showTexts();
    refresh();
    m_scroll->viewport()->installEventFilter(this);
    connect(m_scroll->verticalScrollBar(), &QScrollBar::rangeChanged, this, &ParameterPanel::fitWidth);
    connect(document, &SceneDocument::inputsChanged, this, &ParameterPanel::refresh);
    connect(document, &SceneDocument::traceChanged, this, &ParameterPanel::refresh);
    connect(document, &SceneDocument::ofSiteChanged, this, &ParameterPanel::refresh);
    connect(document->selection(), &Selection::siteChanged, this, &ParameterPanel::refresh);
    connect(m_painted, &PaintedNote::relevanceChanged, this, &ParameterPanel::refresh);
    connect(m_edits, &EditsNote::relevanceChanged, this, &ParameterPanel::refresh);
    connect(m_edits, &EditsNote::chosenByUser, this, &ParameterPanel::editChosen);
}

void ParameterPanel::build() {
    m_painted = new PaintedNote(m_document, m_content);
    m_scope = new ScopeSwitch(m_document, m_content);
    m_layout->addWidget(m_scope);
    m_edits = new EditsNote(m_document, m_content);
    m_layout->addWidget(m_edits);
    bool inMask = false;
    for (const ParameterSpec& each : parameterTable()) {
        if (each.editor != EditorPlace::Controls) continue;
        const bool newGroup = m_groups.empty() || std::string_view(m_groups.back().name) != each.group;
        ParameterLabel* heading = nullptr;
        if (newGroup) {
            if (inMask) m_layout->addWidget(m_painted);
            heading = new ParameterLabel(m_content);
            // Its own margin, so that the gap goes where the group is out of sight.
            if (!m_groups.empty()) heading->setContentsMargins(0, kGroupGapPx, 0, 0);
            heading->setObjectName(QStringLiteral("group.") + QString::fromLatin1(each.key));
            heading->setProperty("look", QStringLiteral("group"));
            m_layout->addWidget(heading);
            // A group that is called like its first choice does not say it twice.
            const bool same =
                each.kind == ParameterKind::Choice && std::string_view(each.group) == each.label;
            m_groups.push_back({each.group, heading, same, {}});
            if (!same) heading = nullptr;
        }
        inMask = each.id == ParameterId::Mask || (inMask && !newGroup);
        auto* editor = ParameterEditor::create(each, m_document, heading, m_content);
        m_editors.push_back(editor);
        m_groups.back().editors.push_back(editor);
        m_layout->addWidget(editor);
        for (QWidget* child : editor->findChildren<QWidget*>()) child->installEventFilter(this);
    }
    m_facts = new ModelFacts(m_document, m_content);
    m_layout->addWidget(m_facts);
    m_layout->addStretch(1);
}

void ParameterPanel::refresh() {
    const auto show = [](QWidget* widget, bool visible) {
        if (widget->isHidden() == visible) widget->setVisible(visible);
    };
    for (const Group& group : m_groups) {
        bool any = false;
        for (ParameterEditor* editor : group.editors) {
            editor->refresh();
            show(editor, editor->isRelevant());
            any = any || editor->isRelevant();
        }
        show(group.label, any);
    }
    show(m_painted, m_painted->isRelevant());
    show(m_edits, m_edits->isRelevant());
    show(m_scope, m_scope->isNeeded());
    show(m_facts, m_facts->isRelevant());
}

void ParameterPanel::showTexts() {
    for (const Group& group : m_groups) {
        if (!group.ownedByEditor) group.label->setText(coreText(group.name).toUpper());
    }
    setAccessibleName(tr("Controls"));
}

QSize ParameterPanel::sizeHint() const {
    const auto zoomed = static_cast<int>(kWidthPx * (1 + (textZoom(*this) - 1) / 2));
    return {zoomed, 600};
}

void ParameterPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) showTexts();
    if (event->type() == QEvent::FontChange) updateGeometry();
}

/// The editors have the same width with and without a scroll bar, and never more than there is.
void ParameterPanel::fitWidth() {
    const QScrollBar* bar = m_scroll->verticalScrollBar();
    const int taken = bar->maximum() > bar->minimum() ? bar->sizeHint().width() : 0;
    m_layout->setContentsMargins(kMarginPx, kMarginPx, kMarginPx - std::min(taken, kMarginPx), kMarginPx);
    m_content->setMaximumWidth(std::max(1, m_scroll->viewport()->width()));
}

/// Tab brings a control into sight.
bool ParameterPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_scroll->viewport() && event->type() == QEvent::Resize) fitWidth();
    if (event->type() == QEvent::FocusIn) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
            reason == Qt::ShortcutFocusReason) {
            m_scroll->ensureWidgetVisible(static_cast<QWidget*>(watched), 8, 24);
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace attn::ui
