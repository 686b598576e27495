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
        for (const char* prefix : m_names.prefixes) {
            if (files.has(std::string(prefix) + m_names.tokens + ".weight")) m_prefix = prefix;
        }
    }

    void loadEmbeddings(Transformer& model) {
        model.tokens = table(m_names.tokens, m_a.vocabulary);
        if (m_a.learnedPositions) model.positions = table(m_names.positions, m_a.positionRows);
        if (m_a.tokenTypes > 0) model.types = table(m_names.types, m_a.tokenTypes);
        if (m_a.embeddingsNorm) model.embeddingsNorm = norm(m_prefix + m_names.embeddingsNorm);
        if (m_a.finalNorm) model.finalNorm = norm(m_prefix + m_names.finalNorm);
    }

    [[nodiscard]] BlockWeights block(Index layer) {
        const auto name = [&](const char* part) { return m_prefix + withLayer(part, layer); };
        const Index queries = m_a.heads * m_a.dHead, keys = m_a.kvHeads * m_a.dHead;
        BlockWeights b;
        b.attentionNorm = norm(name(m_names.attentionNorm));
        b.mlpNorm = norm(name(m_names.mlpNorm));
        if (m_names.qkv != nullptr) {
            const LinearWeights all =
                linear(name(m_names.qkv), m_a.dModel, queries + 2 * keys, m_a.queryKeyValueBias);
            b.q = {columns(all.weight, 0, queries), false, columns(all.bias, 0, queries)};
            b.k = {columns(all.weight, queries, keys), false, columns(all.bias, queries, keys)};
            b.v = {columns(all.weight, queries + keys, keys), false, columns(all.bias, queries + keys, keys)};
        } else {
            b.q = linear(name(m_names.q), m_a.dModel, queries, m_a.queryKeyValueBias);
            b.k = linear(name(m_names.k), m_a.dModel, keys, m_a.queryKeyValueBias);
            b.v = linear(name(m_names.v), m_a.dModel, keys, m_a.queryKeyValueBias);
        }
        b.o = linear(name(m_names.o), queries, m_a.dModel, m_a.outputBias);
        if (m_a.queryKeyNorm) {
            b.qNorm.gain = vector({name(m_names.qNorm) + ".weight"}, m_a.dHead);
            b.kNorm.gain = vector({name(m_names.kNorm) + ".weight"}, m_a.dHead);
        }
        b.up = linear(name(m_names.up), m_a.dModel, m_a.dMlp, m_a.mlpBias);
        if (m_a.gatedMlp) b.gate = linear(name(m_names.gate), m_a.dModel, m_a.dMlp, m_a.mlpBias);
        b.down = linear(name(m_names.down), m_a.dMlp, m_a.dModel, m_a.mlpBias);
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

    void describe(FolderReport& report) const {
        report.missing = m_missing;
        for (const std::string& name : m_files.names()) {
            const bool used = m_used.count(name) > 0;
            if (!used && m_known.count(name) == 0) report.unused.push_back(name);
            if (!used) continue;
            std::int64_t count = 1;
            for (const std::int64_t length : m_files.find(name)->shape) count *= length;
            report.parameters += count;
            ++report.types[m_files.find(name)->dtype];
        }
        report.bytes = report.parameters * static_cast<std::int64_t>(sizeof(float));
    }

private:
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
        return matrix(m_prefix + name + ".weight", rows, m_a.dModel);
    }
    /// The first of the names that is there.
    TensorPtr vector(const std::vector<std::string>& names, Index length) {
        for (const std::string& name : names) {
            if (m_files.has(name)) return take(name, {length});
        }
        return take(names.front(), {length});
    }

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
    std::string m_prefix;
    std::set<std::string> m_used, m_known;
    std::vector<std::string> m_missing;
    std::optional<Error> m_error;
};

/// The whole model, or as much of it as there is. False where a stop was requested.
bool load(Loader& loader, Transformer& model, const OpenProgress& progress) {
    loader.loadEmbeddings(model);
    for (Index layer = 0; layer < model.architecture.layers; ++layer) {
        if (progress.stop.stop_requested()) return false;
        if (progress.report)
            progress.report(static_cast<double>(layer + 1) /
                            static_cast<double>(model.architecture.layers + 1));
        model.blocks.push_back(loader.block(layer));
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
    if (Result<void> loaded = loader.result(); !loaded) {
        std::string text = loaded.error().english();
        const bool named = text.rfind(folder.string(), 0) == 0;
        return named ? fail("%1", {std::move(text)}) : fail("%1: %2", {folder.string(), std::move(text)});
    }
    if (Result<void> whole = model->checkFiles(); !whole) return tl::unexpected(whole.error());
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
    if (const Result<void> loaded = loader.result(); !loaded)
        report.error = Error{"%1: %2", {folder.string(), loaded.error().english()}};
    return report;
}

}  // namespace attn
