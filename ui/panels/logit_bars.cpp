#include "ui/panels/logit_bars.h"

#include "ui/panels/quantity_field.h"
#include "ui/panels/value_edit.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attn::ui {

namespace {

constexpr double kLeastReach = 4;
constexpr double kLargestReach = std::numeric_limits<double>::max() / 4;
constexpr double kDragFromPx = 3;

/// 1, 2 or 4 times a power of ten, not below `least`.
double roundReach(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 4.0}) {
        if (factor * power >= least) return factor * power;
    }
    return 10 * power;
}

}  // namespace

LogitBars::LogitBars(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);  // it stands on a card, as plots do
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Logits"));
}

void LogitBars::setBars(const std::vector<double>& values, const std::vector<int>& colors,
                        const QStringList& names) {
    if (values == m_values && colors == m_colors && names == m_names) return;
    if (m_edit != nullptr && values != m_values) closeEdit();
    m_values = values;
    m_colors = colors;
    m_names = names;
    m_current = std::min(m_current, static_cast<int>(values.size()) - 1);
    m_hovered = std::min(m_hovered, static_cast<int>(values.size()) - 1);
    fitReach();
    describe();
    update();
}

void LogitBars::fitReach() {
    if (m_dragging) return;
    double largest = 0;
    for (const double value : m_values) largest = std::max(largest, std::abs(value));
    m_reach = largest >= kLargestReach / 10 ? std::max(largest, kLargestReach)
                                            : std::max(kLeastReach, roundReach(1.25 * largest));
    m_axisFigures = static_cast<int>(shortNumber(-m_reach, 2).size());
}

void LogitBars::setCurrent(int index) {
    if (index == m_current) return;
    m_current = index;
    describe();
    update();
    emit currentChanged(index);
}

void LogitBars::describe() {
    if (m_current < 0) {
        setAccessibleDescription(tr("%1 numbers; arrow keys choose one and change it").arg(m_values.size()));
        return;
    }
    setAccessibleDescription(tr("logit %1: %2")
                                 .arg(m_current + 1)
                                 .arg(shortNumber(m_values[static_cast<std::size_t>(m_current)], 6)));
}

QRectF LogitBars::plotRect() const {
    constexpr double kFigurePx = 7, kGapPx = 8, kLeastLeftPx = 30;
    const double zoom = textZoom(*this), line = 15 * zoom;
    const double left = std::max(kLeastLeftPx, kFigurePx * m_axisFigures + kGapPx);
    return QRectF(rect()).adjusted(left * zoom, line + 2, -4, -line - 4 * zoom);
}

QRectF LogitBars::barRect(int index) const {
    const QRectF box = plotRect();
    const double pitch = box.width() / std::max<double>(1, static_cast<double>(m_values.size()));
    return {box.left() + index * pitch, box.top(), pitch, box.height()};
}

int LogitBars::barAt(const QPointF& position) const {
    const QRectF box = plotRect();
    if (m_values.empty() || position.x() < box.left() || position.x() >= box.right()) return -1;
    const double share = (position.x() - box.left()) / box.width();
    return std::min(static_cast<int>(share * static_cast<double>(m_values.size())),
                    static_cast<int>(m_values.size()) - 1);
}

double LogitBars::pixelFromValue(double value) const {
    const QRectF box = plotRect();
    return box.center().y() - std::clamp(value / m_reach, -1.0, 1.0) * box.height() / 2;
}

double LogitBars::step() const {
    return std::pow(10.0, std::floor(std::log10(m_reach / 2.5)) - 1);
}

double LogitBars::valueAt(double y, int) const {
    const QRectF box = plotRect();
    const double share = std::clamp((box.center().y() - y) / std::max(1.0, box.height() / 2), -1.0, 1.0);
    // 0.1 is not ten times 0.01: divided, numbers come out as they are written.
    const double perUnit = std::round(1 / step());
    const double raw = share * m_reach;
    if (step() < 1 && perUnit > 0) return std::round(raw * perUnit) / perUnit;
    return std::round(raw / step()) * step();
}

bool LogitBars::numbered() const {
    if (m_values.empty()) return false;
    return barRect(0).width() >= 34 * textZoom(*this);
}

QSize LogitBars::sizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(320 * zoom), static_cast<int>(190 * zoom)};
}

QSize LogitBars::minimumSizeHint() const {
    const double zoom = textZoom(*this);
    return {static_cast<int>(160 * zoom), static_cast<int>(140 * zoom)};
}

void LogitBars::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) updateGeometry();
    if (event->type() == QEvent::LanguageChange) setAccessibleName(tr("Logits"));
    QWidget::changeEvent(event);
}

bool LogitBars::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Delete) event->accept();
    }
    return QWidget::event(event);
}

void LogitBars::begin() {
    if (m_gesture) return;
    m_gesture = true;
    emit dragStarted();
}

void LogitBars::end() {
    m_dragging = false;
    if (m_gesture) {
        m_gesture = false;
        emit dragEnded();
    }
    fitReach();
    update();
}

void LogitBars::mousePressEvent(QMouseEvent* event) {
    const int bar = barAt(event->position());
    if (event->button() != Qt::LeftButton || bar < 0) {
        QWidget::mousePressEvent(event);
        return;
    }
    setCurrent(bar);
    m_dragging = true;
    m_moved = false;
    m_pressY = event->position().y();
}

