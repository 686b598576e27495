#include "ui/views/layer_bar.h"

#include "core/trace/site_name.h"
#include "ui/model/scene_document.h"
#include "ui/model/selection.h"
#include "ui/panels/segmented_control.h"
#include "ui/style/fonts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>

namespace attn::ui {
namespace {

QString stackTitle(const std::string& stack) {
    if (stack == "encoder.blocks") return LayerBar::tr("Encoder");
    if (stack == "decoder.blocks") return LayerBar::tr("Decoder");
    if (stack == "decoder.blocks.cross") return LayerBar::tr("Cross");
    return QString::fromStdString(stack);
}

QString stackTip(const std::string& stack) {
    if (stack == "encoder.blocks") return LayerBar::tr("The source attends to itself");
    if (stack == "decoder.blocks") return LayerBar::tr("The target attends to itself");
    if (stack == "decoder.blocks.cross") return LayerBar::tr("The target attends to the source");
    return {};
}

}  // namespace

LayerBar::LayerBar(SceneDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_kinds(new SegmentedControl(QStringLiteral("layer.kind"), this)),
      m_label(new QLabel(this)),
      m_before(new QToolButton(this)),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_next(new QToolButton(this)),
      m_number(new QSpinBox(this)),
      m_count(new QLabel(this)) {
    setObjectName(QStringLiteral("layerBar"));
    m_label->setProperty("look", QStringLiteral("group"));
    m_count->setProperty("look", QStringLiteral("muted"));
    m_before->setObjectName(QStringLiteral("layer.before"));
    m_before->setText(QStringLiteral("‹"));
    m_before->setFocusPolicy(Qt::StrongFocus);
    m_next->setObjectName(QStringLiteral("layer.next"));
    m_next->setText(QStringLiteral("›"));
    m_next->setFocusPolicy(Qt::StrongFocus);
    m_slider->setObjectName(QStringLiteral("layer.slider"));
    m_slider->setPageStep(1);
    m_number->setObjectName(QStringLiteral("layer.number"));
    m_number->setKeyboardTracking(false);
    m_label->setBuddy(m_number);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_kinds);
    layout->addWidget(m_label);
    layout->addWidget(m_before);
    layout->addWidget(m_slider, 1000);
    layout->addWidget(m_next);
    layout->addWidget(m_number);
    layout->addWidget(m_count);
    layout->addStretch(1);
    connect(m_kinds, &SegmentedControl::chosen, this, &LayerBar::chooseStack);
    connect(m_slider, &QSlider::valueChanged, this, &LayerBar::chooseLayer);
    connect(m_number, &QSpinBox::valueChanged, this, &LayerBar::chooseLayer);
    connect(m_before, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { step(1); });
    connect(document, &SceneDocument::traceChanged, this, &LayerBar::follow);
    connect(document->selection(), &Selection::siteChanged, this, &LayerBar::follow);
    showTexts();
    follow();
}

int LayerBar::layerCount() const {
    return m_stacks.empty() ? 0 : static_cast<int>(m_stacks[m_stack].sites.size());
}

void LayerBar::follow() {
    const TracePtr& trace = m_document->trace();
    if (!trace) {
        setVisible(false);
        return;
    }
    std::vector<Stack> stacks;
    const std::string selected = m_document->selection()->site().toStdString();
    for (const SiteInfo& site : trace->sites()) {
        const SitePlace place = sitePlace(site.name);
        auto stack = std::find_if(stacks.begin(), stacks.end(),
                                  [&](const Stack& each) { return each.name == place.stack; });
        if (stack == stacks.end()) stack = stacks.insert(stacks.end(), Stack{place.stack, {}});
        stack->sites.push_back(site.name);
        if (site.name != selected) continue;
        m_stack = static_cast<std::size_t>(stack - stacks.begin());
        m_layer = static_cast<int>(stack->sites.size()) - 1;
    }
    const bool changed = stacks != m_stacks;
    m_stacks = std::move(stacks);
    m_stack = std::min(m_stack, m_stacks.size() - 1);
    if (changed) showStacks();
    m_kinds->setCurrent(QString::fromStdString(m_stacks[m_stack].name));
    const QSignalBlocker slider(m_slider), number(m_number);
    const int last = layerCount() - 1;
    m_slider->setRange(0, last);
    m_slider->setValue(m_layer);
    // As long as it takes to hit a layer: four of them need no slider across the window.
    constexpr int kLayerPx = 30, kEndsPx = 60;
    m_slider->setMaximumWidth(static_cast<int>((kEndsPx + kLayerPx * last) * textZoom(*this)));
    updateGeometry();
    m_number->setRange(0, last);
    m_number->setValue(m_layer);
    m_count->setText(tr("of 0 … %1").arg(last));
    m_before->setEnabled(m_layer > 0);
    m_next->setEnabled(m_layer < last);
    setVisible(isNeeded());
    emit neededChanged();
}

void LayerBar::showStacks() {
    std::vector<Segment> segments;
    for (const Stack& stack : m_stacks)
        segments.push_back(
            {QString::fromStdString(stack.name), stackTitle(stack.name), stackTip(stack.name)});
    m_kinds->setVisible(segments.size() > 1);
    m_kinds->setSegments(segments);
}

void LayerBar::chooseLayer(int layer) {
    if (layer < 0 || layer >= layerCount()) return;
    m_document->selection()->setSite(
        QString::fromStdString(m_stacks[m_stack].sites[static_cast<std::size_t>(layer)]));
}

/// The same depth in another stack.
void LayerBar::chooseStack(const QString& name) {
    for (const Stack& stack : m_stacks) {
        if (stack.name != name.toStdString() || stack.sites.empty()) continue;
        const std::size_t layer = std::min(static_cast<std::size_t>(m_layer), stack.sites.size() - 1);
        m_document->selection()->setSite(QString::fromStdString(stack.sites[layer]));
        return;
    }
}

void LayerBar::step(int layers) {
    chooseLayer(std::clamp(m_layer + layers, 0, std::max(0, layerCount() - 1)));
}

/// With a slider that is as long as it may be.
QSize LayerBar::sizeHint() const {
    constexpr int kMostPx = 480;
    const int slider = std::min(m_slider->maximumWidth(), kMostPx);
    return QWidget::sizeHint() + QSize(std::max(0, slider - m_slider->sizeHint().width()), 0);
}

void LayerBar::addKeysTo(QWidget* area) {
    for (const int direction : {-1, 1}) {
        auto* keys = new QShortcut(direction < 0 ? Qt::Key_PageUp : Qt::Key_PageDown, area);
        keys->setContext(Qt::WidgetWithChildrenShortcut);
        keys->setEnabled(isNeeded());
        connect(keys, &QShortcut::activated, this, [this, direction] { step(direction); });
        connect(this, &LayerBar::neededChanged, keys, [this, keys] { keys->setEnabled(isNeeded()); });
    }
}

void LayerBar::showTexts() {
    m_label->setText(tr("LAYER"));
    m_kinds->setAccessibleName(tr("Kind of attention"));
    m_before->setToolTip(tr("The layer before (Page up)"));
    m_before->setAccessibleName(tr("The layer before"));
    m_next->setToolTip(tr("The next layer (Page down)"));
    m_next->setAccessibleName(tr("The next layer"));
    m_slider->setAccessibleName(tr("Layer"));
    m_slider->setToolTip(tr("Which layer's attention is shown; layers count from 0"));
    m_number->setAccessibleName(tr("Layer"));
    m_number->setToolTip(m_slider->toolTip());
}

void LayerBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) follow();
    if (event->type() != QEvent::LanguageChange) return;
    showTexts();
    showStacks();
    follow();
}

}  // namespace attn::ui
