#include "core/analysis/token_view.h"

#include "core/text/token_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace attn {
namespace {

/// Tensors up to this many numbers are made where they are asked for: within a quarter of a millisecond.
constexpr Index kQuick = Index{1} << 17U;

/// One row of weights between places: sums over keys, the mean over those pieces that see one.
void groupRow(const MatrixView& weights, const TokenRun& pieces, const TokenGroups& keys, bool renormalise,
              std::vector<double>& sums, float* out) {
    std::fill(sums.begin(), sums.end(), 0.0);
    Index seeing = 0;
    for (Index i = pieces.first; i < pieces.first + pieces.count; ++i) {
        const float* const row = weights.data() + i * weights.outerStride();
        bool sees = false;
        for (Index j = 0; j < weights.cols(); ++j) {
            const float weight = row[j];
            if (weight == 0 || std::isnan(weight)) continue;
            sees = true;
            const Index place = keys.placeOf(j);
            if (place >= 0) sums[static_cast<std::size_t>(place)] += static_cast<double>(weight);
        }
        seeing += sees ? 1 : 0;
    }
    double whole = static_cast<double>(std::max<Index>(seeing, 1));
    if (renormalise) {
        double left = 0;
        for (const double sum : sums) left += sum;
        if (left > 0) whole = left;
    }
    std::transform(sums.begin(), sums.end(), out,
                   [whole](double sum) { return static_cast<float>(sum / whole); });
}

bool isIdentity(const TokenGroups* groups) {
    return groups == nullptr || groups->isIdentity();
}

Index countOf(const TokenGroups* groups, Index all) {
    return groups == nullptr ? all : groups->count();
}

}  // namespace

TokenGroups groupTokens(const Tokens& tokens, bool hideSpecial, bool wholeWords) {
    const std::vector<std::uint8_t> begins =
        wholeWords ? wordBeginnings(tokens.items) : std::vector<std::uint8_t>(tokens.items.size(), 1);
    std::vector<TokenRun> runs;
    for (std::size_t i = 0; i < tokens.items.size(); ++i) {
        if (hideSpecial && surroundsText(tokens.items[i])) continue;
        if (begins[i] != 0 || runs.empty()) {
            runs.push_back({static_cast<Index>(i), 1});
        } else {
            ++runs.back().count;
        }
    }
    return {static_cast<Index>(tokens.items.size()), std::move(runs)};
}

Tokens groupedTokens(const Tokens& tokens, const TokenGroups& groups) {
    Tokens out;
    out.items.reserve(static_cast<std::size_t>(groups.count()));
    out.found = static_cast<std::size_t>(groups.count()) + tokens.found - tokens.items.size();
    std::unordered_map<std::string, std::int64_t> words;
    for (Index place = 0; place < groups.count(); ++place) {
        const TokenRun& run = groups.run(place);
        const std::span<const Token> pieces(tokens.items.data() + run.first,
                                            static_cast<std::size_t>(run.count));
        Token& token = out.items.emplace_back(pieces.front());
        if (run.count == 1) continue;
        token.text = joinedText(pieces);
        token.piece.clear();
        token.end = pieces.back().end;
        token.known =
            std::all_of(pieces.begin(), pieces.end(), [](const Token& piece) { return piece.known; });
        token.markBytes = 0;
        token.id = words.try_emplace(token.text, -1 - static_cast<std::int64_t>(place)).first->second;
    }
    return out;
}

Tensor groupWeights(BufferPool& pool, const Tensor& weights, const TokenGroups& queries,
                    const TokenGroups& keys, bool renormalise) {
    Tensor out =
        Tensor::allocate(pool, weights.heads(), queries.count(), keys.count(), Tensor::Layout::HeadsFirst);
    std::vector<double> sums(static_cast<std::size_t>(keys.count()));
    for (Index h = 0; h < weights.heads(); ++h) {
        const MatrixView from = weights.matrix(h);
        MatrixSpan to = out.span(h);
        for (Index row = 0; row < queries.count(); ++row)
            groupRow(from, queries.run(row), keys, renormalise, sums, to.data() + row * to.outerStride());
    }
    return out;
}

Tensor selectTokens(BufferPool& pool, const Tensor& tensor, const TokenGroups* rows,
                    const TokenGroups* columns) {
    const Index rowCount = countOf(rows, tensor.rows()), columnCount = countOf(columns, tensor.cols());
    Tensor out = tensor.rank() == 3 ? Tensor::allocate(pool, tensor.heads(), rowCount, columnCount,
                                                       Tensor::Layout::HeadsFirst)
                                    : Tensor::allocate(pool, rowCount, columnCount);
    for (Index h = 0; h < tensor.heads(); ++h) {
        const MatrixView from = tensor.matrix(h);
        MatrixSpan to = out.span(h);
        for (Index i = 0; i < rowCount; ++i) {
            const Index row = rows == nullptr ? i : rows->run(i).first;
            for (Index j = 0; j < columnCount; ++j)
                to(i, j) = from(row, columns == nullptr ? j : columns->run(j).first);
        }
    }
    return out;
}

