#include "ui/views/head_grid.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/plot/number_text.h"
#include "ui/style/fonts.h"
#include "ui/views/head_figure.h"
#include "ui/views/head_survey.h"
#include "ui/views/trace_adapter.h"

#include <QFontMetrics>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace attn::ui {

HeadGrid::HeadGrid(SceneDocument* document, const HeadSurvey* survey, QWidget* parent)
    : QAbstractScrollArea(parent), m_document(document), m_survey(survey) {
    setObjectName(QStringLiteral("headGrid"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    connect(m_survey, &HeadSurvey::sitesChanged, this, &HeadGrid::arrange);
    connect(m_survey, &HeadSurvey::siteChanged, this, &HeadGrid::siteChanged);
    connect(m_survey, &HeadSurvey::measured, this, [this] { siteChanged(-1); });
    connect(m_document, &SceneDocument::inputsChanged, viewport(), qOverload<>(&QWidget::update));
    const Selection* selection = m_document->selection();
    connect(selection, &Selection::siteChanged, this, &HeadGrid::followSelection);
    connect(selection, &Selection::headChanged, this, &HeadGrid::followSelection);
    name();
    arrange();
}

void HeadGrid::name() {
    setAccessibleName(tr("Heads of all layers"));
    setAccessibleDescription(describe(current()));
}

void HeadGrid::setMeasure(HeadMeasure measure) {
    if (measure == m_measure) return;
    m_measure = measure;
    if (m_sorted) arrange();
    name();
    viewport()->update();
}

void HeadGrid::setSorted(bool sorted) {
    if (sorted == m_sorted) return;
    m_sorted = sorted;
    arrange();
}

void HeadGrid::setOwnRanges(bool own) {
    if (own == m_ownRanges) return;
    m_ownRanges = own;
    m_images.clear();
    viewport()->update();
}

void HeadGrid::setHeatMapStyle(const HeatMapStyle& style) {
    if (style == m_style) return;
    m_style = style;
    m_images.clear();
    viewport()->update();
}

HeadPlace HeadGrid::current() const {
    const std::string site = m_document->selection()->site().toStdString();
    const auto& sites = m_survey->sites();
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (sites[i].name == site) return {static_cast<int>(i), m_document->selection()->head()};
    return {};
}

std::vector<HeadPlace> HeadGrid::sortedPlaces() const {
    std::vector<HeadPlace> places;
    for (const auto& place : headsByMeasure(m_survey->sites(), m_measure))
        places.push_back({place.first, place.second});
    return places;
}

QString HeadGrid::siteLabel(int site) const {
    return shortSiteName(m_survey->sites()[static_cast<std::size_t>(site)].name);
}

void HeadGrid::arrange() {
    HeadGridSpec spec;
    const double zoom = textZoom(*this);
    const QFontMetrics metrics(textFont(11 * zoom, QFont::Bold));
    spec.labelWidth = metrics.horizontalAdvance(QStringLiteral("0"));
    const auto& sites = m_survey->sites();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        spec.heads.push_back(static_cast<int>(sites[i].heads));
        spec.mlps.push_back(sites[i].hasMlp ? 1 : 0);
        spec.labelWidth =
            std::max(spec.labelWidth, metrics.horizontalAdvance(siteLabel(static_cast<int>(i))));
    }
    if (m_sorted) spec.order = sortedPlaces();
    spec.viewport = viewport()->size();
    spec.zoom = m_zoom;
    spec.textZoom = zoom;
    const int edge = m_layout.edge();
    m_layout = HeadGridLayout(spec);
    if (m_layout.edge() != edge) m_images.clear();
    const QSize room = viewport()->size();
    const auto fitBar = [](QScrollBar* bar, int content, int view) {
        bar->setRange(0, std::max(0, content - view));
        bar->setPageStep(view);
        bar->setSingleStep(24);
    };
    fitBar(horizontalScrollBar(), m_layout.size().width(), room.width());
    fitBar(verticalScrollBar(), m_layout.size().height(), room.height());
    m_painted = false;
    viewport()->update();
}

void HeadGrid::siteChanged(int) {
    if (m_sorted) {
        arrange();
        return;
    }
    viewport()->update();
    m_painted = false;
    setAccessibleDescription(describe(current()));
}

/// A grid that is smaller than its room stands in the middle.
QPoint HeadGrid::origin() const {
    const QSize left = (viewport()->size() - m_layout.size()) / 2;
    return {std::max(0, left.width()) - horizontalScrollBar()->value(),
            std::max(0, left.height()) - verticalScrollBar()->value()};
}

QPoint HeadGrid::pinned() const {
    return {std::max(0, -origin().x()), std::max(0, -origin().y())};
}

int HeadGrid::labelAt(const QPoint& content) const {
    const bool onLabels = content.x() < pinned().x() + m_layout.labelWidth() &&
                          content.y() >= pinned().y() + m_layout.headerHeight();
    return onLabels ? m_layout.siteAt(content) : -1;
}

/// What lies under the headers is not there.
HeadPlace HeadGrid::placeAt(const QPoint& content) const {
    const bool hidden = !m_layout.wrapped() && (content.x() < pinned().x() + m_layout.labelWidth() ||
                                                content.y() < pinned().y() + m_layout.headerHeight() - 4);
    return hidden ? HeadPlace{} : m_layout.at(content);
}

QPoint HeadGrid::contentPosition(const QPoint& position) const {
    return position - origin();
}

void HeadGrid::followSelection() {
    const QRect rect = m_layout.rect(current()).translated(origin());
    if (!rect.isNull() && !viewport()->rect().contains(rect)) {
        const auto reveal = [](QScrollBar* bar, int low, int high, int room) {
            if (low < 0) bar->setValue(bar->value() + low);
            if (high > room) bar->setValue(bar->value() + high - room);
        };
        reveal(horizontalScrollBar(), rect.left() - m_layout.labelWidth(), rect.right() + 8,
               viewport()->width());
        reveal(verticalScrollBar(), rect.top() - m_layout.headerHeight(), rect.bottom() + 8,
               viewport()->height());
    }
    setAccessibleDescription(describe(current()));
    viewport()->update();
}

bool HeadGrid::isOff(const HeadPlace& place) const {
    if (place.site < 0) return false;
    const std::string& site = m_survey->sites()[static_cast<std::size_t>(place.site)].name;
    const Ablations& ablations = m_document->inputs().ablations;
    return (place.head < 0 ? ablationOfMlp(ablations, site) : ablationOfHead(ablations, site, place.head))
        .has_value();
}

QString HeadGrid::describe(const HeadPlace& place) const {
    const auto& sites = m_survey->sites();
    if (place.site < 0 || static_cast<std::size_t>(place.site) >= sites.size()) return {};
    // "3" is a layer's number, "encoder 3" and "decoder 3 ×" say so themselves.
    const QString name = siteLabel(place.site);
    const QString layer = name.front().isDigit() ? tr("layer %1").arg(name) : name;
    QString text = place.head < 0 ? tr("%1, MLP").arg(layer) : tr("%1, head %2").arg(layer).arg(place.head);
    if (const HeadPicture* picture = m_survey->picture(place.site, place.head)) {
        const auto value = static_cast<double>(measureOf(picture->measures, m_measure));
        const QString number = std::isnan(value)                   ? tr("none")
                               : m_measure == HeadMeasure::Entropy ? tr("%1 nats").arg(shortNumber(value))
                                                                   : shortNumber(value);
        text += QStringLiteral(" — ") + tr("%1: %2").arg(coreText(title(m_measure)), number);
    }
    const TracePtr& trace = m_document->trace();
    const SiteInfo* info = trace ? trace->site(sites[static_cast<std::size_t>(place.site)].name) : nullptr;
    if (const QString story = info != nullptr ? headStory(*trace, *info, place.head) : QString();
        !story.isEmpty())
        text += QStringLiteral(" — ") + story;
    if (isOff(place)) text += QStringLiteral(" — ") + tr("switched off");
    return text;
}

void HeadGrid::zoomBy(double factor) {
    arrangeAround(viewport()->rect().center(), m_layout.edge() * factor);
}

void HeadGrid::fit() {
    m_zoom = 0;
    arrange();
    emit zoomChanged();
}

/// What is under the position stays there.
void HeadGrid::arrangeAround(const QPoint& position, double edge) {
    edge = std::clamp<double>(edge, HeadGridLayout::kLeastEdge, HeadGridLayout::kLargestEdge);
    const double before = m_layout.edge() + m_layout.gap();
    const QPoint content = contentPosition(position);
    m_zoom = edge;
    arrange();
    const double factor = (m_layout.edge() + m_layout.gap()) / before;
    const QPoint fixed(m_layout.labelWidth(), m_layout.headerHeight());
    const QPointF moved = QPointF(content - fixed) * factor + fixed;
    horizontalScrollBar()->setValue(static_cast<int>(std::lround(moved.x())) - position.x());
    verticalScrollBar()->setValue(static_cast<int>(std::lround(moved.y())) - position.y());
    emit zoomChanged();
}

void HeadGrid::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    arrange();
}

void HeadGrid::scrollContentsBy(int, int) {
    setHovered({});
    viewport()->update();
}

void HeadGrid::focusInEvent(QFocusEvent* event) {
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
}

void HeadGrid::focusOutEvent(QFocusEvent* event) {
    viewport()->update();
    QAbstractScrollArea::focusOutEvent(event);
}

void HeadGrid::changeEvent(QEvent* event) {
    switch (event->type()) {
        case QEvent::PaletteChange:
        case QEvent::FontChange:
        case QEvent::StyleChange:
            m_images.clear();
            arrange();
            break;
        case QEvent::LanguageChange:
            name();
            break;
        default:
            break;
    }
    QAbstractScrollArea::changeEvent(event);
}

}  // namespace attn::ui
