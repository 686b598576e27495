#include "core/model/transformer.h"

#include "core/model/weight_names.h"
#include "core/text/model_tokenizer.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// The name with the layer's number in it.
std::string withLayer(const char* name, Index layer) {
    std::string out = name;
    const std::size_t place = out.find("{}");
    return place == std::string::npos ? out : out.replace(place, 2, std::to_string(layer));
}

/// `cols` columns of a matrix from `begin` on, without a copy.
TensorPtr columns(const TensorPtr& whole, Index begin, Index cols) {
    if (!whole) return nullptr;
    const MatrixView matrix = whole->matrix();
    return std::make_shared<const Tensor>(
        Tensor::wrap(whole, matrix.data() + begin, matrix.rows(), cols, matrix.outerStride()));
}

/// Takes one tensor after another out of the files. What is missing is listed; the first other error is kept.
class Loader {
public:
    Loader(const WeightFiles& files, const Architecture& architecture)
        : m_files(files), m_a(architecture), m_names(weightNames(architecture.family)) {
        findPrefix();
        noteBuffers();
    }

    void loadEmbeddings(Transformer& model) {
        std::vector<std::string> tables = tokenTables(m_prefix);
        // Two names of one table are stored once, and which one stays differs between writers.
        if (m_a.tiedHead) tables.push_back(std::string(m_names.headOutput) + ".weight");
        model.tokens = firstOf(tables, {m_a.vocabulary, m_a.dModel});
        m_known.insert(tables.begin(), tables.end());  // the same numbers, under several names
        if (m_a.encoder) {
            m_stack = m_names.encoderStack;
            loadPositions(model.encoderPositions, model.encoderEmbeddingsNorm);
            m_stack = m_names.decoderStack;
        }
        loadPositions(model.positions, model.embeddingsNorm);
        if (m_a.tokenTypes > 0) model.types = table(m_names.types, m_a.tokenTypes);
        if (m_a.finalNorm) model.finalNorm = norm(m_prefix + m_names.finalNorm);
    }

    [[nodiscard]] BlockWeights encoderBlock(Index layer) {
        m_stack = m_names.encoderStack;
        return block(layer, m_a.encoderBlock());
    }

    [[nodiscard]] BlockWeights block(Index layer) {
        if (m_a.encoder) m_stack = m_names.decoderStack;
        BlockWeights b = block(layer, m_a.block(layer));
        if (m_a.encoder) {
            b.cross =
                attention({m_names.crossNorm, m_names.crossQ, m_names.crossK, m_names.crossV, m_names.crossO},
                          layer, m_a.crossBlock(layer));
        }
        return b;
    }

    /// A model without a head's weights, of a class that has none, is a base model.
    void loadHead(Transformer& model) {
        HeadKind& kind = model.architecture.head;
        if (kind == HeadKind::None) return;
        const std::string output = std::string(m_names.headOutput) + ".weight";
        if (!m_a.headRequired) {
            const bool there = kind == HeadKind::Transformed
                                   ? m_files.has(std::string(m_names.headTransform) + ".weight")
                                   : m_a.tiedHead || m_files.has(output);
            if (!there) {
                kind = HeadKind::None;
                return;
            }
        }
        model.head.output = {model.tokens, true, nullptr};
        if (m_a.tiedHead) {
            m_known.insert(output);
        } else {
            model.head.output.weight = matrix(output, m_a.vocabulary, m_a.dModel);
        }
        if (m_names.headBiasOptional && m_files.has(m_names.headBias))
            model.head.output.bias = take(m_names.headBias, {1, m_a.vocabulary});
        if (kind == HeadKind::Linear) return;
        model.head.transform = linear(m_names.headTransform, m_a.dModel, m_a.dModel, true);
        model.head.norm = norm(m_names.headNorm);
        const std::string ofDecoder = std::string(m_names.headOutput) + ".bias";
        model.head.output.bias = vector({m_names.headBias, ofDecoder}, m_a.vocabulary);
        m_known.insert(ofDecoder);  // the same numbers, under a second name
    }

    [[nodiscard]] Result<void> result() const {
        if (m_error) return tl::unexpected(*m_error);
        if (m_missing.size() == 1) return fail(tr("tensor '%1' is missing"), {m_missing.front()});
        if (m_missing.empty()) return {};
        return fail(tr("%1 tensors are missing, the first is '%2'"),
                    {std::to_string(m_missing.size()), m_missing.front()});
    }

    /// Numbers of the tensors that were taken.
    [[nodiscard]] std::int64_t parameters() const {
        std::int64_t sum = 0;
        for (const std::string& name : m_used) {
            std::int64_t count = 1;
            for (const std::int64_t length : m_files.find(name)->shape) count *= length;
            sum += count;
        }
        return sum;
    }

    void describe(FolderReport& report) const {
        report.missing = m_missing;
        report.parameters = parameters();
        for (const std::string& name : m_files.names()) {
            const bool used = m_used.count(name) > 0;
            if (!used && m_known.count(name) == 0) report.unused.push_back(name);
            if (used) ++report.types[m_files.find(name)->dtype];
        }
        report.bytes = report.parameters * static_cast<std::int64_t>(sizeof(float));
    }

private:
    struct AttentionNames {
        const char *norm, *q, *k, *v, *o;
    };

