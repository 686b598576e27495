#include "ui/views/cell_editor.h"

#include "ui/panels/quantity_field.h"
#include "ui/style/fonts.h"
#include "ui/style/restyle.h"

#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attn::ui {
namespace {

constexpr int kWidthPx = 96, kHeightPx = 26;  ///< before text zoom; a large cell makes it larger

}  // namespace

std::optional<double> typedEntry(const QString& text) {
    QString plain = text.trimmed();
    plain.replace(QChar(u'−'), u'-');
    if (plain == QStringLiteral("-inf") || plain == QStringLiteral("-∞"))
        return -std::numeric_limits<double>::infinity();
    const std::optional<double> number = typedNumber(plain);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

QString editableNumber(double value) {
    if (std::isinf(value)) return QStringLiteral("-inf");
    // The fewest digits that say which float it is.
    for (int digits = 3; digits < 9; ++digits) {
        QString text = QString::number(value, 'g', digits);
        if (static_cast<float>(text.toDouble()) == static_cast<float>(value)) return text;
    }
    return QString::number(value, 'g', 9);
}

CellEditor::CellEditor(QWidget* parent) : QLineEdit(parent) {
    setObjectName(QStringLiteral("cellEditor"));
    setAlignment(Qt::AlignCenter);
    setTextMargins(0, 0, 0, 0);
    hide();
    connect(this, &QLineEdit::textEdited, this, [this] { showProblem({}); });
}

void CellEditor::open(const QRectF& cell, const QString& number, const QString& typed,
                      std::function<QString(double)> problem) {
    m_number = number;
    m_problem = std::move(problem);
    m_open = true;
    setFont(numberFont(12 * textZoom(*this)));
    showProblem({});
    setText(typed.isEmpty() ? number : typed);
    follow(cell);
    show();
    raise();
    setFocus(Qt::OtherFocusReason);
    if (typed.isEmpty()) setSelection(static_cast<int>(text().size()), -static_cast<int>(text().size()));
}

void CellEditor::follow(const QRectF& cell) {
    const double zoom = textZoom(*this);
    QRectF place(0, 0, std::max(cell.width(), kWidthPx * zoom), std::max(cell.height(), kHeightPx * zoom));
    place.moveCenter(cell.center());
    const QRectF room(parentWidget()->rect());
    place.moveLeft(
        std::clamp(place.left(), room.left(), std::max(room.left(), room.right() - place.width())));
    place.moveTop(std::clamp(place.top(), room.top(), std::max(room.top(), room.bottom() - place.height())));
    setGeometry(place.toAlignedRect());
}

void CellEditor::showProblem(const QString& text) {
    setToolTip(text);
    setAccessibleDescription(text);
    if (!text.isEmpty()) QToolTip::showText(mapToGlobal(QPoint(0, height())), text, this);
    const bool invalid = !text.isEmpty();
    if (property("invalid").toBool() == invalid) return;
    setProperty("invalid", invalid);
    restyle(this);
}

bool CellEditor::commit() {
    if (text() == m_number) return true;
    const std::optional<double> value = typedEntry(text());
    const QString problem = value ? m_problem(*value) : tr("‘%1’ is no number").arg(text().trimmed());
    if (!problem.isEmpty()) {
        showProblem(problem);
        return false;
    }
    m_number = text();
    emit committed(*value);
    return true;
}

void CellEditor::dismiss() {
    if (m_open) close();
}

void CellEditor::close() {
    m_open = false;
    const bool focused = hasFocus();
    hide();
    if (focused) parentWidget()->setFocus(Qt::OtherFocusReason);
    emit closed();
}

bool CellEditor::event(QEvent* event) {
    // Keys of the window (Page up for the layer before, Escape) are the field's while it is open.
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab) {
            if (commit()) emit goOn(0, key->key() == Qt::Key_Tab ? 1 : -1);
            return true;
        }
    }
    return QLineEdit::event(event);
}

void CellEditor::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (commit()) close();
            return;
        case Qt::Key_Escape:
            close();
            return;
        case Qt::Key_Up:
        case Qt::Key_Down:
            if (commit()) emit goOn(event->key() == Qt::Key_Down ? 1 : -1, 0);
            return;
        default:
            QLineEdit::keyPressEvent(event);
    }
}

/// Whoever clicks elsewhere is done; what is no number is left out.
void CellEditor::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    if (!m_open || event->reason() == Qt::PopupFocusReason || event->reason() == Qt::ActiveWindowFocusReason)
        return;
    if (const std::optional<double> value = typedEntry(text()); value && m_problem(*value).isEmpty())
        commit();
    close();
}

}  // namespace attn::ui
