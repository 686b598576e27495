#include "ui/views/inspector_text.h"

#include "ui/model/error_text.h"
#include "ui/plot/number_text.h"

#include <QCoreApplication>

#include <cmath>

namespace attn::ui {

namespace {

struct InspectorTexts {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::Inspector)
};

QString keyName(const QStringList& keys, Index i) {
    return i >= 0 && i < keys.size() ? keys[i] : QString::number(i);
}

QString softmaxText(const ExplanationStep& step, const QStringList& keys, qsizetype limit) {
    QString text;
    for (std::size_t j = 0; j < step.keys.size(); ++j) {
        if (limit > 0 && static_cast<qsizetype>(j) >= limit) {
            text += QStringLiteral("  …\n");
            break;
        }
        const KeyWeight& key = step.keys[j];
        text += QStringLiteral("  ") + keyName(keys, static_cast<Index>(j)) + QStringLiteral(": ");
        text += std::isinf(key.score) ? InspectorTexts::tr("masked")
                                      : arithmeticNumber(key.exponential) + QStringLiteral(" → ") +
                                            arithmeticNumber(key.weight);
        text += QLatin1Char('\n');
    }
    return text + QStringLiteral("  Σ ") + arithmeticNumber(step.sum) + QLatin1Char('\n');
}

QString sumText(const ExplanationStep& step, qsizetype limit) {
    QStringList terms;
    const auto count = static_cast<qsizetype>(step.terms.size());
    for (qsizetype i = 0; i < count; ++i) {
        if (limit > 0 && i >= limit) {
            terms.append(QStringLiteral("…"));
            break;
        }
        terms.append(termText(step, step.terms[static_cast<std::size_t>(i)]));
    }
    return QStringLiteral("  %1 = %2\n")
        .arg(terms.join(QStringLiteral(" + ")), arithmeticNumber(step.result));
}

}  // namespace

QString arithmeticNumber(double value, int decimals) {
    if (std::isinf(value)) return value < 0 ? QStringLiteral("−∞") : QStringLiteral("∞");
    const double size = std::abs(value);
    if (size != 0 && (size < 0.5 * std::pow(10.0, -decimals) || size >= 1e6)) return shortNumber(value);
    NumberFormat format;
    format.decimals = size >= 1000 ? 1 : decimals;
    return numberText(value, format);
}

QString headlineValue(const Explanation& explanation) {
    if (std::isinf(explanation.value)) return QStringLiteral("−∞");
    if (explanation.quantity != Quantity::Probability) return arithmeticNumber(explanation.value);
    NumberFormat format;
    format.decimals = 1;
    return numberText(100 * explanation.value, format) + QStringLiteral(" %");
}

QString termText(const ExplanationStep& step, const ExplainedTerm& term) {
    switch (step.form) {
        case TermForm::Product:
            return arithmeticNumber(term.left, 2) + QStringLiteral("×") + arithmeticNumber(term.right, 2);
        case TermForm::WeightedTanh:
            return QStringLiteral("%1·tanh(%2)")
                .arg(arithmeticNumber(term.left, 2), arithmeticNumber(term.right, 2));
        case TermForm::Addend:
            break;
    }
    const QString number = arithmeticNumber(term.value);
    return step.axis == TermAxis::Named ? termName(step, term, {}) + QLatin1Char(' ') + number : number;
}

QString termName(const ExplanationStep& step, const ExplainedTerm& term, const QStringList& keys) {
    switch (step.axis) {
        case TermAxis::Key:
            return keyName(keys, term.index);
        case TermAxis::HeadDimension:
            if (step.perHead > 0) {
                return InspectorTexts::tr("head %1, %2")
                    .arg(term.index / step.perHead)
                    .arg(term.index % step.perHead);
            }
            break;
        case TermAxis::Named:
            if (static_cast<std::size_t>(term.index) < step.termNames.size()) {
                return QString::fromStdString(step.termNames[static_cast<std::size_t>(term.index)]);
            }
            break;
        case TermAxis::Dimension:
        case TermAxis::Hidden:
            break;
    }
    return QString::number(term.index);
}

QString expressionText(const ExplanationStep& step) {
    QString text;
    for (const ExpressionPiece& piece : step.expression) {
        if (const auto* number = std::get_if<double>(&piece)) {
            text += arithmeticNumber(*number);
        } else {
            text += QString::fromStdString(std::get<std::string>(piece));
        }
    }
    return text;
}

QString sentenceText(const Sentence& sentence) {
    QString text = coreText(sentence.text);
    // One pass: what a token says is not looked at again.
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int digit = i + 1 < text.size() ? text[i + 1].digitValue() : -1;
        if (text[i] == QLatin1Char('%') && digit >= 1 &&
            static_cast<std::size_t>(digit) <= sentence.arguments.size()) {
            out += QString::fromStdString(sentence.arguments[static_cast<std::size_t>(digit - 1)]);
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

Role roleOf(Part part) {
    switch (part) {
        case Part::Query:
            return Role::Query;
        case Part::Key:
            return Role::Key;
        case Part::Value:
            return Role::Value;
        case Part::Output:
            return Role::Output;
        case Part::None:
            break;
    }
    return Role::None;
}

QString explanationText(const Explanation& explanation, const QStringList& keys, qsizetype limit) {
    QString text = sentenceText(explanation.headline) + QStringLiteral(": ") + headlineValue(explanation) +
                   QLatin1Char('\n');
    int number = 1;
    for (const ExplanationStep& step : explanation.steps) {
        text += QStringLiteral("%1 %2\n").arg(number++).arg(QString::fromStdString(step.symbols));
        switch (step.kind) {
            case ExplanationStep::Kind::Sum:
                text += sumText(step, limit);
                break;
            case ExplanationStep::Kind::Formula:
                text += QStringLiteral("  ") + expressionText(step) + QLatin1Char('\n');
                break;
            case ExplanationStep::Kind::Softmax:
                text += softmaxText(step, keys, limit);
                break;
            case ExplanationStep::Kind::Vector: {
                QStringList numbers;
                for (const float value : step.vector) {
                    if (limit > 0 && numbers.size() >= limit) {
                        numbers.append(QStringLiteral("…"));
                        break;
                    }
                    numbers.append(arithmeticNumber(static_cast<double>(value)));
                }
                text += QStringLiteral("  ") + numbers.join(QStringLiteral(", ")) + QLatin1Char('\n');
                break;
            }
            case ExplanationStep::Kind::Note:
                break;
        }
        if (*step.note.text != '\0')
            text += QStringLiteral("  ") + sentenceText(step.note) + QLatin1Char('\n');
    }
    return text;
}

}  // namespace attn::ui