    /// That under which the embeddings are there, else any tensor.
    void findPrefix() {
        bool found = false;
        for (const char* prefix : m_names.prefixes) {
            for (const std::string& tokens : tokenTables(prefix)) {
                if (!m_files.has(tokens)) continue;
                m_prefix = prefix;
                found = true;
            }
        }
        if (found) return;
        const std::string longer = m_names.prefixes[1];
        const std::vector<std::string> names = m_files.names();
        if (std::any_of(names.begin(), names.end(),
                        [&](const auto& name) { return name.starts_with(longer); }))
            m_prefix = longer;
    }

    void noteBuffers() {
        for (const char* buffer : m_names.buffers) {
            if (buffer == nullptr) continue;
            for (Index layer = 0; layer < m_a.layers; ++layer)
                m_known.insert(m_prefix + withLayer(buffer, layer));
        }
    }

    [[nodiscard]] std::vector<std::string> tokenTables(const std::string& prefix) const {
        std::vector<std::string> names{prefix + m_names.tokens + ".weight"};
        for (const char* each : m_names.tokensToo) {
            if (each != nullptr) names.push_back(prefix + each + ".weight");
        }
        return names;
    }

    void loadPositions(TensorPtr& positions, NormWeights& embeddingsNorm) {
        if (m_a.learnedPositions) positions = table(m_names.positions, m_a.positionRows);
        if (m_a.embeddingsNorm) embeddingsNorm = norm(m_prefix + m_stack + m_names.embeddingsNorm);
    }

    [[nodiscard]] std::string nameOf(const char* part, Index layer) const {
        return m_prefix + m_stack + withLayer(part, layer);
    }

    BlockWeights block(Index layer, const BlockShape& shape) {
        const auto name = [&](const char* part) { return nameOf(part, layer); };
        BlockWeights b;
        b.attention =
            attention({m_names.attentionNorm, m_names.q, m_names.k, m_names.v, m_names.o}, layer, shape);
        if (m_a.queryKeyNorm) {
            b.attention.qNorm.gain = vector({name(m_names.qNorm) + ".weight"}, shape.dHead);
            b.attention.kNorm.gain = vector({name(m_names.kNorm) + ".weight"}, shape.dHead);
        }
        b.mlpNorm = norm(name(m_names.mlpNorm));
        b.up = linear(name(m_names.up), m_a.dModel, shape.dMlp, m_a.mlpBias);
        if (m_a.gatedMlp) b.gate = linear(name(m_names.gate), m_a.dModel, shape.dMlp, m_a.mlpBias);
        b.down = linear(name(m_names.down), shape.dMlp, m_a.dModel, m_a.mlpBias);
        return b;
    }

    AttentionWeights attention(const AttentionNames& names, Index layer, const BlockShape& shape) {
        const auto name = [&](const char* part) { return nameOf(part, layer); };
        const Index queries = shape.heads * shape.dHead, keys = shape.kvHeads * shape.dHead;
        AttentionWeights w;
        w.norm = norm(name(names.norm));
        if (m_names.qkv != nullptr) {
            const LinearWeights all =
                linear(name(m_names.qkv), m_a.dModel, queries + 2 * keys, m_a.queryKeyValueBias);
            w.q = {columns(all.weight, 0, queries), false, columns(all.bias, 0, queries)};
            w.k = {columns(all.weight, queries, keys), false, columns(all.bias, queries, keys)};
            w.v = {columns(all.weight, queries + keys, keys), false, columns(all.bias, queries + keys, keys)};
        } else {
            w.q = linear(name(names.q), m_a.dModel, queries, m_a.queryKeyValueBias);
            w.k = linear(name(names.k), m_a.dModel, keys, m_a.queryKeyValueBias);
            w.v = linear(name(names.v), m_a.dModel, keys, m_a.queryKeyValueBias);
        }
        w.o = linear(name(names.o), queries, m_a.dModel, m_a.outputBias);
        return w;
    }

    TensorPtr take(const std::string& name, const std::vector<std::int64_t>& shape) {
        if (!m_files.has(name)) {
            m_missing.push_back(name);
            return nullptr;
        }
        m_used.insert(name);
        Result<TensorPtr> tensor = m_files.tensor(name, shape, m_pool);
        if (tensor) return std::move(*tensor);
        if (!m_error) m_error = std::move(tensor.error());
        return nullptr;
    }

    TensorPtr matrix(const std::string& name, Index rows, Index cols) { return take(name, {rows, cols}); }
    TensorPtr table(const char* name, Index rows) {
        return matrix(m_prefix + m_stack + name + ".weight", rows, m_a.dModel);
    }
    /// The first of the names that is there.
    TensorPtr firstOf(const std::vector<std::string>& names, const std::vector<std::int64_t>& shape) {
        for (const std::string& name : names) {
            if (m_files.has(name)) return take(name, shape);
        }
        return take(names.front(), shape);
    }
    TensorPtr vector(const std::vector<std::string>& names, Index length) { return firstOf(names, {length}); }

