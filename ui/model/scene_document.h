#pragma once
/// The scene that the window shows: its inputs under undo, the worker that follows them, and its file.
///
///   panel -> undo command -> Scene -> worker -> shared_ptr<const Trace> -> traceChanged -> views

#include "core/analysis/token_view.h"
#include "core/pipeline/worker.h"
#include "core/scene/scene.h"
#include "core/trace/row_entries.h"
#include "core/trace/trace.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QUndoStack>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace attn::ui {

class Selection;

/// How far the trace of what is pinned is.
struct PinnedWork {
    TracePtr trace;
    QString fault;             ///< why there is none
    double fraction = 0;       ///< 0 … 1, of the opening of its model
    std::uint64_t serial = 0;  ///< of the request; 0: not asked for yet
};

/// What is being opened, and how far that is.
struct Opening {
    QString name;
    double fraction = 0;       ///< 0 … 1
    bool cancellable = false;  ///< what a new scene begins with is not
};

class SceneDocument : public QObject {
    Q_OBJECT
public:
    explicit SceneDocument(QObject* parent = nullptr);
    ~SceneDocument() override;

    [[nodiscard]] const Inputs& inputs() const { return m_scene.inputs; }
    [[nodiscard]] const Parameters& parameters() const { return m_scene.inputs.parameters; }
    [[nodiscard]] const Experiments& experiments() const { return m_scene.experiments; }
    [[nodiscard]] const View& view() const { return m_scene.view; }
    [[nodiscard]] Selection* selection() const { return m_selection; }
    [[nodiscard]] QUndoStack* undoStack() { return &m_undo; }
    /// A step back or forth. One that leads to another model opens it first, as openModel does: until it is
    /// there everything stays. Asked for again meanwhile, or after it failed, they go a step further.
    void undo();
    void redo();

    /// The newest trace; null until the first has come. It may be some milliseconds behind the inputs.
    [[nodiscard]] const TracePtr& trace() const { return m_trace; }
    /// The same as its tokens are shown (view().tokens): what views draw. Its rows and columns are places;
    /// the selection, the arithmetic and the inputs speak of the tokens of trace().
    [[nodiscard]] const TracePtr& shownTrace() const { return m_shown; }
    /// Another trace as the tokens are shown: the pinned one.
    [[nodiscard]] TracePtr shownOf(const TracePtr& trace) {
        return m_otherLens.show(trace, m_scene.view.tokens);
    }
    /// True when the trace belongs to the present inputs.
    [[nodiscard]] bool isCurrent() const { return m_delivered == m_requested; }
    [[nodiscard]] bool inGesture() const { return m_gesture > 0; }
    /// How long the newest trace took to compute.
    [[nodiscard]] std::chrono::microseconds evaluationTime() const { return m_evaluationTime; }
    /// The numbers of a tensor: at once, or null and tensorReady later.
    TensorPtr request(const TensorKey& key);
    TensorPtr request(const EntryPtr& entry);
    /// The logits of the trace's text without what was changed of the model (analysis/predictions.h): at
    /// once, or null and baselineReady later. Null also where the model predicts nothing.
    std::shared_ptr<const RowEntries> requestBaseline();

    /// Evaluates other inputs of the present model when there is nothing else to do; probeReady tells. The
    /// newest ones count; while the model is another one nothing comes.
    void requestProbe(const Inputs& inputs);
    void cancelProbe();

    // A of the comparison: undo steps of their own, and no new trace.
    /// Puts the present trace's inputs aside, with what of it is selected, in place of what was pinned.
    void pinState();
    void unpinState();
    [[nodiscard]] const std::optional<PinnedState>& pinned() const { return m_scene.pinned; }
    /// Its trace: at once, or null and pinnedChanged later. Null also where there is none: pinnedWork().fault
    /// says why.
    TracePtr requestPinned();
    [[nodiscard]] const PinnedWork& pinnedWork() const { return m_pinnedWork; }

