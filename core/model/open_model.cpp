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

std::int64_t OpenModel::maskTokenId() {
    const Architecture& a = m_transformer->architecture;
    const Result<ModelTokenizerPtr>& reader = tokenizer();
    if (!reader || a.causal || a.encoder) return -1;
    for (const char* piece : {"[MASK]", "<mask>"})
        if (const std::int64_t id = (*reader)->idOf(piece); id >= 0) return id;
    return -1;
}

Result<Tokens> OpenModel::masked(Tokens tokens, const std::vector<std::int64_t>& positions) {
    if (positions.empty()) return tokens;
    if (const Result<ModelTokenizerPtr>& reader = tokenizer(); !reader) return tl::unexpected(reader.error());
    const std::int64_t id = maskTokenId();
    if (id < 0) return tokens;  // another model's question: it sleeps
    for (const std::int64_t position : positions) {
        if (position < 0 || static_cast<std::size_t>(position) >= tokens.items.size()) continue;
        tokens.items[static_cast<std::size_t>(position)] = (*tokenizer())->token(id);
    }
    return tokens;
}

Result<Tokens> OpenModel::tokens(const Inputs& inputs) {
    if (inputs.ids) {
        Result<Tokens> given = tokensOf(*inputs.ids, false);
        return given ? masked(std::move(*given), inputs.maskedTokens) : given;
    }
    const Result<ModelTokenizerPtr>& reader = tokenizer();
    if (!reader) return tl::unexpected(reader.error());
    Result<Tokens> encoded =
        (*reader)->encode(inputs.text, static_cast<std::size_t>(m_transformer->architecture.context));
    if (encoded) encoded = masked(std::move(*encoded), inputs.maskedTokens);
    return encoded ? checked(std::move(*encoded)) : encoded;
}

Result<Tokens> OpenModel::targetTokens(const Inputs& inputs) {
    if (inputs.targetIds) return tokensOf(*inputs.targetIds, !inputs.ids);
    const Result<ModelTokenizerPtr>& reader = tokenizer();
    if (!reader) return tl::unexpected(reader.error());
    const Architecture& a = m_transformer->architecture;
    const auto context = static_cast<std::size_t>(a.context);
    Result<Tokens> tokens = (*reader)->encode(*inputs.target, context);
    if (!tokens) return tokens;
    std::vector<Token>& items = tokens->items;
    const auto ends = [&](const Token& token) {
        return std::count(a.target.endTokens.begin(), a.target.endTokens.end(), token.id) > 0;
    };
    if (!items.empty() && ends(items.back())) {
        items.pop_back();
        --tokens->found;
    }
    items.insert(items.begin(), (*reader)->token(a.target.start));
    ++tokens->found;
    if (items.size() > context) items.resize(context);
    return checked(std::move(*tokens));
}

Result<Tokens> OpenModel::tokensOf(const std::vector<std::int64_t>& ids, bool named) {
    const auto context = static_cast<std::size_t>(m_transformer->architecture.context);
    const ModelTokenizerPtr reader = named && tokenizer() ? *tokenizer() : nullptr;
    Tokens tokens;
    tokens.found = ids.size();
    for (std::size_t i = 0; i < std::min(context, ids.size()); ++i) {
        Token token;
        if (reader) {
            token = reader->token(ids[i]);
        } else {
            token.id = ids[i];
            token.text = std::to_string(token.id);
        }
        tokens.items.push_back(std::move(token));
    }
    return checked(std::move(tokens));
}

Result<Tokens> OpenModel::checked(Tokens tokens) const {
    const Index vocabulary = m_transformer->architecture.vocabulary;
    for (const Token& token : tokens.items) {
        if (token.id >= 0 && token.id < vocabulary) continue;
        return fail(tr("the token %1 is outside the model's vocabulary of %2"),
                    {std::to_string(token.id), std::to_string(vocabulary)});
    }
    return tokens;
}

}  // namespace attn
