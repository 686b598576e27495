#include "ui/panels/number_editor.h"

#include "ui/model/scene_document.h"
#include "ui/panels/number_field.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/value_slider.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace attn::ui {

NumberEditor::NumberEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                           QWidget* parent)
    : ParameterEditor(spec, document, heading, parent) {
    const bool slides = SliderMapping::fits(spec);
    m_field =
        new NumberField(spec, slides ? std::optional(SliderMapping(spec)) : std::nullopt, label(), this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_field);
    if (spec.id == ParameterId::Seed) addDie();
    if (slides) addResetTo(m_field->slider());
    connect(m_field, &NumberField::valueChosen, this, [this](const ParameterValue& value) { choose(value); });
    connect(m_field, &NumberField::gestureStarted, this, [this] { beginGesture(); });
    connect(m_field, &NumberField::gestureEnded, this, [this] { endGesture(); });
}

void NumberEditor::addDie() {
    m_die = new QToolButton(this);
    m_die->setObjectName(objectName() + QStringLiteral(".next"));
    m_die->setText(QStringLiteral("⚄"));
    m_die->setFocusPolicy(Qt::StrongFocus);
    m_field->addTrailing(m_die);
    connect(m_die, &QToolButton::clicked, this, [this] {
        const auto seed = std::get<std::int64_t>(document()->parameters().get(spec().id));
        const auto last = static_cast<std::int64_t>(spec().maximum);
        choose(seed == last ? static_cast<std::int64_t>(spec().minimum) : seed + 1);
    });
}

void NumberEditor::showValue(const ParameterValue& value) {
    m_field->setValue(value);
}

void NumberEditor::showTexts() {
    m_field->setNames(labelText(), tip());
    if (m_die == nullptr) return;
    m_die->setToolTip(tr("New weights: the next seed"));
    m_die->setAccessibleName(tr("New seed"));
}

}  // namespace attn::ui
