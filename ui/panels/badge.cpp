#include "ui/panels/badge.h"

#include "ui/model/error_text.h"
#include "ui/model/scene_document.h"
#include "ui/style/restyle.h"

#include <QDir>
#include <QEvent>
#include <QStringList>

namespace attn::ui {

namespace {

struct Origin {
    const char* kind;
    QString summary, explanation;
};

/// Edits that sleep change no number.
Inputs withoutSleepers(Inputs inputs, const Trace* trace) {
    if (trace == nullptr) return inputs;
    for (const std::size_t index : trace->sleepingEdits())
        std::erase(inputs.edits, trace->inputs().edits[index]);
    return inputs;
}

bool isEdited(const Inputs& inputs) {
    return !inputs.painted.empty() || !inputs.ablations.empty() || !inputs.edits.empty();
}

/// A line for each kind of change by hand.
QStringList changesText(const Inputs& inputs) {
    QStringList lines;
    if (!inputs.painted.empty()) {
        const int painted = static_cast<int>(inputs.painted.size());
        lines += painted == 1 ? Badge::tr("Mask: 1 cell painted by hand.")
                              : Badge::tr("Mask: %Ln cells painted by hand.", nullptr, painted);
    }
    if (!inputs.ablations.empty()) lines += Badge::tr("Parts of the model are switched off.");
    if (!inputs.edits.empty()) {
        const int edits = static_cast<int>(inputs.edits.size());
        lines += edits == 1 ? Badge::tr("1 number set by hand.")
                            : Badge::tr("%Ln numbers set by hand.", nullptr, edits);
    }
    return lines;
}

/// " · edited", with how many numbers.
QString editedSummary(const Inputs& inputs) {
    if (!isEdited(inputs)) return {};
    const int edits = static_cast<int>(inputs.edits.size());
    if (edits == 0) return Badge::tr(" · edited");
    return edits == 1 ? Badge::tr(" · 1 number edited") : Badge::tr(" · %Ln numbers edited", nullptr, edits);
}

Origin originOf(const Inputs& inputs, const ModelInfo& model) {
    QStringList lines{Badge::tr("Trained: %1 (%2).")
                          .arg(QString::fromStdString(model.title), QString::fromStdString(model.family))};
    if (!model.description.empty()) lines += coreText(model.description.c_str());
    lines += QDir::toNativeSeparators(QString::fromStdString(model.folder));
    QString summary = Badge::tr("trained: %1").arg(QString::fromStdString(model.title));
    lines += changesText(inputs);
    summary += editedSummary(inputs);
    return {isEdited(inputs) ? "edited" : "trained", summary, lines.join(u'\n')};
}

Origin originOf(const Inputs& inputs) {
    const EffectiveParameters p = effective(inputs.parameters, {});
    const QString seed = QString::number(p.seed);
    const bool counted = p.embeddings == EmbeddingsKind::Words;
    const bool scoreWeights = p.score == ScoreKind::Additive || p.score == ScoreKind::Bilinear;

    QStringList lines{counted
                          ? Badge::tr("Token vectors: counted from children's books (which words stand near "
                                      "each other). Unknown words: random numbers of seed %1.")
                                .arg(seed)
                          : Badge::tr("Token vectors: Gaussian random numbers of seed %1.").arg(seed),
                      p.identityProjections
                          ? Badge::tr("Projections: none; queries, keys and values are the embeddings.")
                          : Badge::tr("W_Q, W_K, W_V, W_O: Gaussian random numbers of seed %1.").arg(seed)};
    if (scoreWeights)
        lines += Badge::tr("Weights of the score function: Gaussian random numbers of seed %1.").arg(seed);
    lines += changesText(inputs);
    lines += Badge::tr("Nothing here was trained.");

    QString summary;
    if (counted) {
        summary = p.identityProjections ? Badge::tr("no weights · word vectors counted from books")
                                        : Badge::tr("toy weights · word vectors counted from books");
    } else {
        // A number does not stand alone on a second line.
        summary = Badge::tr("toy model · seed %1").arg(seed).replace(u' ' + seed, QChar(QChar::Nbsp) + seed);
    }
    summary += editedSummary(inputs);
    return {isEdited(inputs) ? "edited" : "toy", summary, lines.join(u'\n')};
}

}  // namespace

Badge::Badge(SceneDocument* document, QWidget* parent) : QLabel(parent), m_document(document) {
    setObjectName(QStringLiteral("badge"));
    setAlignment(Qt::AlignCenter);
    setWordWrap(true);
    setProperty("badge", QStringLiteral("toy"));
    connect(document, &SceneDocument::inputsChanged, this, &Badge::refresh);
    connect(document, &SceneDocument::traceChanged, this, &Badge::refresh);
    refresh();
}

void Badge::refresh() {
    // Where the numbers on screen come from: while a model is being opened, from the one before.
    const TracePtr& trace = m_document->trace();
    const ModelInfo* model = trace ? trace->model() : nullptr;
    const Inputs inputs =
        withoutSleepers(model != nullptr ? trace->inputs() : m_document->inputs(), trace.get());
    const Origin origin = model != nullptr ? originOf(inputs, *model) : originOf(inputs);
    const QString shown = QStringLiteral("● ") + origin.summary;
    if (text() != shown) {
        setText(shown);
        setAccessibleName(origin.summary);
    }
    if (toolTip() != origin.explanation) {
        setToolTip(origin.explanation);
        setAccessibleDescription(origin.explanation);
    }
    const QString kind = QString::fromLatin1(origin.kind);
    if (property("badge").toString() == kind) return;
    setProperty("badge", kind);
    restyle(this);
}

void Badge::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) refresh();
}

}  // namespace attn::ui
