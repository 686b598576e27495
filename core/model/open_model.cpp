#include "core/model/open_model.h"

#include <algorithm>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

}  // namespace

Result<std::shared_ptr<OpenModel>> OpenModel::open(const std::filesystem::path& folder,
                                                   const OpenProgress& progress) {
    Result<TransformerPtr> transformer = openTransformer(folder, progress);
    if (!transformer) return tl::unexpected(std::move(transformer.error()));
    if (!*transformer) return std::shared_ptr<OpenModel>();
    return std::shared_ptr<OpenModel>(new OpenModel(std::move(*transformer)));
}

const Result<ModelTokenizerPtr>& OpenModel::tokenizer() {
    if (!m_tokenizer) m_tokenizer = openTokenizer(m_transformer->folder, m_transformer->architecture.family);
    return *m_tokenizer;
}

Result<Tokens> OpenModel::tokens(const Inputs& inputs) {
    const Architecture& a = m_transformer->architecture;
    const auto context = static_cast<std::size_t>(a.context);
    Tokens tokens;
    if (inputs.ids) {
        tokens.found = inputs.ids->size();
        for (std::size_t i = 0; i < std::min(context, inputs.ids->size()); ++i) {
            Token token;
            token.id = (*inputs.ids)[i];
            token.text = std::to_string(token.id);
            tokens.items.push_back(std::move(token));
        }
    } else {
        const Result<ModelTokenizerPtr>& reader = tokenizer();
        if (!reader) return tl::unexpected(reader.error());
        Result<Tokens> encoded = (*reader)->encode(inputs.text, context);
        if (!encoded) return encoded;
        tokens = std::move(*encoded);
    }
    for (const Token& token : tokens.items) {
        if (token.id >= 0 && token.id < a.vocabulary) continue;
        return fail(tr("the token %1 is outside the model's vocabulary of %2"),
                    {std::to_string(token.id), std::to_string(a.vocabulary)});
    }
    return tokens;
}

}  // namespace attn
