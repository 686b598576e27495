#include "core/pipeline/evaluation_context.h"

#include <utility>

namespace attn {

EntryPtr entryOf(EvaluationContext& context, const std::string& id, const TensorPtr& tensor) {
    return context.evaluation.stage<TensorEntry>(id, StageKey(tensor),
                                                 [&] { return std::make_shared<const TensorEntry>(tensor); });
}

EntryPtr entryOf(EvaluationContext& context, const TensorKey& key, const TensorPtr& tensor) {
    return entryOf(context, key.scope + "/" + toString(key.name), tensor);
}

EntryPtr recipeOf(EvaluationContext& context, const std::string& id, StageKey key, const TensorShape& shape,
                  TensorEntry::Recipe recipe) {
    return context.evaluation.stage<TensorEntry>(id, std::move(key), [&] {
        return std::make_shared<const TensorEntry>(shape.rank, shape.sizes, std::move(recipe),
                                                   context.derived);
    });
}

EntryPtr madeOrRecipe(EvaluationContext& context, const std::string& scope, const std::string& name,
                      const std::string& stage, StageKey key, const TensorShape& shape,
                      TensorEntry::Recipe recipe) {
    const std::string id = scope + "/" + name;
    if (context.retention == Retention::Residuals)
        return recipeOf(context, id, std::move(key), shape, std::move(recipe));
    const TensorPtr made =
        context.evaluation.stage<Tensor>((scope.empty() ? "" : scope + ".") + stage, std::move(key),
                                         [&] { return recipe(context.evaluation.stopToken()); });
    return entryOf(context, id, made);
}

EntryPtr addEager(EvaluationContext& context, const TensorKey& key, const TensorPtr& tensor) {
    EntryPtr entry = entryOf(context, key, tensor);
    context.builder.add(key, entry);
    return entry;
}

}  // namespace attn
