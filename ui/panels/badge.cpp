#include "ui/panels/badge.h"

#include "ui/model/scene_document.h"
#include "ui/style/restyle.h"

#include <QEvent>
#include <QStringList>

namespace attn::ui {

namespace {

struct Origin {
    bool edited;
    QString summary, explanation;
};

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
    if (!inputs.painted.empty()) {
        const int painted = static_cast<int>(inputs.painted.size());
        lines += painted == 1 ? Badge::tr("Mask: 1 cell painted by hand.")
                              : Badge::tr("Mask: %Ln cells painted by hand.", nullptr, painted);
    }
    if (!inputs.ablations.empty()) lines += Badge::tr("Parts of the model are switched off.");
    lines += Badge::tr("Nothing here was trained.");

    QString summary;
    if (counted) {
        summary = p.identityProjections ? Badge::tr("no weights · word vectors counted from books")
                                        : Badge::tr("toy weights · word vectors counted from books");
    } else {
        // A number does not stand alone on a second line.
        summary = Badge::tr("toy model · seed %1").arg(seed).replace(u' ' + seed, QChar(QChar::Nbsp) + seed);
    }
    const bool edited = !inputs.painted.empty() || !inputs.ablations.empty();
    if (edited) summary += Badge::tr(" · edited");
    return {edited, summary, lines.join(u'\n')};
}

}  // namespace

Badge::Badge(SceneDocument* document, QWidget* parent) : QLabel(parent), m_document(document) {
    setObjectName(QStringLiteral("badge"));
    setAlignment(Qt::AlignCenter);
    setWordWrap(true);
    setProperty("badge", QStringLiteral("toy"));
    connect(document, &SceneDocument::inputsChanged, this, &Badge::refresh);
    refresh();
}

void Badge::refresh() {
    const Origin origin = originOf(m_document->inputs());
    const QString shown = QStringLiteral("● ") + origin.summary;
    if (text() != shown) {
        setText(shown);
        setAccessibleName(origin.summary);
    }
    if (toolTip() != origin.explanation) {
        setToolTip(origin.explanation);
        setAccessibleDescription(origin.explanation);
    }
    const QString kind = origin.edited ? QStringLiteral("edited") : QStringLiteral("toy");
    if (property("badge").toString() == kind) return;
    setProperty("badge", kind);
    restyle(this);
}

void Badge::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) refresh();
}

}  // namespace attn::ui
