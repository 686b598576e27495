#pragma once
/// What a view says where its tokens are not shown one by one: how many are hidden, what became of the rows,
/// and what is merged.

#include "core/trace/trace.h"
#include "ui/model/selection.h"

#include <QString>

namespace attn::ui {

/// About a tensor of a trace as it is shown; empty where it shows every token by itself. `weights`: the
/// numbers of the same pattern as it was computed, to say how much of a head (−1: of all heads) is hidden;
/// null: that is not said.
[[nodiscard]] QString tokensNote(const Trace& shown, const TensorKey& key, const TensorPtr& weights = nullptr,
                                 Index head = -1);
/// The same about one query's weights between single tokens, `share` of which lies on hidden keys: what is
/// hidden alone; empty where nothing is.
[[nodiscard]] QString hiddenNote(const Trace& shown, const TensorKey& key, double share);
/// Pieces of a word stand for it along a tensor's tokens, as far as its numbers can be added up.
[[nodiscard]] bool mergesWords(const Trace& shown, const TensorKey& key);
/// The entry of those numbers; null where there is nothing to say of them.
[[nodiscard]] EntryPtr hiddenWeights(const Trace& shown, const TensorKey& key);

/// Of selected tokens: which piece of a word shown as one each of them is, and which is hidden; empty where
/// there is nothing to say.
[[nodiscard]] QString piecesNote(const Trace& shown, const TensorKey& key, const Cell& tokens);
/// About the patterns of all sites.
[[nodiscard]] QString tokensNoteOfModel(const Trace& shown);

/// "13 %", "less than 1 %"
[[nodiscard]] QString percentText(double share);

}  // namespace attn::ui
