#include "core/model/open_model.h"

#include "core/model/builtin_models.h"

#include <algorithm>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::shared_ptr<const ModelInfo> infoOf(const Transformer& model) {
    const Architecture& a = model.architecture;
    auto info = std::make_shared<ModelInfo>();
    ModelCard card = readModelCard(model.folder);
    info->title = std::move(card.title);
    info->description = std::move(card.description);
    info->folder = model.folder.string();
    info->family = a.family;
    info->className = a.className;
    info->layers = a.layers;
    if (a.encoder) info->encoderLayers = a.encoder->layers;
    info->heads = a.heads;
    info->kvHeads = a.kvHeads;
    info->dModel = a.dModel;
    info->dHead = a.dHead;
    info->dMlp = a.dMlp;
    info->vocabulary = a.vocabulary;
    info->context = a.context;
    info->tokenTypes = a.tokenTypes;
    info->parameters = model.parameters;
    info->positions = a.positionsKind();
    info->causal = a.causal;
    info->hasLogits = a.head != HeadKind::None;
    info->namedHeads = readNamedHeads(model.folder);
    info->hasTokenizer = !tokenizerFileOf(model.folder).empty();
    return info;
}

}  // namespace

Inputs withModel(Inputs inputs, const std::string& model) {
    constexpr std::int64_t kFirstIds = 8;
    inputs.model = model;
    inputs.ids.reset();
    inputs.segments.clear();
    inputs.target.reset();
    inputs.targetIds.reset();
    inputs.maskedTokens.clear();
    inputs.ablations.clear();
    inputs.edits.clear();
    for (const ParameterSpec& each : parameterTable()) {
        if (each.scope != ParameterScope::Site) continue;
        inputs.parameters.resetSites(each.id);
        inputs.parameters.set(each.id, each.defaultValue);
    }
    inputs.parameters.leaveMaskToModel();
    if (model == "toy") return inputs;
    inputs.context.reset();
    const std::filesystem::path folder = modelFolder(model);
    if (!tokenizerFileOf(folder).empty()) return inputs;
    const Result<Architecture> architecture = readArchitecture(folder);
    inputs.ids.emplace();
    if (!architecture) return inputs;
    const auto count = std::min<std::int64_t>({kFirstIds, architecture->vocabulary, architecture->context});
    for (std::int64_t id = 0; id < count; ++id) inputs.ids->push_back(id);
    return inputs;
}

OpenModel::OpenModel(TransformerPtr transformer)
    : m_transformer(std::move(transformer)), m_info(infoOf(*m_transformer)) {}

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
    if (!reader || (a.causal && !a.encoder)) return -1;
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

Result<Tokens> OpenModel::tokens(const Inputs& inputs, bool namesIds) {
    if (inputs.ids) {
        Result<Tokens> given = tokensOf(*inputs.ids, namesIds);
        return given ? masked(std::move(*given), inputs.maskedTokens) : given;
    }
    const Result<ModelTokenizerPtr>& reader = tokenizer();
    if (!reader) return tl::unexpected(reader.error());
    Result<Tokens> encoded =
        (*reader)->encode(inputs.text, static_cast<std::size_t>(m_transformer->architecture.context));
    if (encoded) encoded = masked(std::move(*encoded), inputs.maskedTokens);
    return encoded ? checked(std::move(*encoded)) : encoded;
}

Result<Tokens> OpenModel::targetTokens(const Inputs& inputs, bool named) {
    if (inputs.targetIds) return tokensOf(*inputs.targetIds, named);
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
            token.word = WordPlace::Begins;  // its digits are no text
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
