#include "ui/panels/segmented_control.h"

#include "ui/style/fonts.h"
#include "ui/style/restyle.h"

#include <QButtonGroup>
#include <QEvent>
#include <QFontMetrics>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>

#include <algorithm>

namespace attn::ui {

namespace {

constexpr int kPaddingPx = 7, kRowGapPx = 4, kRowHeightPx = 26;

void setSegmentPart(QPushButton* button, const char* part) {
    const QString value = QString::fromLatin1(part);
    if (button->property("segment").toString() == value) return;
    button->setProperty("segment", value);
    restyle(button);
}

}  // namespace

SegmentedControl::SegmentedControl(const QString& name, QWidget* parent)
    : QWidget(parent), m_name(name), m_group(new QButtonGroup(this)) {
    setObjectName(name);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_group->setExclusive(true);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int index, bool checked) {
        if (checked) emit chosen(m_segments[static_cast<std::size_t>(index)].id);
    });
}

void SegmentedControl::setSegments(const std::vector<Segment>& segments) {
    if (segments == m_segments) return;
    const QString before = current();
    m_segments = segments;
    while (m_buttons.size() > segments.size()) {
        delete m_buttons.back();
        m_buttons.pop_back();
    }
    while (m_buttons.size() < segments.size()) {
        auto* button = new QPushButton(this);
        button->setCheckable(true);
        button->setAutoDefault(false);
        button->setProperty("segment", QStringLiteral("middle"));
        m_group->addButton(button, static_cast<int>(m_buttons.size()));
        m_buttons.push_back(button);
        button->show();
    }
    for (std::size_t i = 0; i < segments.size(); ++i) {
        m_buttons[i]->setObjectName(m_name + u'.' + segments[i].id);
        m_buttons[i]->setText(segments[i].label);
        m_buttons[i]->setToolTip(segments[i].tip);
        m_buttons[i]->setEnabled(segments[i].enabled);
        m_buttons[i]->setAccessibleName(segments[i].label);
        m_buttons[i]->setAccessibleDescription(segments[i].tip);
    }
    setCurrent(before);
    measure();
    arrange();
}

void SegmentedControl::setCurrent(const QString& id) {
    if (current() == id) return;
    const QSignalBlocker blocker(m_group);
    QPushButton* wanted = button(id);
    if (wanted == nullptr) {
        m_group->setExclusive(false);
        if (QAbstractButton* checked = m_group->checkedButton()) checked->setChecked(false);
        m_group->setExclusive(true);
    } else {
        wanted->setChecked(true);
    }
}

QString SegmentedControl::current() const {
    const int index = m_group->checkedId();
    return index < 0 || static_cast<std::size_t>(index) >= m_segments.size()
               ? QString()
               : m_segments[static_cast<std::size_t>(index)].id;
}

QPushButton* SegmentedControl::button(const QString& id) const {
    const auto found = std::find_if(m_segments.begin(), m_segments.end(),
                                    [&](const Segment& each) { return each.id == id; });
    return found == m_segments.end() ? nullptr
                                     : m_buttons[static_cast<std::size_t>(found - m_segments.begin())];
}

void SegmentedControl::measure() {
    const double zoom = textZoom(*this);
    QFont bold = font();
    bold.setWeight(QFont::Bold);
    const QFontMetrics metrics(bold);
    m_widths.clear();
    for (const Segment& segment : m_segments) {
        m_widths.push_back(metrics.horizontalAdvance(segment.label) +
                           static_cast<int>(2 * kPaddingPx * zoom));
    }
    m_rowHeight = std::max(static_cast<int>(kRowHeightPx * zoom), metrics.height() + 8);
    updateGeometry();
}

int SegmentedControl::rowWidth(std::size_t begin, std::size_t end) const {
    int width = 0;
    for (std::size_t i = begin; i < end; ++i) width += m_widths[i];
    return width;
}

int SegmentedControl::rowsFor(int width) const {
    const std::size_t count = m_segments.size();
    if (count <= 1 || rowWidth(0, count) <= width) return 1;
    const std::size_t half = (count + 1) / 2;
    return count > 2 && std::max(rowWidth(0, half), rowWidth(half, count)) <= width ? 2
                                                                                    : static_cast<int>(count);
}

void SegmentedControl::arrange() {
    const std::size_t count = m_buttons.size();
    m_rows = rowsFor(width());
    const std::size_t perRow =
        (count + static_cast<std::size_t>(m_rows) - 1) / static_cast<std::size_t>(m_rows);
    int top = 0;
    for (std::size_t begin = 0; begin < count; begin += perRow) {
        const std::size_t end = std::min(count, begin + perRow);
        const int n = static_cast<int>(end - begin);
        const int spare = std::max(0, width() - rowWidth(begin, end));
        int left = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const int place = static_cast<int>(i - begin);
            // What is left over goes to all in equal parts, the last pixels to the first ones.
            const int extra = spare / n + (place < spare % n ? 1 : 0);
            const int w = std::min(m_widths[i] + extra, width());
            const QRect at(left, top, w, m_rowHeight);
            m_buttons[i]->setGeometry(QStyle::visualRect(layoutDirection(), rect(), at));
            setSegmentPart(m_buttons[i], n == 1           ? "only"
                                         : place == 0     ? "first"
                                         : place == n - 1 ? "last"
                                                          : "middle");
            left += w;
        }
        top += m_rowHeight + kRowGapPx;
    }
    const int wanted = std::max(0, top - kRowGapPx);
    if (minimumHeight() != wanted || maximumHeight() != wanted) setFixedHeight(wanted);
}

QSize SegmentedControl::sizeHint() const {
    return {rowWidth(0, m_widths.size()), m_rows * (m_rowHeight + kRowGapPx) - kRowGapPx};
}

QSize SegmentedControl::minimumSizeHint() const {
    int widest = 0;
    for (const int width : m_widths) widest = std::max(widest, width);
    return {widest, m_rows * (m_rowHeight + kRowGapPx) - kRowGapPx};
}

void SegmentedControl::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void SegmentedControl::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange) {
        measure();
        arrange();
        // The buttons get their part of a new style sheet after this; until then the old one bounds their
        // size.
        QMetaObject::invokeMethod(this, &SegmentedControl::arrange, Qt::QueuedConnection);
    }
}

}  // namespace attn::ui
