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

ParameterEditor::Standing ParameterEditor::standing(const ParameterPlace& place) const {
    const Parameters& parameters = m_document->parameters();
    Standing now;
    now.reason = disabledReason(m_spec.id, parameters, place);
    now.trained = place.model.has_value();
    now.ofSite = !place.site.empty();
    now.own =
        now.ofSite ? (parameters.hasOwn(m_spec.id, place.site) ? 1 : 0) : parameters.ownCount(m_spec.id);
    return now;
}

void ParameterEditor::refresh() {
    const ParameterPlace place = m_document->parameterPlace();
    ParameterValue value = effectiveValue(m_spec.id, m_document->parameters(), place);
    if (const Standing now = standing(place); !(now == m_standing)) {
        m_standing = now;
        const bool active = now.reason == nullptr;
        setEnabled(active);
        // A trained model's own sizes are shown as facts.
        const bool elsewhere = now.trained && isOfToyAlone(m_spec.id);
        m_relevant = active || !(elsewhere || collapses(m_spec.id));
        m_label->setEnabled(active);
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
    if (m_standing.reason != nullptr) text = coreText(m_standing.reason) + u'\n' + text;
    if (m_standing.own > 0 && m_standing.ofSite) {
        text += u'\n' + tr("This layer has a value of its own.");
    } else if (m_standing.own == 1) {
        text += u'\n' + tr("One layer has a value of its own; what is chosen here is for all.");
    } else if (m_standing.own > 1) {
        text += u'\n' + tr("%Ln layers have values of their own; what is chosen here is for all.", nullptr,
                           static_cast<int>(m_standing.own));
    }
    const bool ownMask = m_standing.trained && m_spec.id == ParameterId::Mask;
    return text + u'\n' +
           tr("%1 · default %2")
               .arg(QString::fromLatin1(m_spec.key),
                    ownMask ? tr("the model's own") : valueLabel(m_spec, m_spec.defaultValue));
}

void ParameterEditor::retranslate() {
    const QString mark = m_standing.own > 0 ? QStringLiteral(" •") : QString();
    m_label->setText((m_hasHeading ? labelText().toUpper() : labelText()) + mark);
    m_label->setToolTip(tip() + u'\n' +
                        (m_standing.ofSite ? tr("Double click: as in the other layers")
                                           : tr("Double click: back to the default")));
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
