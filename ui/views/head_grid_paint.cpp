// How the grid of heads looks.
#include "ui/model/scene_document.h"
#include "ui/plot/figure_sheet.h"
#include "ui/plot/heat_map_painter.h"
#include "ui/plot/off_mark.h"
#include "ui/style/fonts.h"
#include "ui/views/head_grid.h"
#include "ui/views/head_survey.h"

#include <QElapsedTimer>
#include <QPaintEvent>
#include <QPainter>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr qint64 kBudgetMillis = 9;                              ///< of a frame, for making images
constexpr std::size_t kMostImageBytes = std::size_t{64} << 20U;  ///< beyond that only what is seen is kept
constexpr int kLeastForMeasure = 20, kLeastForGaps = 5;

QColor withAlpha(QColor color, double alpha) {
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

}  // namespace

void HeadGrid::setLeast(double share) {
    if (share == m_least) return;
    m_least = share;
    viewport()->update();
}

bool HeadGrid::passes(const HeadPlace& place) const {
    if (m_least <= 0) return true;
    const HeadPicture* const picture = m_survey->picture(place.site, place.head);
    return picture != nullptr &&
           shareOf(picture->measures, m_measure,
                   m_survey->sites()[static_cast<std::size_t>(place.site)].keys) >= m_least;
}

int HeadGrid::passing() const {
    const std::vector<HeadGridLayout::Cell>& cells = m_layout.cells();
    return static_cast<int>(std::count_if(
        cells.begin(), cells.end(), [this](const HeadGridLayout::Cell& cell) { return passes(cell.place); }));
}

const QImage* HeadGrid::thumbnail(const HeadGridLayout::Cell& cell, bool mayBuild) {
    const HeadPicture* const picture = m_survey->picture(cell.place.site, cell.place.head);
    if (picture == nullptr || picture->colors.index.empty()) return nullptr;
    const std::uint64_t version = m_survey->sites()[static_cast<std::size_t>(cell.place.site)].version;
    const double range = m_ownRanges                                   ? picture->largest
                         : m_document->view().range == RangeMode::Unit ? 1
                                                                       : m_survey->largest();
    Thumbnail& kept = m_images[{cell.place.site, cell.place.head}];
    const double ratio = devicePixelRatioF();
    const QSize size = (QSizeF(cell.rect.size()) * ratio).toSize();
    const bool fresh = kept.version == version && kept.range == range && kept.image.size() == size;
    if (fresh || !mayBuild) return kept.image.isNull() ? nullptr : &kept.image;
    const Palette& palette = paletteFor(*this);
    const ColorMap& map = m_style.colorMap(Quantity::Probability, palette.theme);
    const Index across = std::max(picture->colors.rows, picture->colors.columns);
    const bool gaps = size.width() / std::max<Index>(1, across) >= kLeastForGaps;
    kept.image = cellImage(rescaled(picture->colors, picture->largest / range), map, size, gaps ? 1 : 0,
                           palette.card.rgb());
    kept.image.setDevicePixelRatio(ratio);
    kept.version = version;
    kept.range = range;
    return &kept.image;
}

void HeadGrid::forget(const QRect& seen) {
    std::size_t bytes = 0;
    for (const auto& each : m_images) bytes += static_cast<std::size_t>(each.second.image.sizeInBytes());
    if (bytes <= kMostImageBytes) return;
    std::erase_if(m_images, [&](const auto& each) {
        return !m_layout.rect({each.first.first, each.first.second}).intersects(seen);
    });
}

void HeadGrid::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    const Palette& palette = paletteFor(*this);
    painter.translate(origin());
    const QRect seen = event->rect().translated(-origin());
    if (m_layout.cells().empty()) {
        painter.setPen(palette.muted);
        painter.setFont(textFont(kBaseTextPx * textZoom(*this)));
        painter.drawText(viewport()->rect(), Qt::AlignCenter,
                         m_document->trace() ? tr("Type a sentence above") : tr("Working it out …"));
        m_painted = true;
        return;
    }
    QElapsedTimer clock;
    clock.start();
    bool missing = false;
    for (const HeadGridLayout::Cell& cell : m_layout.cells()) {
        if (!cell.rect.adjusted(-6, -6, 6, 6).intersects(seen)) continue;
        const bool inTime = clock.elapsed() < kBudgetMillis;
        paintHead(painter, cell, inTime);
        missing |= !inTime;
    }
    for (const HeadGridLayout::Cell& cell : m_layout.mlps())
        if (cell.rect.adjusted(-4, -4, 4, 4).intersects(seen)) paintMlp(painter, cell);
    if (!m_layout.wrapped()) paintHeaders(painter, seen);
    m_painted = !missing;
    if (missing) QTimer::singleShot(0, viewport(), qOverload<>(&QWidget::update));
    forget(viewport()->rect().translated(-origin()));
}

