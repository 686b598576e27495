#include "ui/model/scene_document.h"

#include "core/io/file.h"
#include "core/model/builtin_models.h"
#include "core/scene/scene_json.h"
#include "ui/model/error_text.h"
#include "ui/model/inputs_command.h"
#include "ui/model/selection.h"

#include <QFileInfo>

#include <algorithm>

namespace attn::ui {
namespace {

constexpr qint64 kTypingPauseMillis = 1500;  ///< a longer pause begins a new undo step

std::string utf8(const QString& text) {
    return text.toStdString();
}

std::filesystem::path nativePath(const QString& path) {
    return {path.toStdU16String()};
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
        [this](Worker::Aside kind, Result<TracePtr> trace) {
            QMetaObject::invokeMethod(
                this,
                [this, kind, trace = std::move(trace)] {
                    if (kind == Worker::Aside::Baseline) {
                        receiveBaseline(trace);
                    } else {
                        emit probeReady(trace ? *trace : nullptr);
                    }
                },
                Qt::QueuedConnection);
        },
        [this](std::uint64_t serial, double fraction) {
            QMetaObject::invokeMethod(
                this, [this, serial, fraction] { reportOpening(serial, fraction); }, Qt::QueuedConnection);
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

void SceneDocument::pinState() {
    if (!m_trace) return;
    m_pinnedState = {m_trace, utf8(m_selection->site()), m_selection->head()};
    emit pinnedStateChanged();
}

void SceneDocument::unpinState() {
    if (!m_pinnedState) return;
    m_pinnedState.reset();
    emit pinnedStateChanged();
}

void SceneDocument::beginGesture(const QString& text) {
    if (m_gesture++ > 0) return;
    m_gestureText = text;
    ++m_mergeSerial;
}

void SceneDocument::endGesture() {
    if (m_gesture > 0 && --m_gesture == 0) {
        ++m_mergeSerial;
        emit gestureEnded();
    }
}

void SceneDocument::changeInputs(Inputs inputs, const QString& text, Merging merging) {
    if (inputs == m_scene.inputs) return;
    int mergeId = 0;
    if (m_gesture > 0) {
        mergeId = m_mergeSerial;
    } else if (merging == Merging::Typing) {
        const bool goesOn =
            m_typing.isValid() && m_typing.elapsed() < kTypingPauseMillis && m_typingText == text;
        if (!goesOn) ++m_mergeSerial;
        mergeId = m_mergeSerial;
        m_typingText = text;
        m_typing.start();
    }
    if (merging != Merging::Typing) m_typing.invalidate();
    m_undo.push(new InputsCommand(this, m_scene.inputs, std::move(inputs),
                                  m_gesture > 0 ? m_gestureText : text, mergeId));
}

void SceneDocument::assign(const Inputs& inputs) {
    m_scene.inputs = inputs;
    const QString stopped = m_pending && !m_adopting ? m_opening->name : QString();
    if (!m_adopting) {
        if (m_pending) abandonOpening();
        m_requested = m_worker->request(inputs);
    }
    emit inputsChanged();
    if (!stopped.isEmpty())
        emit failed(tr("%1 was not opened: the scene was changed meanwhile.").arg(stopped));
}

void SceneDocument::changeExperiments(const Experiments& experiments, const QString& text) {
    if (experiments == m_scene.experiments) return;
    m_typing.invalidate();
    const bool gesture = m_gesture > 0;
    m_undo.push(new ExperimentsCommand(this, m_scene.experiments, experiments, gesture ? m_gestureText : text,
                                       gesture ? m_mergeSerial : 0));
}

void SceneDocument::assign(const Experiments& experiments) {
    m_scene.experiments = experiments;
    emit experimentsChanged();
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

void SceneDocument::applyView(const View& view) {
    m_scene.view = view;
    m_shown = m_lens.show(m_trace, view.tokens);
    m_selection->setSite(QString::fromStdString(view.site));
    m_selection->setStage(QString::fromStdString(view.stage), QString::fromStdString(view.tensor));
    m_selection->setHead(static_cast<int>(view.head));
    m_selection->pin({static_cast<int>(view.query), static_cast<int>(view.key)});
    emit viewChanged();
}

void SceneDocument::setColormap(const QString& name) {
    m_scene.view.colormap = utf8(name);
    emit viewChanged();
}

void SceneDocument::setRangeMode(RangeMode mode) {
    m_scene.view.range = mode;
    emit viewChanged();
}

void SceneDocument::setShowValues(bool show) {
    m_scene.view.values = show;
    emit viewChanged();
}

void SceneDocument::setHeadsView(const HeadsView& heads) {
    if (heads == m_scene.view.heads) return;
    m_scene.view.heads = heads;
    emit viewChanged();
}

void SceneDocument::setFlowView(const FlowView& flow) {
    if (flow == m_scene.view.flow) return;
    m_scene.view.flow = flow;
    emit viewChanged();
}

void SceneDocument::setWorkspace(const QString& name) {
    m_scene.view.workspace = utf8(name);
    emit viewChanged();
}

void SceneDocument::setLinksView(const LinksView& links) {
    if (links == m_scene.view.links) return;
    m_scene.view.links = links;
    emit viewChanged();
}

void SceneDocument::setNeuronsView(const NeuronsView& neurons) {
    if (neurons == m_scene.view.neurons) return;
    m_scene.view.neurons = neurons;
    emit viewChanged();
}

void SceneDocument::setGeometryView(const GeometryView& geometry) {
    if (geometry == m_scene.view.geometry) return;
    m_scene.view.geometry = geometry;
    emit viewChanged();
}

Scene SceneDocument::scene() const {
    Scene scene = m_scene;
    scene.view.site = utf8(m_selection->site());
    scene.view.stage = utf8(m_selection->stage());
    scene.view.tensor = utf8(m_selection->tensor());
    scene.view.head = m_selection->head();
    scene.view.query = m_selection->pinned().query;
    scene.view.key = m_selection->pinned().key;
    return scene;
}

QString SceneDocument::displayName() const {
    return m_filePath.isEmpty() ? tr("Untitled") : QFileInfo(m_filePath).fileName();
}

bool SceneDocument::isModified() const {
    return !m_undo.isClean();
}

void SceneDocument::newScene(const Scene& scene) {
    replaceScene(scene, {});
}

void SceneDocument::replaceScene(const Scene& scene, const QString& path) {
    m_undo.clear();
    m_scene = scene;
    m_filePath = path;
    applyView(scene.view);
    assign(scene.inputs);
    emit experimentsChanged();
    emit fileChanged();
}

bool SceneDocument::open(const QString& path, QString* error) {
    const auto bytes = readFile(nativePath(path), kMaxSceneBytes);
    if (!bytes) {
        *error = errorText(bytes.error());
        return false;
    }
    auto loaded = sceneFromJson(*bytes);
    const QFileInfo file(path);
    if (loaded) {
        auto model = resolveModel(loaded->scene.inputs.model, nativePath(file.absolutePath()));
        if (model) {
            loaded->scene.inputs.model = *std::move(model);
        } else {
            loaded = tl::unexpected(std::move(model.error()));
        }
    }
    if (!loaded) {
        *error = tr("%1: %2").arg(file.fileName(), errorText(loaded.error()));
        return false;
    }
    QStringList unknownKeys;
    for (const std::string& key : loaded->unknownKeys) unknownKeys.append(QString::fromStdString(key));
    const auto commit = [this, scene = loaded->scene, absolute = file.absoluteFilePath(), unknownKeys] {
        replaceScene(scene, absolute);
        emit opened(absolute, unknownKeys);
    };
    if (loaded->scene.inputs.model == "toy") {
        commit();
    } else {
        beginOpening(loaded->scene.inputs, file.fileName(), commit);
    }
    return true;
}

bool SceneDocument::save(const QString& path, QString* error) {
    Scene saved = scene();
    saved.inputs.model = modelBeside(saved.inputs.model, nativePath(QFileInfo(path).absolutePath()));
    const auto written = writeFile(nativePath(path), sceneToJson(saved));
    if (!written) {
        *error = errorText(written.error());
        return false;
    }
    m_filePath = QFileInfo(path).absoluteFilePath();
    m_undo.setClean();
    emit fileChanged();
    return true;
}

}  // namespace attn::ui