    // Changes of the inputs: each is one undo step. Between beginGesture and endGesture (a slider's press and
    // release, a painted stroke) all of them together are one.
    void beginGesture(const QString& text);
    void endGesture();
    void setText(const QString& text);  ///< merges while typing goes on
    /// Tokens of the model's vocabulary in place of the text, or the text again; merges while typing goes on.
    void setIds(const std::optional<std::vector<std::int64_t>>& ids);
    void setContext(const std::optional<QString>& context);  ///< merges while typing goes on
    /// Every token from this one on belongs to a segment (token type); those before it stay.
    void setSegmentFrom(int token, int segment);
    void clearSegments();
    /// For all sites, or for the selected one while `ofSite()`.
    void setParameter(ParameterId id, const ParameterValue& value);
    void resetParameter(ParameterId id);  ///< of one site: it follows the others again
    void resetSite();                     ///< all that the selected site has of its own
    /// Paints one cell of the mask at the selected site: true allows, false masks, nothing takes the paint
    /// away.
    void paintCell(int query, int key, std::optional<bool> allowed);
    void clearPainted();
    void removeSleepingPainted();  ///< those that fit no tokens of the present text
    // Numbers changed by hand (core/scene/edit.h). `head`: the tensor's own, 0 where it has no heads.
    /// Sets an entry of a tensor of the trace; nothing where there is none, or the number cannot be set.
    void editCell(const TensorKey& tensor, int head, int row, int column, double value);
    /// Several of them in one step: tensor, place and value of each count.
    void editCells(const std::vector<Edit>& cells);
    void resetCell(const TensorKey& tensor, int head, int row, int column);
    void resetTensor(const TensorKey& tensor);
    void clearEdits();
    void removeSleepingEdits();  ///< those that fit nothing in the present trace
    // What is switched off, with the kind that view().heads says. Places that the trace does not have are
    // left alone.
    void toggleHead(const QString& site, int head);
    void toggleHeads(const QString& site);
    void toggleMlp(const QString& site);
    void clearAblations();
    void setAblationKind(AblationKind kind);  ///< also of what is switched off already
    void toggleMaskedToken(int position);
    /// The text goes on with a token, or what the decoder of an encoder-decoder reads; taking the last one
    /// back is the way back. Of ids that were given an id more or less; of a text what the token stands for.
    void writeToken(std::int64_t id);
    void eraseLastToken();
    /// Text, parameters and painted cells of an example at once; the view follows it too.
    void applyExample(const Scene& scene, const QString& title);

    /// Whether parameters are set and shown for the selected site alone.
    [[nodiscard]] bool ofSite() const { return m_ofSite; }
    void setOfSite(bool ofSite);
    /// Where parameters are set and shown now.
    [[nodiscard]] ParameterPlace parameterPlace() const;

    // What is opened is evaluated first and takes the place of what is there when its trace has come; until
    // then, and where it fails or is cancelled, everything stays. Another change of the inputs cancels it.
    /// "toy", a built-in model's name or a folder; one undo step.
    void openModel(const QString& model);
    void cancelOpening();
    [[nodiscard]] const std::optional<Opening>& opening() const { return m_opening; }

    // What the experiments are set to: undo steps as above, and no new trace. `text` names the step.
    void setSaturation(SaturationState state, const QString& text);
    void setScaling(ScalingState state, const QString& text);

    // The view: saved, not undoable.
    void setColormap(const QString& name);
    void setRangeMode(RangeMode mode);
    void setShowValues(bool show);
    void setWorkspace(const QString& name);
    void setLinksView(const LinksView& links);
    void setHeadsView(const HeadsView& heads);
    void setNeuronsView(const NeuronsView& neurons);
    void setGeometryView(const GeometryView& geometry);
    void setFlowView(const FlowView& flow);
    void setTokensView(const TokensView& tokens);
    void setSide(const QString& side);  ///< what stands beside the heat map

