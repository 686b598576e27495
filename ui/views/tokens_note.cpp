#include "ui/views/tokens_note.h"

#include "core/analysis/token_view.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <optional>

namespace attn::ui {
namespace {

struct TokensNote {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::TokensNote)
};

bool isWeights(const TensorKey& key) {
    return quantity(key.name) == Quantity::Probability;
}

/// Along both axes; the same sequence counts once.
Index hiddenAlong(const Trace& shown, const TensorKey& key) {
    const ShownTokens& tokens = *shown.shownTokens();
    const auto [rowAxis, columnAxis] = axes(key);
    const TokenGroups* const rows = tokens.along(key, rowAxis);
    const TokenGroups* const columns = tokens.along(key, columnAxis);
    Index hidden = rows == nullptr ? 0 : rows->hidden();
    if (columns != nullptr && columns != rows) hidden += columns->hidden();
    return hidden;
}

QString hiddenText(const Trace& shown, const TensorKey& key, const std::optional<double>& share) {
    const auto hidden = static_cast<int>(hiddenAlong(shown, key));
    if (hidden == 0) return {};
    QString text = hidden == 1 ? TokensNote::tr("1 special token hidden")
                               : TokensNote::tr("%Ln special tokens hidden", nullptr, hidden);
    if (!isWeights(key)) return text;
    const bool renormalised = shown.shownTokens()->settings().renormalise;
    text += renormalised ? TokensNote::tr(", rows renormalised") : TokensNote::tr(", rows as they were");
    if (!share) return text;
    const QString percent = percentText(*share);
    return text + (renormalised ? TokensNote::tr("; %1 of the weight lay on them").arg(percent)
                                : TokensNote::tr("; %1 of the weight lies on them").arg(percent));
}

/// What the setting would merge along a tensor.
bool mergesAlong(const Trace& shown, const TensorKey& key) {
    const ShownTokens& tokens = *shown.shownTokens();
    const auto [rowAxis, columnAxis] = axes(key);
    for (const Axis axis : {rowAxis, columnAxis}) {
        const std::optional<Sequence> which = shown.sequenceAlong(key, axis);
        const ShownSequence* const sequence = which ? tokens.sequence(*which) : nullptr;
        if (sequence != nullptr && sequence->words.count() < sequence->pieces.count()) return true;
    }
    return false;
}

}  // namespace

QString percentText(double share) {
    if (share > 0 && share < 0.01) return TokensNote::tr("less than 1 %");
    if (share > 0.99 && share < 1) return TokensNote::tr("more than 99 %");
    return TokensNote::tr("%1 %").arg(std::lround(100 * share));
}

QString tokensNote(const Trace& shown, const TensorKey& key, const TensorPtr& weights, Index head) {
    if (!shown.shownTokens()) return {};
    QStringList parts;
    std::optional<double> share;
    if (weights) {
        const ShownTokens& tokens = *shown.shownTokens();
        share =
            hiddenShare(*weights, head, *tokens.along(key, Axis::Queries), *tokens.along(key, Axis::Keys));
    }
    if (const QString hidden = hiddenText(shown, key, share); !hidden.isEmpty()) parts += hidden;
    if (mergesAlong(shown, key)) {
        parts += isWeights(key)
                     ? TokensNote::tr("whole words: sums over a key's pieces, means over a query's")
                     : TokensNote::tr("every piece by itself: only weights can be merged into words");
    }
    return parts.join(QStringLiteral(" · "));
}

QString hiddenNote(const Trace& shown, const TensorKey& key, double share) {
    return shown.shownTokens() ? hiddenText(shown, key, share) : QString();
}

bool mergesWords(const Trace& shown, const TensorKey& key) {
    return shown.shownTokens() && mergesAlong(shown, key);
}

QString piecesNote(const Trace& shown, const TensorKey& key, const Cell& tokens) {
    if (!shown.shownTokens()) return {};
    QStringList parts;
    const auto say = [&](Axis axis, int token, const QString& role) {
        const TokenGroups* const groups = shown.shownTokens()->along(key, axis);
        const Tokens* const words = shown.tokensAlong(key, axis);
        const Tokens* const all = shown.shownTokens()->all()->tokensAlong(key, axis);
        if (groups == nullptr || token < 0 || token >= groups->tokens()) return;
        const auto name = [](const Tokens& from, Index index) {
            return QString::fromStdString(displayText(from.items[static_cast<std::size_t>(index)].text, 40));
        };
        const Index place = groups->placeOf(token);
        if (place < 0) {
            parts += TokensNote::tr("%1 ‘%2’ is hidden in the picture").arg(role, name(*all, token));
            return;
        }
        const TokenRun& run = groups->run(place);
        if (run.count < 2) return;
        parts += TokensNote::tr("%1 ‘%2’ is piece %3 of %4 of ‘%5’")
                     .arg(role, name(*all, token))
                     .arg(token - run.first + 1)
                     .arg(run.count)
                     .arg(name(*words, place));
    };
    const auto [rowAxis, columnAxis] = axes(key);
    if (rowAxis == Axis::Queries) say(Axis::Queries, tokens.query, TokensNote::tr("query"));
    if (rowAxis == Axis::Keys || columnAxis == Axis::Keys) say(Axis::Keys, tokens.key, TokensNote::tr("key"));
    if (parts.isEmpty()) return {};
    return TokensNote::tr("The arithmetic is that of single tokens: %1.")
        .arg(parts.join(QStringLiteral(", ")));
}

QString tokensNoteOfModel(const Trace& shown) {
    // Where keys come from another sequence both are spoken of.
    const auto sites = shown.sites();
    const auto cross =
        std::find_if(sites.begin(), sites.end(), [](const SiteInfo& site) { return site.cross; });
    const SiteInfo& site = cross == sites.end() ? sites.front() : *cross;
    return tokensNote(shown, {site.name, TensorName::Pattern});
}

EntryPtr hiddenWeights(const Trace& shown, const TensorKey& key) {
    if (!shown.shownTokens() || !isWeights(key) || hiddenAlong(shown, key) == 0) return nullptr;
    return shown.shownTokens()->all()->find(key);
}

}  // namespace attn::ui
