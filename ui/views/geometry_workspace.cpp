#include "ui/views/geometry_workspace.h"

#include "core/trace/shown_tokens.h"
#include "ui/model/geometry_run.h"
#include "ui/model/scene_document.h"
#include "ui/panels/flow_row.h"
#include "ui/panels/segmented_control.h"
#include "ui/panels/zoom_buttons.h"
#include "ui/plot/geometry_plot.h"
#include "ui/views/head_chooser.h"
#include "ui/views/layer_bar.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>

namespace attn::ui {

GeometryWorkspace::GeometryWorkspace(SceneDocument* document, QWidget* parent)
    : PictureWorkspace(document, QStringLiteral("geometryWorkspace"), parent), m_run(new GeometryRun(this)) {
    buildHead();
    m_plot = new GeometryPlot(this);
    m_plot->setObjectName(QStringLiteral("geometry.plot"));
    m_plot->setStory([this](const GeometryPoint& point) { return m_page.story(point); });
    setPicture(m_plot, 18);
    connectControls();
    retranslate();
}

void GeometryWorkspace::buildHead() {
    QFrame* const card = head();
    LayerBar* const layers = makeLayerBar();
    m_heads = new HeadChooser(document(), QStringLiteral("geometry.head"), card);
    m_colorTitle = new QLabel(card);
    m_color = new SegmentedControl(QStringLiteral("geometry.color"), card);
    m_weights = new QCheckBox(card);
    m_weights->setObjectName(QStringLiteral("geometry.weights"));
    m_exact = new QPushButton(card);
    m_exact->setObjectName(QStringLiteral("geometry.exact"));
    m_reset = new QPushButton(card);
    m_reset->setObjectName(QStringLiteral("geometry.reset"));
    m_zoom = new ZoomButtons(QStringLiteral("geometry"), card);
    m_caption = sentence(QStringLiteral("geometry.caption"));
    m_note = sentence(QStringLiteral("geometry.note"));
    m_note->setProperty("look", QStringLiteral("muted"));
    auto* color = new QWidget(card);
    auto* inColor = new QHBoxLayout(color);
    inColor->setContentsMargins(0, 0, 0, 0);
    inColor->setSpacing(8);
    inColor->addWidget(m_colorTitle);
    inColor->addWidget(m_color);
    auto* controls = new FlowRow(20);
    for (QWidget* each : {static_cast<QWidget*>(layers), static_cast<QWidget*>(m_heads), color,
                          static_cast<QWidget*>(m_weights)})
        controls->addWidget(each);
    controls->addGap();
    for (QWidget* each :
         {static_cast<QWidget*>(m_reset), static_cast<QWidget*>(m_exact), static_cast<QWidget*>(m_zoom)})
        controls->addWidget(each);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(16, 8, 16, 10);
    column->setSpacing(6);
    column->addLayout(controls);
    column->addWidget(m_note);
    column->addWidget(m_caption);
}

void GeometryWorkspace::connectControls() {
    Selection* selection = document()->selection();
    connect(m_color, &SegmentedControl::chosen, this, [this](const QString& id) {
        GeometryView view = document()->view().geometry;
        view.color = id.toStdString();
        document()->setGeometryView(view);
    });
    connect(m_weights, &QCheckBox::toggled, this, [this](bool on) {
        GeometryView view = document()->view().geometry;
        view.weights = on;
        document()->setGeometryView(view);
    });
    connect(m_exact, &QPushButton::clicked, this,
            [this] { document()->setParameter(ParameterId::DK, std::int64_t{2}); });
    connect(m_zoom, &ZoomButtons::zoomWanted, m_plot, &GeometryPlot::zoomBy);
    connect(m_zoom, &ZoomButtons::fitWanted, m_plot, &GeometryPlot::fit);
    connect(m_plot, &GeometryPlot::zoomChanged, this, [this] { m_zoom->setFitted(m_plot->isFitted()); });
    connect(m_run, &GeometryRun::planeReady, this, &GeometryWorkspace::refresh);
    connect(m_plot, &GeometryPlot::pointClicked, this, &GeometryWorkspace::pin);
    connect(m_plot, &GeometryPlot::dragStarted, this, [this](const GeometryPoint& point) {
        document()->beginGesture(point.role == Role::Query ? tr("Drag a query") : tr("Drag a key"));
    });
    connect(m_plot, &GeometryPlot::pointDragged, this, &GeometryWorkspace::moveVector);
    connect(m_plot, &GeometryPlot::dragFinished, document(), &SceneDocument::endGesture);
    connect(m_plot, &GeometryPlot::nudged, this, [this](const GeometryPoint& point, const PlanePoint& by) {
        const Geometry& plane = *m_page.data().plane;
        const auto& points = point.role == Role::Query ? plane.queries : plane.keys;
        const PlanePoint from = points[static_cast<std::size_t>(point.index)];
        moveVector(point, {from.x + by.x, from.y + by.y});
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        document()->beginGesture(tr("Reset q and k"));
        for (const TensorName name : {TensorName::Q, TensorName::K})
            document()->resetTensor({document()->selection()->site().toStdString(), name});
        document()->endGesture();
    });
    connect(m_plot, &GeometryPlot::emptyClicked, selection, &Selection::free);
    connect(m_plot, &GeometryPlot::escapePressed, selection, &Selection::free);
    connect(m_plot, &GeometryPlot::moveRequested, this, &GeometryWorkspace::move);
}

void GeometryWorkspace::retranslate() {
    m_colorTitle->setText(tr("Colours"));
    m_color->setSegments(
        {{QString::fromLatin1(kGeometryColors[0]), tr("role"), tr("Queries blue, keys orange")},
         {QString::fromLatin1(kGeometryColors[1]), tr("position"), tr("From the first token to the last")},
         {QString::fromLatin1(kGeometryColors[2]), tr("length"),
          tr("How long each vector is, with every dimension")}});
    m_weights->setText(tr("lines by weight"));
    m_weights->setToolTip(
        tr("Lines from the selected query to the keys, the wider the more it attends to them"));
    m_reset->setText(tr("Reset q and k"));
    m_reset->setToolTip(tr("Brings back what the model's own queries and keys are here, in all heads"));
    m_exact->setText(tr("Set dₖ to 2"));
    m_exact->setToolTip(
        tr("With two numbers in each query and key the plane is exact: nothing is left out. Undo brings "
           "the old width back."));
    m_zoom->setTips(tr("Less of it (−, or Ctrl and the wheel)"), tr("All points (Home, or a double click)"),
                    tr("A part of it, larger (+, or Ctrl and the wheel); drag the ground to move it"));
    m_plot->setAccessibleDescription(tr(
        "A click chooses a query or a key for all views. Keys: ↑ ↓ choose the key, Ctrl "
        "with them the query, Escape neither; + and − zoom, Home shows all points. Where the plane is exact, "
        "Shift with the arrow keys moves the key, Ctrl and Shift the query."));
    refresh();
}

void GeometryWorkspace::showControls() {
    const GeometryView& view = document()->view().geometry;
    m_color->setCurrent(QString::fromStdString(view.color));
    const QSignalBlocker blocker(m_weights);
    m_weights->setChecked(view.weights);
    const TracePtr& trace = document()->trace();
    const ParameterPlace place = document()->parameterPlace();
    const bool toy = trace && trace->model() == nullptr;
    const bool exact = m_page.data().plane && m_page.data().plane->exact;
    const bool edited = !m_page.data().editedQueries.empty() || !m_page.data().editedKeys.empty();
    m_reset->setVisible(edited);
    m_exact->setVisible(toy && !exact &&
                        disabledReason(ParameterId::DK, document()->parameters(), place) == nullptr);
}

void GeometryWorkspace::refresh() {
    if (!isVisible() && m_complete) return;  // showEvent makes up for it
    const TracePtr& shown = document()->shownTrace();
    const Selection& selection = *document()->selection();
    const SiteInfo* site = shown ? shown->site(selection.site().toStdString()) : nullptr;
    if (site == nullptr) return;
    const GeometryView& view = document()->view().geometry;
    GeometryInputs from;
    from.head = std::clamp<Index>(selection.head(), 0, site->heads - 1);
    from.q = document()->request(shown->find({site->name, TensorName::Q}));
    from.k = document()->request(shown->find({site->name, TensorName::K}));
    const bool wantsWeights = view.weights && selection.shown().query >= 0;
    if (wantsWeights) from.pattern = document()->request({site->name, TensorName::Pattern});
    if (from.q && from.k) {
        from.plane = m_run->request(from.q, site->matrixOf(from.q->heads(), from.head), from.k,
                                    site->matrixOf(from.k->heads(), from.head));
    }
    m_complete = from.plane && (from.pattern || !wantsWeights);
    const bool empty = site->queries == 0 && site->keys == 0;
    const bool allHidden = empty && !document()->trace()->tokens().items.empty();
    m_plot->setPlaceholder(allHidden ? tr("All tokens are special, and hidden")
                           : empty   ? tr("Type a sentence above")
                                     : tr("Working it out …"));
    if (!from.plane && m_page.data().plane)
        return;  // the old picture stays for the moment that the new one takes
    m_page = GeometryPage(*shown, *site, from, view, selection.shown(), m_adapter);
    m_plot->setDraggable(from.plane && from.plane->exact);
    m_plot->setData(m_page.data());
    m_caption->setText(m_page.caption());
    QString note = m_page.note();
    if (from.plane && from.plane->exact && !m_page.data().isEmpty())
        note += QLatin1Char(' ') + tr("Drag an arrow, and everything follows.");
    m_note->setText(note);
    showControls();
}

void GeometryWorkspace::pin(const GeometryPoint& point) {
    Selection* selection = document()->selection();
    Cell cell{selection->pinned().query, selection->pinned().key, -1};
    int& token = point.role == Role::Query ? cell.query : cell.key;
    const auto clicked = static_cast<int>(tokenOf(point));
    // A second click lets go.
    token = token == clicked ? -1 : clicked;
    selection->pin(cell);
}

Index GeometryWorkspace::tokenOf(const GeometryPoint& point) const {
    const TensorKey scores{document()->selection()->site().toStdString(), TensorName::Scores};
    const Axis axis = point.role == Role::Query ? Axis::Queries : Axis::Keys;
    return tokensAt(*document()->shownTrace(), scores, axis, point.index).first;
}

/// The vector's numbers become those of a place in the plane: edits of q or k.
void GeometryWorkspace::moveVector(const GeometryPoint& point, const PlanePoint& at) {
    const TracePtr& trace = document()->trace();
    const SiteInfo* site = trace ? trace->site(document()->selection()->site().toStdString()) : nullptr;
    if (site == nullptr || !m_page.data().plane || !m_page.data().plane->exact) return;
    Edit edit;
    edit.tensor = {site->name, point.role == Role::Query ? TensorName::Q : TensorName::K};
    const Index heads = point.role == Role::Query ? site->heads : site->kvHeads;
    edit.head = site->matrixOf(heads, std::clamp<Index>(document()->selection()->head(), 0, site->heads - 1));
    edit.row = tokenOf(point);
    std::vector<Edit> numbers;
    for (const double value : {at.x, at.y}) {
        edit.value = value;
        if (edit.column < m_page.data().plane->width) numbers.push_back(edit);
        ++edit.column;
    }
    document()->editCells(numbers);
}

void GeometryWorkspace::move(int queries, int keys) {
    const GeometryData& shown = m_page.data();
    if (shown.isEmpty()) return;
    const TensorKey scores{document()->selection()->site().toStdString(), TensorName::Scores};
    const TracePtr& trace = document()->shownTrace();
    const Cell pinned = document()->selection()->pinned();
    Cell cell = placesOf(*trace, scores, pinned);
    const auto moved = [](int from, int step, std::size_t count) {
        return from < 0 ? 0 : std::clamp(from + step, 0, static_cast<int>(count) - 1);
    };
    if (queries != 0) cell.query = moved(cell.query, queries, shown.plane->queries.size());
    if (keys != 0) cell.key = moved(cell.key, keys, shown.plane->keys.size());
    cell.dimension = -1;
    document()->selection()->pin(tokensOf(*trace, scores, cell, pinned));
}

}  // namespace attn::ui
