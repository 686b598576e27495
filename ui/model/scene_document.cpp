#include "ui/model/scene_document.h"

#include "ui/model/error_text.h"
#include "ui/model/selection.h"

#include <algorithm>

namespace attn::ui {
namespace {

std::string utf8(const QString& text) {
    return text.toStdString();
}

}  // namespace

SceneDocument::SceneDocument(QObject* parent) : QObject(parent), m_selection(new Selection(this)) {
    connect(&m_undo, &QUndoStack::cleanChanged, this, &SceneDocument::fileChanged);
    m_worker = std::make_unique<Worker>(
        [this](Worker::Delivery delivery) {
            QMetaObject::invokeMethod(
                this, [this, delivery = std::move(delivery)]() mutable { receive(std::move(delivery)); },
                Qt::QueuedConnection);
        },
        [this](const EntryPtr& entry) {
            QMetaObject::invokeMethod(
                this,
                [this, tensor = entry->peek()] {
                    emit tensorReady();
                },  // owned until the views have taken it
                Qt::QueuedConnection);
        },
        [this](Worker::Aside kind, Worker::Delivery delivery) {
            QMetaObject::invokeMethod(
                this, [this, kind, delivery = std::move(delivery)] { receiveAside(kind, delivery); },
                Qt::QueuedConnection);
        },
        [this](std::uint64_t serial, double fraction) {
            QMetaObject::invokeMethod(
                this, [this, serial, fraction] { reportOpening(serial, fraction); }, Qt::QueuedConnection);
        },
        [this](Worker::Aside, double fraction) {
            QMetaObject::invokeMethod(
                this, [this, fraction] { reportPinned(fraction); }, Qt::QueuedConnection);
        });
}

SceneDocument::~SceneDocument() {
    m_worker.reset();
    m_undo.disconnect(this);
}

TensorPtr SceneDocument::request(const TensorKey& key) {
    return request(m_trace ? m_trace->find(key) : nullptr);
}

TensorPtr SceneDocument::request(const EntryPtr& entry) {
    if (!entry) return nullptr;
    TensorPtr tensor = entry->peek();
    if (!tensor && entry->isQuick()) return entry->get();
    if (!tensor) m_worker->request(entry);
    return tensor;
}

void SceneDocument::receive(Worker::Delivery delivery) {
    if (delivery.serial < m_firstWanted) return;
    if (m_pending && delivery.serial == m_pending->serial) return finishOpening(std::move(delivery));
    m_delivered = delivery.serial;
    if (!m_pending) endProgress();
    if (!delivery.trace) {
        emit failed(errorText(delivery.trace.error()));
        return;
    }
    adopt(std::move(delivery));
    settleSelection();
    emit traceChanged();
}

void SceneDocument::receiveAside(Worker::Aside kind, const Worker::Delivery& delivery) {
    switch (kind) {
        case Worker::Aside::Baseline:
            return receiveBaseline(delivery.trace);
        case Worker::Aside::Probe:
            emit probeReady(delivery.trace ? *delivery.trace : nullptr);
            return;
        case Worker::Aside::Pinned:
            return receivePinned(delivery);
    }
}

void SceneDocument::adopt(Worker::Delivery delivery) {
    m_baselineAsked.reset();  // whoever looks asks again
    m_delivered = delivery.serial;
    m_trace = *std::move(delivery.trace);
    m_shown = m_lens.show(m_trace, m_scene.view.tokens);
    m_evaluationTime = delivery.duration;
}

void SceneDocument::settleSelection() {
    const SiteInfo* site = m_trace->site(utf8(m_selection->site()));
    if (site == nullptr) {
        m_selection->setSite(QString::fromStdString(m_trace->sites().front().name));
        site = &m_trace->sites().front();
    }
    if (isCurrent()) keepSelectionInside(*site);
    if (m_trace->sites().size() < 2) setOfSite(false);
}

/// A selection that the new trace has no place for moves to the nearest place that it has.
void SceneDocument::keepSelectionInside(const SiteInfo& site) {
    m_selection->setHead(std::clamp(m_selection->head(), 0, std::max(0, static_cast<int>(site.heads) - 1)));
    const auto inside = [](int index, Index count) { return std::min(index, static_cast<int>(count) - 1); };
    const Cell pinned = m_selection->pinned();
    const Cell kept{inside(pinned.query, site.queries), inside(pinned.key, site.keys), pinned.dimension,
                    pinned.weightRow};
    if (!(kept == pinned)) m_selection->pin(kept);
}

void SceneDocument::setText(const QString& text) {
    Inputs inputs = m_scene.inputs;
    inputs.text = utf8(text);
    inputs.segments.clear();  // they belong to the tokens of the text before
    changeInputs(std::move(inputs), tr("Type"), Merging::Typing);
}

void SceneDocument::setIds(const std::optional<std::vector<std::int64_t>>& ids) {
    Inputs inputs = m_scene.inputs;
    const bool typing = ids.has_value() && inputs.ids.has_value();
    inputs.ids = ids;
    // A token that is new has the type of the last one.
    if (!inputs.segments.empty()) {
        const std::int64_t last = inputs.segments.back();
        inputs.segments.resize(ids ? ids->size() : 0, last);
    }
    const QString text = typing ? tr("Type ids") : ids ? tr("Take ids") : tr("Take the text");
    changeInputs(std::move(inputs), text, typing ? Merging::Typing : Merging::Never);
}

void SceneDocument::setContext(const std::optional<QString>& context) {
    Inputs inputs = m_scene.inputs;
    const bool typing = context.has_value() && inputs.context.has_value();
    if (context) {
        inputs.context = utf8(*context);
    } else {
        inputs.context.reset();
    }
    const QString text = typing    ? tr("Type the context")
                         : context ? tr("Add a context")
                                   : tr("Remove the context");
    changeInputs(std::move(inputs), text, typing ? Merging::Typing : Merging::Never);
}

void SceneDocument::paintCell(int query, int key, std::optional<bool> allowed) {
    const SiteInfo* site = m_trace ? m_trace->site(utf8(m_selection->site())) : nullptr;
    if (site == nullptr || query < 0 || key < 0 || query >= site->queries || key >= site->keys) return;
    Inputs inputs = m_scene.inputs;
    std::erase_if(inputs.painted, [&](const PaintedCell& cell) {
        return cell.site == site->name && cell.query == query && cell.key == key;
    });
    if (allowed) {
        const auto textOf = [](const Tokens& tokens, int index) {
            return tokens.items[static_cast<std::size_t>(index)].text;
        };
        inputs.painted.push_back({site->name, query, key, textOf(m_trace->queryTokens(*site), query),
                                  textOf(m_trace->keyTokens(*site), key), *allowed});
    }
    changeInputs(std::move(inputs), tr("Paint the mask"), Merging::Never);
}

void SceneDocument::clearPainted() {
    Inputs inputs = m_scene.inputs;
    inputs.painted.clear();
    changeInputs(std::move(inputs), tr("Remove painted cells"), Merging::Never);
}

void SceneDocument::removeSleepingPainted() {
    if (!m_trace) return;
    Inputs inputs = m_scene.inputs;
    for (const SiteInfo& site : m_trace->sites()) {
        for (const std::size_t index : m_trace->mask(site.name).sleeping) {
            if (index >= m_trace->inputs().painted.size()) continue;
            const PaintedCell cell = m_trace->inputs().painted[index];
            std::erase(inputs.painted, cell);
        }
    }
    changeInputs(std::move(inputs), tr("Remove painted cells"), Merging::Never);
}

void SceneDocument::setSaturation(SaturationState state, const QString& text) {
    Experiments experiments = m_scene.experiments;
    experiments.saturation = std::move(state);
    changeExperiments(experiments, text);
}

void SceneDocument::setScaling(ScalingState state, const QString& text) {
    Experiments experiments = m_scene.experiments;
    experiments.scaling = state;
    changeExperiments(experiments, text);
}

}  // namespace attn::ui