/// They stay in sight while the grid is scrolled.
void HeadGrid::paintHeaders(QPainter& painter, const QRect& seen) {
    const Palette& palette = paletteFor(*this);
    const double zoom = textZoom(*this);
    const QPoint at = pinned();
    const HeadPlace chosen = current();
    const int pitch = m_layout.edge() + m_layout.gap();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.fillRect(QRect(at.x(), seen.top(), m_layout.labelWidth() - 4, seen.height()), palette.card);
    painter.fillRect(QRect(seen.left(), at.y(), seen.width(), m_layout.headerHeight() - 2), palette.card);
    const QFont plain = textFont(11 * zoom), bold = textFont(11 * zoom, QFont::Bold);
    const auto text = [&](const QRect& rect, Qt::Alignment alignment, const QString& label, bool strong) {
        painter.setFont(strong ? bold : plain);
        painter.setPen(strong ? palette.text : palette.muted);
        painter.drawText(rect, static_cast<int>(alignment | Qt::AlignVCenter), label);
    };
    const int widest = QFontMetrics(bold).horizontalAdvance(QString::number(m_layout.columns())) + 4;
    const int every = std::max(1, (widest + pitch - 1) / pitch);
    for (int head = 0; head < m_layout.columns(); ++head) {
        const bool strong = head == chosen.head || head == m_hovered.head;
        if (head % every != 0 && !strong) continue;
        const QRect column(m_layout.labelWidth() + head * pitch - widest, at.y(),
                           m_layout.edge() + 2 * widest, m_layout.headerHeight() - 2);
        if (strong) painter.fillRect(column.adjusted(widest, 0, -widest, 0), palette.card);
        text(column, Qt::AlignHCenter, QString::number(head), strong);
    }
    if (!m_layout.mlps().empty()) {
        const QRect box = m_layout.mlps().front().rect;
        text(QRect(box.left() - 20, at.y(), box.width() + 40, m_layout.headerHeight() - 2), Qt::AlignHCenter,
             tr("MLP"), m_hovered.site >= 0 && m_hovered.head < 0);
    }
    const int line = QFontMetrics(bold).height();
    const int everyRow = std::max(1, (line + pitch - 1) / pitch);
    for (int site = 0; site < static_cast<int>(m_survey->sites().size()); ++site) {
        const bool strong = site == chosen.site || site == m_hovered.site;
        const QRect row(at.x(), m_layout.rowTop(site) - line, m_layout.labelWidth() - 10,
                        m_layout.edge() + 2 * line);
        if (!row.intersects(seen)) continue;
        const auto& info = m_survey->sites()[static_cast<std::size_t>(site)];
        const HeadAblations off = ablationsOfHeads(m_document->inputs().ablations, info.name,
                                                   static_cast<std::int64_t>(info.heads));
        const bool allOff = !off.empty() && std::all_of(off.begin(), off.end(),
                                                        [](const auto& each) { return each.has_value(); });
        paintDot(painter, m_layout.siteToggleRect(site).translated(at.x(), 0), allOff, strong);
        if (site % everyRow == 0 || strong) text(row, Qt::AlignRight, siteLabel(site), strong);
    }
    painter.fillRect(QRect(at.x(), at.y(), m_layout.labelWidth() - 4, m_layout.headerHeight() - 2),
                     palette.card);
    text(QRect(at.x() + 4, at.y(), m_layout.labelWidth(), m_layout.headerHeight() - 2), Qt::AlignLeft,
         tr("layer"), false);
}

