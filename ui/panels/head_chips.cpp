#include "ui/panels/head_chips.h"

#include "ui/style/fonts.h"
#include "ui/style/palette.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmap>
#include <QToolButton>

#include <algorithm>

namespace attn::ui {

namespace {
constexpr int kOff = -2;
constexpr int kGapPx = 4;
}  // namespace

HeadChips::HeadChips(const QString& name, QWidget* parent) : QWidget(parent), m_name(name) {
    setObjectName(name);
    setAccessibleName(tr("Heads that are drawn"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void HeadChips::setHeadCount(int count) {
    if (count == headCount()) return;
    while (headCount() > count) {
        delete m_buttons.back();
        m_buttons.pop_back();
    }
    while (headCount() < count) {
        const int head = headCount();
        auto* made = new QToolButton(this);
        made->setObjectName(QStringLiteral("%1.%2").arg(m_name).arg(head));
        made->setText(QString::number(head));
        made->setCheckable(true);
        made->setProperty("option", true);
        made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        made->setAccessibleName(tr("Head %1").arg(head));
        made->installEventFilter(this);
        // The model answers with setShown: until then the button keeps what it shows.
        connect(made, &QToolButton::clicked, this, [this, made, head](bool on) {
            made->setChecked(!on);
            emit toggled(head);
        });
        made->show();
        m_buttons.push_back(made);
        setStory(head, {});
    }
    m_colors.assign(m_buttons.size(), kOff);
    paintIcons();
    updateGeometry();
    arrange(width(), true);
}

void HeadChips::setShown(const std::vector<int>& heads, const std::vector<int>& colors) {
    std::vector<int> now(m_buttons.size(), kOff);
    for (std::size_t i = 0; i < heads.size(); ++i) {
        if (heads[i] < headCount()) now[static_cast<std::size_t>(heads[i])] = colors[i];
    }
    if (now == m_colors) return;
    m_colors = std::move(now);
    paintIcons();
}

void HeadChips::setStory(int head, const QString& story) {
    QToolButton* chip = button(head);
    if (chip == nullptr) return;
    const QString keys =
        tr("Head %1: a click shows or hides it, a double click (or Enter) shows it alone").arg(head);
    chip->setToolTip(story.isEmpty() ? keys : story + QLatin1Char('\n') + keys);
    chip->setAccessibleDescription(story);
}

QToolButton* HeadChips::button(int head) const {
    return head >= 0 && head < headCount() ? m_buttons[static_cast<std::size_t>(head)] : nullptr;
}

/// A dot in the colour of the head's lines; a ring where it is not shown.
void HeadChips::paintIcons() {
    const Palette& palette = paletteFor(*this);
    const double scale = devicePixelRatioF();
    const int side = static_cast<int>(10 * textZoom(*this));
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        QPixmap icon(QSize(side, side) * scale);
        icon.setDevicePixelRatio(scale);
        icon.fill(Qt::transparent);
        QPainter painter(&icon);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool on = m_colors[i] != kOff;
        const QColor color =
            m_colors[i] >= 0 ? palette.series[static_cast<std::size_t>(m_colors[i])] : palette.muted;
        painter.setPen(QPen(color, 1.4));
        painter.setBrush(on ? QBrush(color) : QBrush(Qt::NoBrush));
        painter.drawEllipse(QRectF(1, 1, side - 2, side - 2));
        m_buttons[i]->setIcon(QIcon(icon));
        m_buttons[i]->setIconSize({side, side});
        m_buttons[i]->setChecked(on);
    }
}

/// Left to right, as many rows as it takes; returns the height.
int HeadChips::arrange(int width, bool move) const {
    int x = 0, y = 0, row = 0;
    for (QToolButton* each : m_buttons) {
        const QSize size = each->sizeHint();
        if (x > 0 && x + size.width() > width) {
            x = 0;
            y += row + kGapPx;
            row = 0;
        }
        if (move) each->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + kGapPx;
        row = std::max(row, size.height());
    }
    return y + row;
}

int HeadChips::heightForWidth(int width) const {
    return arrange(width, false);
}

QSize HeadChips::sizeHint() const {
    int width = 0;
    for (const QToolButton* each : m_buttons) width += each->sizeHint().width() + kGapPx;
    return {std::min(width, 640), arrange(std::min(width, 640), false)};
}

QSize HeadChips::minimumSizeHint() const {
    return {m_buttons.empty() ? 0 : m_buttons.front()->sizeHint().width(), 0};
}

bool HeadChips::eventFilter(QObject* watched, QEvent* event) {
    const auto found = std::find(m_buttons.begin(), m_buttons.end(), watched);
    if (found == m_buttons.end()) return QWidget::eventFilter(watched, event);
    const auto head = static_cast<int>(found - m_buttons.begin());
    if (event->type() == QEvent::MouseButtonDblClick) {
        emit isolated(head);
        return true;
    }
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            emit isolated(head);
            return true;
        }
        const int step = key == Qt::Key_Left ? -1 : key == Qt::Key_Right ? 1 : 0;
        if (step != 0) {
            if (QToolButton* next = button(head + step)) next->setFocus(Qt::OtherFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void HeadChips::resizeEvent(QResizeEvent* event) {
    arrange(width(), true);
    QWidget::resizeEvent(event);
}

void HeadChips::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::StyleChange) {
        paintIcons();
        updateGeometry();
        arrange(width(), true);
    }
    QWidget::changeEvent(event);
}

}  // namespace attn::ui