    /// gamma and beta are what BERT's first published files call gain and bias.
    NormWeights norm(const std::string& name) {
        NormWeights weights;
        weights.gain = vector({name + ".weight", name + ".gamma"}, m_a.dModel);
        if (m_a.norm == NormKind::LayerNorm)
            weights.bias = vector({name + ".bias", name + ".beta"}, m_a.dModel);
        return weights;
    }

    LinearWeights linear(const std::string& name, Index inputs, Index outputs, bool bias) {
        LinearWeights weights;
        weights.transposed = !m_names.inputsByRows;
        weights.weight = weights.transposed ? matrix(name + ".weight", outputs, inputs)
                                            : matrix(name + ".weight", inputs, outputs);
        if (bias) weights.bias = vector({name + ".bias"}, outputs);
        return weights;
    }

    const WeightFiles& m_files;
    const Architecture& m_a;
    const WeightNames& m_names;
    BufferPool m_pool;
    std::string m_prefix, m_stack;  ///< before every name but the head's; the stack that is being read
    std::set<std::string> m_used, m_known;
    std::vector<std::string> m_missing;
    std::optional<Error> m_error;
};

/// The whole model, or as much of it as there is. False where a stop was requested.
bool load(Loader& loader, Transformer& model, const OpenProgress& progress) {
    loader.loadEmbeddings(model);
    const Index encoderLayers = model.architecture.encoder ? model.architecture.encoder->layers : 0;
    const Index layers = encoderLayers + model.architecture.layers;
    for (Index layer = 0; layer < layers; ++layer) {
        if (progress.stop.stop_requested()) return false;
        if (progress.report)
            progress.report(static_cast<double>(layer + 1) / static_cast<double>(layers + 1));
        if (layer < encoderLayers) {
            model.encoderBlocks.push_back(loader.encoderBlock(layer));
        } else {
            model.blocks.push_back(loader.block(layer - encoderLayers));
        }
    }
    loader.loadHead(model);
    if (progress.report) progress.report(1);
    return true;
}

Result<void> checkIsFolder(const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return {};
    return fail(tr("%1: there is no such folder"), {folder.string()});
}

/// The error with the folder before it, where it does not name a file of it.
Error inFolder(const std::filesystem::path& folder, const Error& error) {
    std::string text = error.english();
    if (text.rfind(folder.string(), 0) == 0) return error;
    return Error{"%1: %2", {folder.string(), std::move(text)}};
}

}  // namespace

Result<void> Transformer::checkFiles() const {
    for (const std::shared_ptr<const MappedFile>& file : files) {
        if (Result<void> whole = file->check(); !whole) return whole;
    }
    return {};
}

Result<TransformerPtr> openTransformer(const std::filesystem::path& folder, const OpenProgress& progress) {
    if (Result<void> there = checkIsFolder(folder); !there) return tl::unexpected(there.error());
    Result<Architecture> architecture = readArchitecture(folder);
    if (!architecture) return tl::unexpected(std::move(architecture.error()));
    const Result<WeightFiles> files = WeightFiles::open(folder);
    if (!files) return tl::unexpected(files.error());
    auto model = std::make_shared<Transformer>();
    model->folder = folder;
    model->architecture = *architecture;
    model->files = files->files();
    Loader loader(*files, *architecture);
    if (!load(loader, *model, progress)) return TransformerPtr();
    if (const Result<void> loaded = loader.result(); !loaded)
        return tl::unexpected(inFolder(folder, loaded.error()));
    if (Result<void> whole = model->checkFiles(); !whole) return tl::unexpected(whole.error());
    model->parameters = loader.parameters();
    return TransformerPtr(std::move(model));
}

FolderReport describeFolder(const std::filesystem::path& folder) {
    FolderReport report;
    const auto failed = [&](const Error& error) {
        report.error = error;
        return report;
    };
    if (const Result<void> there = checkIsFolder(folder); !there) return failed(there.error());
    report.tokenizerFile = tokenizerFileOf(folder);
    const Result<Architecture> architecture = readArchitecture(folder);
    if (!architecture) return failed(architecture.error());
    report.architecture = *architecture;
    const Result<WeightFiles> files = WeightFiles::open(folder);
    if (!files) return failed(files.error());
    report.files = files->fileCount();
    Transformer model;
    model.architecture = *architecture;
    Loader loader(*files, *architecture);
    (void)load(loader, model, {});
    loader.describe(report);
    report.architecture = model.architecture;
    if (const Result<void> loaded = loader.result(); !loaded) report.error = inFolder(folder, loaded.error());
    if (report.tokenizerFile.empty()) return report;
    if (const Result<ModelTokenizerPtr> reader = openTokenizer(folder, architecture->family); !reader)
        report.tokenizerError = reader.error();
    return report;
}

}  // namespace attn
