#pragma once
/// A trained model as the pipeline holds it: its weights, and its tokenizer from the first text on.

#include "core/model/transformer.h"
#include "core/scene/scene.h"
#include "core/text/model_tokenizer.h"
#include "core/trace/model_info.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace attn {

/// The inputs with another model in place of the present one ("toy", a built-in name or a folder). The text
/// and the toy's sizes stay; what was made for the present model goes: ids, segments, a context or target,
/// masked tokens, heads that are off, numbers changed by hand, and what was set for its scores and masks. A
/// folder without a tokenizer begins with its vocabulary's first few ids.
[[nodiscard]] Inputs withModel(Inputs inputs, const std::string& model);

/// One thread at a time.
class OpenModel {
public:
    /// Null where a stop was requested.
    [[nodiscard]] static Result<std::shared_ptr<OpenModel>> open(const std::filesystem::path& folder,
                                                                 const OpenProgress& progress = {});

    [[nodiscard]] const TransformerPtr& transformer() const { return m_transformer; }
    [[nodiscard]] const std::shared_ptr<const ModelInfo>& info() const { return m_info; }

    /// The tokens of the scene's ids as they are, or of its text with the special tokens that the model
    /// expects; at most as many as its context holds. The tokenizer's files are read when the first text
    /// comes, or ids that are to be named. Errors: no tokenizer, an id that the vocabulary does not have.
    [[nodiscard]] Result<Tokens> tokens(const Inputs& inputs, bool namesIds);
    /// What the decoder of an encoder-decoder reads: the scene's target ids as they are, or its start token
    /// and the scene's target as the tokenizer writes it, without what ends a text.
    [[nodiscard]] Result<Tokens> targetTokens(const Inputs& inputs, bool named);
    /// Such ids, named by the tokenizer where `named` and there is one, else as numbers.
    [[nodiscard]] Result<Tokens> tokensOf(const std::vector<std::int64_t>& ids, bool named);
    /// The id of the token that hides another one of the text ([MASK], <mask>); -1 where the model does not
    /// see both sides of it (an encoder does, also that of an encoder-decoder), or its tokenizer has no such
    /// token.
    [[nodiscard]] std::int64_t maskTokenId();
    /// Read now if it was not yet.
    [[nodiscard]] const Result<ModelTokenizerPtr>& tokenizer();

private:
    explicit OpenModel(TransformerPtr transformer);

    /// The mask token in place of those at some positions.
    [[nodiscard]] Result<Tokens> masked(Tokens tokens, const std::vector<std::int64_t>& positions);
    /// Errors where an id is outside the vocabulary.
    [[nodiscard]] Result<Tokens> checked(Tokens tokens) const;

    TransformerPtr m_transformer;
    std::shared_ptr<const ModelInfo> m_info;
    std::optional<Result<ModelTokenizerPtr>> m_tokenizer;
};

}  // namespace attn
