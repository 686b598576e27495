#include "ui/panels/value_edit.h"

#include "ui/style/fonts.h"
#include "ui/style/restyle.h"

#include <QFontMetrics>
#include <QKeyEvent>

namespace attn::ui {

ValueEdit::ValueEdit(QWidget* parent) : QLineEdit(parent) {
    setProperty("value", true);
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ValueEdit::setValueText(const QString& text) {
    if (text == m_valueText && !m_invalid) return;
    m_valueText = text;
    setInvalid(false);
    setText(text);
    setCursorPosition(0);
    if (hasFocus()) selectAll();
}

void ValueEdit::setInvalid(bool invalid) {
    if (invalid == m_invalid) return;
    m_invalid = invalid;
    setProperty("invalid", invalid);
    restyle(this);
}

void ValueEdit::revert() {
    setInvalid(false);
    setText(m_valueText);
    setCursorPosition(0);
    emit abandoned();
}

QSize ValueEdit::minimumSizeHint() const {
    return {fontMetrics().horizontalAdvance(QStringLiteral("0.00")) + static_cast<int>(8 * textZoom(*this)),
            QLineEdit::minimumSizeHint().height()};
}

bool ValueEdit::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && text() == m_valueText) {
        // Nothing typed, nothing of its own to take back: Ctrl+Z belongs to the document.
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QLineEdit::event(event);
}

void ValueEdit::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            commit();
            if (!m_invalid) selectAll();
            event->accept();
            return;
        case Qt::Key_Escape:
            if (text() == m_valueText && !m_invalid) break;
            revert();
            selectAll();
            event->accept();
            return;
        case Qt::Key_Up:
            emit stepped(1);
            return;
        case Qt::Key_Down:
            emit stepped(-1);
            return;
        case Qt::Key_PageUp:
            emit paged(1);
            return;
        case Qt::Key_PageDown:
            emit paged(-1);
            return;
        default:
            break;
    }
    QLineEdit::keyPressEvent(event);
}

void ValueEdit::focusInEvent(QFocusEvent* event) {
    QLineEdit::focusInEvent(event);
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
        event->reason() == Qt::ShortcutFocusReason) {
        selectAll();
    }
}

void ValueEdit::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    if (event->reason() == Qt::PopupFocusReason || event->reason() == Qt::ActiveWindowFocusReason) return;
    commit();
    // The message stays where it is; the field shows again what is true.
    if (m_invalid && !m_keepsInvalid) {
        setInvalid(false);
        setText(m_valueText);
        setCursorPosition(0);
    }
}

void ValueEdit::commit() {
    if (text() != m_valueText) emit committed(text());
}

}  // namespace attn::ui
