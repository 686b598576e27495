#include "ui/panels/choice_editor.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/panels/number_field.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/segmented_control.h"
#include "ui/panels/value_slider.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

// The slider covers what is worth a look; the typed number may be anything that the spec allows.
constexpr double kOwnMinimum = 0.01, kOwnMaximum = 10;

QString own() {
    return QStringLiteral("own");
}

}  // namespace

ChoiceEditor::ChoiceEditor(const ParameterSpec& spec, SceneDocument* document, ParameterLabel* heading,
                           QWidget* parent)
    : ParameterEditor(spec, document, heading, parent), m_segments(new SegmentedControl(objectName(), this)) {
    m_segments->setObjectName(objectName() + QStringLiteral(".choices"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    if (!hasHeading()) layout->addWidget(label());
    layout->addWidget(m_segments);
    connect(m_segments, &SegmentedControl::chosen, this, &ChoiceEditor::chooseSegment);
    if (spec.kind != ParameterKind::ChoiceOrReal) return;

    m_ownLabel = new QLabel(this);
    m_ownLabel->setProperty("look", QStringLiteral("muted"));
    m_own = new NumberField(
        spec, SliderMapping(kOwnMinimum, kOwnMaximum, spec.step, SliderScale::Logarithmic, false), m_ownLabel,
        this);
    m_own->slider()->setMagnet(1.0);
    addResetTo(m_own->slider());
    layout->addWidget(m_own);
    connect(m_own, &NumberField::valueChosen, this, [this](const ParameterValue& value) { choose(value); });
    connect(m_own, &NumberField::gestureStarted, this, [this] { beginGesture(); });
    connect(m_own, &NumberField::gestureEnded, this, [this] { endGesture(); });
}

void ChoiceEditor::showValue(const ParameterValue& value) {
    const auto* choice = std::get_if<std::string>(&value);
    m_segments->setCurrent(choice != nullptr ? QString::fromStdString(*choice) : own());
    if (m_own == nullptr) return;
    m_own->setValue(value);
    m_own->setVisible(choice == nullptr);
}

void ChoiceEditor::showTexts() {
    std::vector<Segment> segments;
    const ParameterPlace place = document()->parameterPlace();
    for (const ParameterChoice& choice : spec().choices) {
        const char* reason = choiceDisabledReason(spec().id, choice.value, place);
        QString choiceTip = coreText(choice.tip);
        if (reason != nullptr) choiceTip = coreText(reason) + u'\n' + choiceTip;
        segments.push_back(
            {QString::fromLatin1(choice.value), coreText(choice.label), choiceTip, reason == nullptr});
    }
    if (m_own != nullptr)
        segments.push_back({own(), tr("own"), tr("A number of your own, from the slider or typed."), true});
    m_segments->setSegments(segments);
    m_segments->setAccessibleName(labelText());
    for (const Segment& segment : segments) {
        m_segments->button(segment.id)->setAccessibleName(tr("%1: %2").arg(labelText(), segment.label));
    }
    label()->setBuddy(m_segments->button(segments.front().id));
    if (m_own == nullptr) return;
    m_ownLabel->setText(tr("factor"));
    m_own->setNames(tr("%1, own number").arg(labelText()), tip());
}

void ChoiceEditor::chooseSegment(const QString& id) {
    if (m_own != nullptr && id == own()) {
        choose(ownNumber());
    } else {
        choose(id.toStdString());
    }
}

/// An own number begins where the choice before it stood, so that nothing jumps.
double ChoiceEditor::ownNumber() const {
    if (spec().id != ParameterId::Scale) return std::clamp(1.0, spec().minimum, spec().maximum);
    return QString::number(effectiveAt(document()->parameters(), document()->parameterPlace()).scale, 'g', 4)
        .toDouble();
}

}  // namespace attn::ui
