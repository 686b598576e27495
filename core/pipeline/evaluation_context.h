#pragma once
/// What the pipeline's parts share during one evaluation, and the two ways in which they make a tensor: now,
/// or when somebody asks.

#include "core/pipeline/evaluation.h"
#include "core/pipeline/retention.h"
#include "core/pipeline/trace_builder.h"
#include "core/tensor/buffer_pool.h"
#include "core/trace/trace.h"

#include <array>
#include <memory>
#include <string>

namespace attn {

struct EvaluationContext {
    Evaluation& evaluation;
    TraceBuilder& builder;
    BufferPool& pool;
    std::shared_ptr<DerivedCache> derived;
    Retention retention = Retention::Everything;
    bool retainsBySize = true;  ///< a trained model's stack may keep less where its scores are large
    bool namesIds = false;      ///< ids that were given have the names of the vocabulary's pieces
};

struct TensorShape {
    int rank;
    std::array<Index, 3> sizes;  ///< heads (1 at rank 2), rows, columns

    [[nodiscard]] static TensorShape matrix(Index rows, Index cols) { return {2, {1, rows, cols}}; }
    [[nodiscard]] static TensorShape ofHeads(Index heads, Index rows, Index cols) {
        return {3, {heads, rows, cols}};
    }
};

/// The entry of a tensor that is there. The same tensor gives the same entry, so that a view, or a stage
/// behind it, can compare entries as it compares tensors.
EntryPtr entryOf(EvaluationContext& context, const TensorKey& key, const TensorPtr& tensor);
/// The same under an id of its own, which holds a slash.
EntryPtr entryOf(EvaluationContext& context, const std::string& id, const TensorPtr& tensor);

/// An entry whose tensor is made when somebody asks. `id` holds a slash: no computation that counts.
EntryPtr recipeOf(EvaluationContext& context, const std::string& id, StageKey key, const TensorShape& shape,
                  TensorEntry::Recipe recipe);

/// One or the other, as the evaluation's retention says. The recipe may outlive the evaluation.
EntryPtr madeOrRecipe(EvaluationContext& context, const std::string& scope, const std::string& name,
                      const std::string& stage, StageKey key, const TensorShape& shape,
                      TensorEntry::Recipe recipe);

/// entryOf, put into the trace.
EntryPtr addEager(EvaluationContext& context, const TensorKey& key, const TensorPtr& tensor);

}  // namespace attn