    // The file.
    [[nodiscard]] const QString& filePath() const { return m_filePath; }
    [[nodiscard]] QString displayName() const;
    [[nodiscard]] bool isModified() const;
    /// Replaces everything; the undo history starts anew.
    void newScene(const Scene& scene);
    /// False: `error` says why. Otherwise `opened` comes: at once for the toy model, later for a trained one,
    /// or `failed`.
    bool open(const QString& path, QString* error);
    bool save(const QString& path, QString* error);
    [[nodiscard]] Scene scene() const;  ///< all of it, the view with the present selection

signals:
    void inputsChanged();
    void experimentsChanged();
    void traceChanged();                           ///< trace() is new
    void tensorReady();                            ///< a requested tensor has come
    void baselineReady();                          ///< requestBaseline() has an answer
    void probeReady(const attn::TracePtr& trace);  ///< of requestProbe(); null: there is no such trace
    void failed(const QString& message);           ///< the evaluation found something wrong; trace() stays
    void openingChanged();
    /// A scene file or a model's folder has been opened. Keys of the scene that this version does not know
    /// are kept and listed.
    void opened(const QString& path, const QStringList& unknownKeys);
    void ofSiteChanged();
    void viewChanged();
    void pinnedChanged();  ///< pinned() or pinnedWork()
    void gestureEnded();   ///< a slider was released, a stroke ended
    void fileChanged();    ///< path or modified state

private:
    template <typename Value>
    friend class ChangeCommand;
    enum class Merging { Never, Typing };

    /// Inputs whose trace is awaited before they take the place of the present ones.
    struct Pending {
        std::uint64_t serial = 0;
        std::function<void()> commit;
    };

    void changeInputs(Inputs inputs, const QString& text, Merging merging);
    void changeExperiments(const Experiments& experiments, const QString& text);
    void changePinned(std::optional<PinnedState> pinned, const QString& text);
    // By commands alone:
    void assign(const Inputs& inputs);
    void assign(const Experiments& experiments);
    void assign(const std::optional<PinnedState>& pinned);
    /// The inputs that the first `step` undo steps lead to.
    [[nodiscard]] const Inputs& inputsAt(int step) const;
    void goToStep(int step);
    void receive(Worker::Delivery delivery);
    void receiveAside(Worker::Aside kind, const Worker::Delivery& delivery);
    void receivePinned(const Worker::Delivery& delivery);
    void reportPinned(double fraction);
    void takePresentTrace();
    void receiveBaseline(const Result<TracePtr>& trace);
    void adopt(Worker::Delivery delivery);
    void beginOpening(const Inputs& inputs, const QString& name, std::function<void()> commit);
    void finishOpening(Worker::Delivery delivery);
    /// Forgets what is being opened; deliveries of requests up to now are no longer wanted.
    void abandonOpening();
    void reportOpening(std::uint64_t serial, double fraction);
    void endProgress();
    void takeExample(const Scene& scene, const QString& text);
    void replaceScene(const Scene& scene, const QString& path);
    [[nodiscard]] std::string selectedSite() const;
    void settleSelection();
    void keepSelectionInside(const SiteInfo& site);
    void applyView(const View& view);
    template <typename Part>
    void setPart(Part View::*part, const Part& value);

    Scene m_scene;
    Selection* m_selection;
    QUndoStack m_undo;
    QString m_filePath;
    TracePtr m_trace, m_shown;
    TokenLens m_lens, m_otherLens;
    PinnedWork m_pinnedWork;
    std::chrono::microseconds m_evaluationTime{0};
    std::uint64_t m_requested = 0, m_delivered = 0;
    std::optional<Inputs> m_baselineInputs, m_baselineAsked;
    std::shared_ptr<const RowEntries> m_baseline;
    std::uint64_t m_firstWanted = 0;  ///< older deliveries are dropped
    std::optional<Pending> m_pending;
    std::optional<int> m_awaitedStep;  ///< that undo or redo wants to open, or could not
    std::optional<Opening> m_opening;
    bool m_adopting = false;  ///< the trace of the inputs that are being assigned is there already
    bool m_ofSite = false;
    int m_gesture = 0;
    int m_mergeSerial = 0;  ///< steps with the same number merge
    QString m_gestureText;
    QElapsedTimer m_typing;
    QString m_typingText;
    std::unique_ptr<Worker> m_worker;  // last: gone before anything that it delivers to
};

}  // namespace attn::ui
