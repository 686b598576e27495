#include "ui/panels/parameter_editor.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/panels/choice_editor.h"
#include "ui/panels/number_editor.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/toggle_editor.h"

#include <QAction>
#include <QEvent>

namespace attn::ui {

namespace {

/// Parameters that belong to one choice of another: out of the way while that is not chosen. (The sizes that
/// identity projections fix stay in sight, for there the values say something.)
bool collapses(ParameterId id) {
    return id == ParameterId::ScoreWidth || id == ParameterId::MaskWindow || id == ParameterId::MaskPadding ||
           id == ParameterId::PositionStrength;
}

QString valueLabel(const ParameterSpec& spec, const ParameterValue& value) {
    if (const auto* choice = std::get_if<std::string>(&value)) {
        for (const ParameterChoice& each : spec.choices) {
            if (*choice == each.value) return coreText(each.label);
        }
    }
    if (const bool* on = std::get_if<bool>(&value)) {
        return *on ? ParameterEditor::tr("on") : ParameterEditor::tr("off");
    }
    return QString::fromStdString(formatValue(value));
}

}  // namespace

ParameterEditor* ParameterEditor::create(const ParameterSpec& spec, SceneDocument* document,
                                         ParameterLabel* heading, QWidget* parent) {
    ParameterEditor* editor = nullptr;
    switch (spec.kind) {
        case ParameterKind::Toggle:
            editor = new ToggleEditor(spec, document, heading, parent);
            break;
        case ParameterKind::Integer:
        case ParameterKind::Real:
            editor = new NumberEditor(spec, document, heading, parent);
            break;
        case ParameterKind::Choice:
        case ParameterKind::ChoiceOrReal:
            editor = new ChoiceEditor(spec, document, heading, parent);
            break;
    }
    editor->retranslate();
    editor->refresh();
    return editor;
}

ParameterEditor::ParameterEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                                 QWidget* parent)
    : QWidget(parent),
      m_spec(spec),
      m_document(document),
      m_label(heading != nullptr ? heading : new ParameterLabel(this)),
      m_reset(new QAction(this)),
      m_hasHeading(heading != nullptr) {
    setObjectName(QStringLiteral("parameter.") + QString::fromLatin1(spec.key));
    if (heading == nullptr) m_label->setObjectName(objectName() + QStringLiteral(".label"));
    m_label->setWordWrap(true);  // large text in a narrow panel
    connect(m_label, &ParameterLabel::resetRequested, m_reset, &QAction::trigger);
    connect(m_reset, &QAction::triggered, this, [this] { m_document->resetParameter(m_spec.id); });
    addResetTo(m_label);
}

void ParameterEditor::refresh() {
    const Parameters& parameters = m_document->parameters();
    const char* reason = disabledReason(m_spec.id, parameters);
    ParameterValue value = effectiveValue(m_spec.id, parameters);
    if (reason != m_reason) {
        m_reason = reason;
        setEnabled(reason == nullptr);
        m_relevant = reason == nullptr || !collapses(m_spec.id);
        m_label->setEnabled(reason == nullptr);
        retranslate();
    }
    if (m_shown == value) return;
    m_shown = value;
    showValue(value);
}

QString ParameterEditor::labelText() const {
    return coreText(m_spec.label);
}

QString ParameterEditor::tip() const {
    QString text = coreText(m_spec.tip);
    if (m_reason != nullptr) text = coreText(m_reason) + u'\n' + text;
    return text + u'\n' +
           tr("%1 · default %2")
               .arg(QString::fromLatin1(m_spec.key), valueLabel(m_spec, m_spec.defaultValue));
}

void ParameterEditor::retranslate() {
    m_label->setText(m_hasHeading ? labelText().toUpper() : labelText());
    m_label->setToolTip(tip() + u'\n' + tr("Double click: back to the default"));
    m_reset->setText(tr("Reset %1").arg(labelText()));
    showTexts();
}

void ParameterEditor::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
}

void ParameterEditor::choose(const ParameterValue& value) {
    m_document->setParameter(m_spec.id, value);
    // What the document made of it, even where it is what it was before.
    m_shown.reset();
    refresh();
}

void ParameterEditor::beginGesture() {
    m_document->beginGesture(tr("Change %1").arg(labelText()));
}
void ParameterEditor::endGesture() {
    m_document->endGesture();
}

void ParameterEditor::addResetTo(QWidget* control) {
    control->addAction(m_reset);
    control->setContextMenuPolicy(Qt::ActionsContextMenu);
}

}  // namespace attn::ui