double hiddenShare(const Tensor& weights, Index head, const TokenGroups& queries, const TokenGroups& keys) {
    if (keys.hidden() == 0) return 0;
    double lost = 0, all = 0;
    for (Index h = head < 0 ? 0 : head; h < (head < 0 ? weights.heads() : head + 1); ++h) {
        const MatrixView from = weights.matrix(h);
        for (Index i = 0; i < from.rows(); ++i) {
            if (queries.placeOf(i) < 0) continue;
            for (Index j = 0; j < from.cols(); ++j) {
                const auto weight = static_cast<double>(from(i, j));
                all += weight;
                if (keys.placeOf(j) < 0) lost += weight;
            }
        }
    }
    return all > 0 ? lost / all : 0;
}

std::array<ShownSequencePtr, kSequenceCount> TokenLens::sequencesOf(const Trace& trace,
                                                                    const TokensView& settings) const {
    std::array<ShownSequencePtr, kSequenceCount> out;
    const ShownTokens* const before = m_shown ? m_shown->shownTokens().get() : nullptr;
    const bool alike = before != nullptr && m_settings.hideSpecial == settings.hideSpecial &&
                       m_settings.wholeWords == settings.wholeWords;
    for (std::size_t i = 0; i < kSequenceCount; ++i) {
        const auto which = static_cast<Sequence>(i);
        const Tokens* const tokens = trace.tokens(which);
        if (tokens == nullptr) continue;
        // The last trace is still alive: the same address is the same tokens.
        if (alike && m_all->tokens(which) == tokens) {
            out[i] = before->shared(which);
            continue;
        }
        auto made = std::make_shared<ShownSequence>();
        made->words = groupTokens(*tokens, settings.hideSpecial, settings.wholeWords);
        made->pieces = groupTokens(*tokens, settings.hideSpecial, false);
        made->wordTokens = std::make_shared<const Tokens>(groupedTokens(*tokens, made->words));
        made->pieceTokens = std::make_shared<const Tokens>(groupedTokens(*tokens, made->pieces));
        out[i] = std::move(made);
    }
    return out;
}

EntryPtr TokenLens::entryOf(const Trace& trace, const TensorKey& key, const ShownTokens& shown) const {
    EntryPtr entry = trace.find(key);
    const auto [rowAxis, columnAxis] = axes(key);
    const TokenGroups* const rows = shown.along(key, rowAxis);
    const TokenGroups* const columns = shown.along(key, columnAxis);
    if (isIdentity(rows) && isIdentity(columns)) return entry;

    const ShownTokens* const before = m_shown ? m_shown->shownTokens().get() : nullptr;
    const bool weights = quantity(key.name) == Quantity::Probability;
    const bool same = before != nullptr && before->along(key, rowAxis) == rows &&
                      before->along(key, columnAxis) == columns && m_all->find(key) == entry &&
                      (!weights || m_settings.renormalise == shown.settings().renormalise);
    if (same) return m_shown->find(key);

    std::array<Index, 3> shape = entry->shape();
    shape[1] = countOf(rows, shape[1]);
    shape[2] = countOf(columns, shape[2]);
    const bool quick = !entry->isRecipe() && shape[0] * entry->shape()[1] * entry->shape()[2] <= kQuick;
    // The sequences own the groups.
    const auto owners =
        std::make_pair(shown.shared(trace.sequenceAlong(key, rowAxis).value_or(Sequence::Text)),
                       shown.shared(trace.sequenceAlong(key, columnAxis).value_or(Sequence::Text)));
    TensorEntry::Recipe recipe = [entry, owners, rows, columns, weights, pool = m_pool,
                                  renormalise =
                                      shown.settings().renormalise](const std::stop_token& stop) mutable {
        const TensorPtr all = entry->get(stop);
        return weights ? groupWeights(pool, *all, *rows, *columns, renormalise)
                       : selectTokens(pool, *all, rows, columns);
    };
    return std::make_shared<const TensorEntry>(entry->rank(), shape, std::move(recipe),
                                               entry->isRecipe() ? entry->cache() : m_cache, quick);
}

TracePtr TokenLens::show(const TracePtr& trace, const TokensView& settings) {
    if (!trace || !(settings.hideSpecial || settings.wholeWords)) {
        m_all.reset();
        m_shown.reset();
        return trace;
    }
    if (trace == m_all && settings == m_settings) return m_shown;
    auto sequences = sequencesOf(*trace, settings);
    const bool changed = std::any_of(sequences.begin(), sequences.end(), [](const ShownSequencePtr& each) {
        return each && !each->words.isIdentity();
    });
    TracePtr made = trace;
    if (changed) {
        auto shown = std::make_shared<const ShownTokens>(trace, settings, std::move(sequences));
        std::map<TensorKey, EntryPtr> entries;
        for (const TensorKey& key : trace->keys()) entries[key] = entryOf(*trace, key, *shown);
        made = trace->showing(std::move(shown), std::move(entries));
    }
    m_all = trace;
    m_shown = made;
    m_settings = settings;
    return made;
}

}  // namespace attn
