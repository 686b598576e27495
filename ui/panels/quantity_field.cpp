#include "ui/panels/quantity_field.h"

#include "ui/panels/parameter_label.h"
#include "ui/panels/value_edit.h"
#include "ui/panels/value_slider.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <cmath>

namespace attn::ui {

std::optional<double> typedNumber(const QString& text) {
    QString plain = text.trimmed();
    plain.replace(QChar(u'−'), QLatin1Char('-'));
    bool good = false;
    const double number = QLocale::c().toDouble(plain, &good);
    if (!good) return std::nullopt;
    return number;
}

QString exactNumber(double number) {
    return QString::number(number, 'g', QLocale::FloatingPointShortest).replace(u'-', QChar(u'−'));
}

QuantityField::QuantityField(const QString& name, const SliderMapping& mapping, double defaultValue,
                             QWidget* parent)
    : QWidget(parent), m_mapping(mapping), m_number(defaultValue) {
    setObjectName(name);
    m_label = new ParameterLabel(this);
    m_label->setObjectName(name + QStringLiteral(".label"));
    m_edit = new ValueEdit(this);
    m_edit->setObjectName(name + QStringLiteral(".value"));
    m_label->setBuddy(m_edit);
    m_slider = new ValueSlider(mapping, this);
    m_slider->setObjectName(name + QStringLiteral(".slider"));
    m_slider->setMagnet(defaultValue);
    m_message = new QLabel(this);
    m_message->setObjectName(name + QStringLiteral(".message"));
    m_message->setProperty("look", QStringLiteral("warning"));
    m_message->setWordWrap(true);
    m_message->hide();
    auto* line = new QHBoxLayout;
    line->setSpacing(4);
    line->addWidget(m_label);
    line->addWidget(m_edit, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(line);
    layout->addWidget(m_slider);
    layout->addWidget(m_message);

    connect(m_slider, &ValueSlider::numberMoved, this, &QuantityField::numberChosen);
    connect(m_slider, &ValueSlider::gestureStarted, this, &QuantityField::gestureStarted);
    connect(m_slider, &ValueSlider::gestureEnded, this, &QuantityField::gestureEnded);
    connect(m_label, &ParameterLabel::resetRequested, this,
            [this, defaultValue] { emit numberChosen(defaultValue); });
    connect(m_edit, &ValueEdit::committed, this, &QuantityField::commit);
    connect(m_edit, &ValueEdit::abandoned, this, [this] { showMessage({}); });
    connect(m_edit, &QLineEdit::textEdited, this, [this] { showMessage({}); });
    connect(m_edit, &ValueEdit::stepped, this,
            [this](int steps) { emit numberChosen(m_mapping.stepped(m_number, steps)); });
    connect(m_edit, &ValueEdit::paged, this,
            [this](int pages) { emit numberChosen(m_mapping.paged(m_number, pages)); });
    setNumber(defaultValue);
}

void QuantityField::setTexts(const QString& label, const QString& tip) {
    m_label->setText(label);
    for (QWidget* part :
         {static_cast<QWidget*>(m_label), static_cast<QWidget*>(m_edit), static_cast<QWidget*>(m_slider)}) {
        part->setToolTip(tip);
        part->setAccessibleName(label);
        part->setAccessibleDescription(tip);
    }
}

void QuantityField::setNumber(double number) {
    m_number = number;
    // What a computation gave has more digits than anybody reads.
    m_edit->setValueText(QString::number(number, 'g', 6).replace(u'-', QChar(u'−')));
    m_slider->setNumber(number);
    showMessage({});
}

void QuantityField::commit(const QString& text) {
    const std::optional<double> number = typedNumber(text);
    QString problem;
    if (!number || std::isnan(*number)) {
        problem = tr("'%1' is no number").arg(text.left(40));
    } else if (m_mapping.isInteger() && *number != std::round(*number)) {
        problem = tr("%1 is no whole number").arg(text.left(40));
    } else if (*number < m_mapping.minimum() || *number > m_mapping.maximum()) {
        problem = tr("%1 is outside %2 … %3")
                      .arg(text.left(40), exactNumber(m_mapping.minimum()), exactNumber(m_mapping.maximum()));
    }
    if (!problem.isEmpty()) {
        m_edit->setInvalid(true);
        showMessage(problem);
        return;
    }
    if (*number == m_number) {
        setNumber(m_number);  // "1.0" becomes "1"
        m_edit->setText(m_edit->valueText());
        return;
    }
    emit numberChosen(*number);
}

void QuantityField::showMessage(const QString& text) {
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
}

}  // namespace attn::ui