void HeadGrid::paintHead(QPainter& painter, const HeadGridLayout::Cell& cell, bool mayBuild) {
    const Palette& palette = paletteFor(*this);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const bool faded = !passes(cell.place);
    if (const QImage* image = thumbnail(cell, mayBuild)) {
        painter.setOpacity(faded ? kFadedHead : 1);
        painter.drawImage(cell.rect, *image);
        painter.setOpacity(1);
    } else {
        painter.fillRect(cell.rect, palette.field);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    const auto& site = m_survey->sites()[static_cast<std::size_t>(cell.place.site)];
    const auto off = ablationOfHead(m_document->inputs().ablations, site.name, cell.place.head);
    if (off) paintSwitchedOff(painter, cell.rect, palette, *off == AblationKind::Mean);
    const bool chosen = cell.place == current(), hovered = cell.place == m_hovered;
    const QRect dot = m_layout.toggleRect(cell.place);
    if (!dot.isNull() && (hovered || off)) paintDot(painter, dot, off.has_value(), hovered);
    painter.setOpacity(faded ? 2 * kFadedHead : 1);
    paintMeasure(painter, cell);
    painter.setOpacity(1);
    painter.setBrush(Qt::NoBrush);
    const double out = std::min(2.5, m_layout.gap() / 3.0);
    if (hovered && !chosen) {
        painter.setPen(QPen(palette.muted, 1.5));
        painter.drawRoundedRect(QRectF(cell.rect).adjusted(-out, -out, out, out), 3, 3);
    }
    if (chosen) {
        painter.setPen(QPen(hasFocus() ? palette.focus : palette.accent, m_layout.gap() >= 8 ? 2.5 : 2));
        painter.drawRoundedRect(QRectF(cell.rect).adjusted(-out, -out, out, out), 3, 3);
    }
    if (m_layout.wrapped() && m_layout.edge() >= 40) {
        const QString label = QStringLiteral("%1.%2").arg(siteLabel(cell.place.site)).arg(cell.place.head);
        painter.setFont(textFont(10 * std::min(textZoom(*this), 1.5), QFont::Bold));
        const QRect room(cell.rect.left() + 2, cell.rect.top() + 2,
                         QFontMetrics(painter.font()).horizontalAdvance(label) + 6,
                         QFontMetrics(painter.font()).height());
        painter.setPen(Qt::NoPen);
        painter.setBrush(withAlpha(palette.card, 0.85));
        painter.drawRoundedRect(room, 3, 3);
        painter.setPen(palette.text);
        painter.drawText(room, Qt::AlignCenter, label);
    }
}

void HeadGrid::paintMeasure(QPainter& painter, const HeadGridLayout::Cell& cell) {
    const HeadPicture* const picture = m_survey->picture(cell.place.site, cell.place.head);
    if (picture == nullptr || m_layout.edge() < kLeastForMeasure) return;
    const Palette& palette = paletteFor(*this);
    const auto& site = m_survey->sites()[static_cast<std::size_t>(cell.place.site)];
    const double share = shareOf(picture->measures, m_measure, site.keys);
    const QRectF groove(cell.rect.left(), cell.rect.bottom() + 2, cell.rect.width(), 2.5);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.track);
    painter.drawRect(groove);
    painter.setBrush(palette.accent);
    painter.drawRect(QRectF(groove.topLeft(), QSizeF(groove.width() * share, groove.height())));
}

void HeadGrid::paintMlp(QPainter& painter, const HeadGridLayout::Cell& cell) {
    const Palette& palette = paletteFor(*this);
    const bool hovered = cell.place == m_hovered, off = isOff(cell.place);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(hovered ? palette.muted : palette.line, hovered ? 1.5 : 1));
    painter.setBrush(off ? palette.card : palette.field);
    const double radius = std::min(4.0, cell.rect.height() / 6.0);
    painter.drawRoundedRect(QRectF(cell.rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    if (off) {
        const auto& site = m_survey->sites()[static_cast<std::size_t>(cell.place.site)];
        paintSwitchedOff(painter, cell.rect, palette,
                         ablationOfMlp(m_document->inputs().ablations, site.name) == AblationKind::Mean);
        return;
    }
    // What it is: through a wider layer and back.
    if (cell.rect.width() < 24) return;
    const QRectF box = QRectF(cell.rect).adjusted(cell.rect.width() * 0.22, cell.rect.height() * 0.22,
                                                  -cell.rect.width() * 0.22, -cell.rect.height() * 0.22);
    const QPointF left(box.left(), box.center().y()), right(box.right(), box.center().y());
    painter.setPen(QPen(palette.muted, 1.2));
    for (const double share : {0.0, 0.5, 1.0}) {
        const QPointF middle(box.center().x(), box.top() + share * box.height());
        painter.drawLine(left, middle);
        painter.drawLine(middle, right);
    }
}

/// Filled: it speaks. Empty: it is off.
void HeadGrid::paintDot(QPainter& painter, const QRect& rect, bool off, bool strong) {
    const Palette& palette = paletteFor(*this);
    painter.setPen(QPen(palette.card, 3));
    painter.setBrush(Qt::NoBrush);
    const QRectF circle = QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5);
    painter.drawEllipse(circle);
    painter.setPen(QPen(off ? palette.edited : strong ? palette.text : palette.muted, 1.5));
    painter.setBrush(off ? palette.card : strong ? palette.text : palette.muted);
    painter.drawEllipse(circle);
    if (!off) return;
    painter.drawLine(circle.bottomLeft() + QPointF(2, -2), circle.topRight() + QPointF(-2, 2));
}

}  // namespace attn::ui