void LogitBars::mouseMoveEvent(QMouseEvent* event) {
    if (m_dragging) {
        const double y = event->position().y();
        // A click chooses; only a pull changes.
        if (!m_moved && std::abs(y - m_pressY) < kDragFromPx) return;
        m_moved = true;
        begin();
        const double value = valueAt(y, m_current);
        if (value != m_values[static_cast<std::size_t>(m_current)]) emit valueMoved(m_current, value);
        return;
    }
    const int bar = barAt(event->position());
    setCursor(bar >= 0 ? Qt::SizeVerCursor : Qt::ArrowCursor);
    if (bar == m_hovered) return;
    m_hovered = bar;
    update();
}

void LogitBars::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && m_dragging) end();
}

void LogitBars::mouseDoubleClickEvent(QMouseEvent* event) {
    const int bar = barAt(event->position());
    if (event->button() == Qt::LeftButton && bar >= 0) editBar(bar);
}

void LogitBars::leaveEvent(QEvent* event) {
    m_hovered = -1;
    update();
    QWidget::leaveEvent(event);
}

void LogitBars::editBar(int index) {
    if (index < 0 || index >= static_cast<int>(m_values.size())) return;
    closeEdit();
    setCurrent(index);
    m_edited = index;
    const double zoom = textZoom(*this);
    m_edit = new ValueEdit(this);
    m_edit->setObjectName(QStringLiteral("logitBars.value"));
    m_edit->setProperty("value", false);
    m_edit->setAccessibleName(tr("Logit %1").arg(index + 1));
    m_edit->setValueText(exactNumber(m_values[static_cast<std::size_t>(index)]));
    const QSize size(static_cast<int>(96 * zoom), m_edit->sizeHint().height());
    const QRectF slot = barRect(index);
    const int most = std::max(0, width() - size.width());
    m_edit->setGeometry(std::clamp(static_cast<int>(slot.center().x()) - size.width() / 2, 0, most),
                        static_cast<int>(slot.center().y()) - size.height() / 2, size.width(), size.height());
    connect(m_edit, &ValueEdit::committed, this, [this](const QString& text) {
        const std::optional<double> number = typedNumber(text);
        if (!number || !std::isfinite(*number)) {
            m_edit->setInvalid(true);
            m_edit->setToolTip(tr("'%1' is no finite number").arg(text.left(40)));
            return;
        }
        const int bar = m_edited;
        closeEdit();
        emit typed(bar, *number);
    });
    connect(m_edit, &ValueEdit::abandoned, this, &LogitBars::closeEdit, Qt::QueuedConnection);
    connect(m_edit, &QLineEdit::editingFinished, this, [this] {
        if (m_edit != nullptr && !m_edit->isInvalid() && !m_edit->hasFocus()) closeEdit();
    });
    m_edit->show();
    m_edit->setFocus();
    m_edit->selectAll();
}

void LogitBars::closeEdit() {
    if (m_edit == nullptr) return;
    const bool focused = m_edit->hasFocus();
    m_edit->disconnect(this);
    m_edit->hide();
    m_edit->deleteLater();
    m_edit = nullptr;
    m_edited = -1;
    if (focused) setFocus();
}

void LogitBars::keyPressEvent(QKeyEvent* event) {
    const auto count = static_cast<int>(m_values.size());
    const auto change = [&](double steps) {
        if (m_current < 0) return;
        begin();
        const double perUnit = std::round(1 / step());
        const double next = m_values[static_cast<std::size_t>(m_current)] + steps * step();
        const double value = step() < 1 && perUnit > 0 ? std::round(next * perUnit) / perUnit
                                                       : std::round(next / step()) * step();
        if (std::isfinite(value)) emit valueMoved(m_current, value);
    };
    switch (event->key()) {
        case Qt::Key_Left:
            setCurrent(std::max(0, m_current - 1));
            break;
        case Qt::Key_Right:
            setCurrent(std::min(count - 1, m_current + 1));
            break;
        case Qt::Key_Home:
            setCurrent(0);
            break;
        case Qt::Key_End:
            setCurrent(count - 1);
            break;
        case Qt::Key_Up:
            change(1);
            break;
        case Qt::Key_Down:
            change(-1);
            break;
        case Qt::Key_PageUp:
            change(10);
            break;
        case Qt::Key_PageDown:
            change(-10);
            break;
        case Qt::Key_Delete:
        case Qt::Key_Backspace:
            if (m_current >= 0) emit removeRequested(m_current);
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            editBar(m_current);
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

void LogitBars::keyReleaseEvent(QKeyEvent* event) {
    if (!event->isAutoRepeat() && m_gesture && !m_dragging) end();
    QWidget::keyReleaseEvent(event);
}

void LogitBars::focusInEvent(QFocusEvent* event) {
    if (m_current < 0 && !m_values.empty() && event->reason() != Qt::MouseFocusReason) setCurrent(0);
    update();
    QWidget::focusInEvent(event);
}

void LogitBars::focusOutEvent(QFocusEvent* event) {
    if (m_gesture) end();
    update();
    QWidget::focusOutEvent(event);
}

}  // namespace attn::ui
