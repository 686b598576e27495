#include "ui/panels/number_field.h"

#include "ui/model/error_text.h"
#include "ui/panels/value_edit.h"
#include "ui/panels/value_slider.h"

#include <QEvent>
#include <QVBoxLayout>

#include <cmath>

namespace attn::ui {

namespace {

std::optional<double> numberOf(const ParameterValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    return std::nullopt;
}

}  // namespace

NumberField::NumberField(const ParameterSpec& spec, std::optional<SliderMapping> mapping, QLabel* leading,
                         QWidget* parent)
    : QWidget(parent), m_spec(spec), m_mapping(mapping ? *mapping : SliderMapping(spec)), m_leading(leading) {
    const QString name = QStringLiteral("parameter.") + QString::fromLatin1(spec.key);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_line = new QBoxLayout(QBoxLayout::LeftToRight);
    m_line->setSpacing(4);
    layout->addLayout(m_line);

    m_edit = new ValueEdit(this);
    m_edit->setObjectName(name + QStringLiteral(".value"));
    leading->setBuddy(m_edit);
    m_line->addWidget(leading);
    m_line->addWidget(m_edit, 1);

    if (mapping) {
        m_slider = new ValueSlider(*mapping, this);
        m_slider->setObjectName(name + QStringLiteral(".slider"));
        m_slider->setMagnet(numberOf(spec.defaultValue));
        layout->addWidget(m_slider);
        connect(m_slider, &ValueSlider::numberMoved, this, &NumberField::choose);
        connect(m_slider, &ValueSlider::gestureStarted, this, &NumberField::gestureStarted);
        connect(m_slider, &ValueSlider::gestureEnded, this, &NumberField::gestureEnded);
    }

    m_message = new QLabel(this);
    m_message->setObjectName(name + QStringLiteral(".message"));
    m_message->setProperty("look", QStringLiteral("warning"));
    m_message->setWordWrap(true);
    m_message->hide();
    layout->addWidget(m_message);

    connect(m_edit, &ValueEdit::committed, this, &NumberField::commit);
    connect(m_edit, &ValueEdit::abandoned, this, [this] { showMessage({}); });
    connect(m_edit, &QLineEdit::textEdited, this, [this] { showMessage({}); });
    const auto stepFrom = [this](auto move) {
        if (const auto number = numberOf(m_value)) choose(move(*number));
    };
    connect(m_edit, &ValueEdit::stepped, this, [this, stepFrom](int steps) {
        stepFrom([&](double from) { return m_mapping.stepped(from, steps); });
    });
    connect(m_edit, &ValueEdit::paged, this, [this, stepFrom](int pages) {
        stepFrom([&](double from) { return m_mapping.paged(from, pages); });
    });
}

void NumberField::setValue(const ParameterValue& value) {
    m_value = value;
    const auto number = numberOf(value);
    m_edit->setValueText(number ? text(value) : QString());
    if (m_slider != nullptr && number) m_slider->setNumber(*number);
    showMessage({});
}

void NumberField::setNames(const QString& accessibleName, const QString& tip) {
    m_edit->setAccessibleName(accessibleName);
    m_edit->setAccessibleDescription(tip);
    m_edit->setToolTip(tip);
    if (m_slider == nullptr) return;
    m_slider->setAccessibleName(accessibleName);
    m_slider->setAccessibleDescription(tip);
    m_slider->setToolTip(tip);
}

void NumberField::addTrailing(QWidget* widget) {
    m_line->addWidget(widget);
}

/// Where both do not fit side by side, the value goes below its label.
void NumberField::arrange() {
    const int needed = m_leading->fontMetrics().horizontalAdvance(m_leading->text()) + m_line->spacing() +
                       m_edit->minimumSizeHint().width();
    const auto direction =
        m_line->count() > 2 || needed <= width() ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom;
    if (m_line->direction() != direction) m_line->setDirection(direction);
}

void NumberField::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void NumberField::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) arrange();
}

void NumberField::commit(const QString& text) {
    QString plain = text.trimmed();
    plain.replace(QChar(0x2212), u'-');
    const auto value = parseValue(m_spec, plain.toStdString());
    if (!value) {
        m_edit->setInvalid(true);
        showMessage(errorText(value.error()));
        return;
    }
    if (*value == m_value) {
        m_edit->revert();  // another way to write the same number
        return;
    }
    emit valueChosen(*value);
}

void NumberField::choose(double number) {
    if (m_spec.kind == ParameterKind::Integer) {
        emit valueChosen(static_cast<std::int64_t>(std::llround(number)));
    } else {
        emit valueChosen(number);
    }
}

void NumberField::showMessage(const QString& text) {
    if (m_message->text() == text && m_message->isHidden() == text.isEmpty()) return;
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
    m_edit->setAccessibleDescription(text.isEmpty() ? m_edit->toolTip() : text);
}

/// At least the decimals of the step, and all that the value has: "1.00", "0.125".
QString NumberField::text(const ParameterValue& value) const {
    QString shortest = QString::fromStdString(formatValue(value));
    if (!std::holds_alternative<double>(value) || shortest.contains(u'e')) return shortest;
    const qsizetype wanted =
        m_spec.step < 1 ? static_cast<qsizetype>(std::lround(-std::log10(m_spec.step))) : 0;
    qsizetype point = shortest.indexOf(u'.');
    if (point < 0 && wanted > 0) {
        point = shortest.size();
        shortest += u'.';
    }
    const qsizetype decimals = point < 0 ? 0 : shortest.size() - point - 1;
    if (decimals < wanted) shortest += QString(wanted - decimals, u'0');
    return shortest;
}

}  // namespace attn::ui
