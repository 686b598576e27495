// The pipeline against its bare matrix products: same BLAS, same threads, buffers allocated beforehand.
#include "core/base/parallel.h"
#include "core/model/toy_model.h"
#include "core/ops/product.h"
#include "core/ops/row_kernels.h"
#include "core/pipeline/pipeline.h"
#include "tests/bench/pairs.h"

namespace attn {
namespace {

struct Size {
    std::int64_t tokens, dModel, heads;
};

std::string textOf(std::int64_t tokens, const char* stem) {
    std::string text;
    for (std::int64_t i = 0; i < tokens; ++i) text += stem + std::to_string(i) + " ";
    return text;
}

Inputs inputsOf(const Size& size) {
    Inputs inputs;
    inputs.text = textOf(size.tokens, "w");
    inputs.parameters.set(ParameterId::DModel, size.dModel);
    inputs.parameters.set(ParameterId::Heads, size.heads);
    inputs.parameters.set(ParameterId::DK, size.dModel / size.heads);
    inputs.parameters.set(ParameterId::DV, size.dModel / size.heads);
    return inputs;
}

/// The products of one block of attention and nothing else.
class BareProducts {
public:
    explicit BareProducts(const Size& size) : m_size(size) {
        const Index d = size.dModel;
        m_x = m_q = m_k = m_v = m_z = m_out = Matrix::Constant(size.tokens, d, 0.01F);
        m_wq = m_wk = m_wv = m_wo = Matrix::Constant(d, d, 0.01F);
        m_scores = m_pattern = Matrix::Constant(size.heads * size.tokens, size.tokens, 0.01F);
    }

    void all() {
        multiplyParallel(view(m_x), view(m_wq), span(m_q));
        multiplyParallel(view(m_x), view(m_wk), span(m_k));
        multiplyParallel(view(m_x), view(m_wv), span(m_v));
        scores();
        weightedValues();
        output();
    }
    void scores() {
        forHeads([&](Index head) {
            multiplyTransposed(columns(m_q, head), columns(m_k, head), rows(m_scores, head));
        });
    }
    void weightedValues() {
        forHeads([&](Index head) {
            const MatrixSpan pattern = rows(m_pattern, head);
            multiply(MatrixView(pattern.data(), pattern.rows(), pattern.cols(),
                                Eigen::OuterStride<>(pattern.cols())),
                     columns(m_v, head), columnsSpan(m_z, head));
        });
    }
    void output() { multiplyParallel(view(m_z), view(m_wo), span(m_out)); }
    void exponentials() {
        forHeads([&](Index head) {
            const MatrixSpan scores = rows(m_scores, head);
            const MatrixSpan pattern = rows(m_pattern, head);
            for (Index i = 0; i < scores.rows(); ++i) {
                rowKernels().exponentials(scores.data() + i * scores.cols(),
                                          m_pattern.data() + (head * m_size.tokens + i) * scores.cols(),
                                          static_cast<std::size_t>(pattern.cols()));
            }
        });
    }
    void makeScoresNegative() { m_scores.setConstant(-1.5F); }

private:
    template <typename Body>
    void forHeads(Body body) {
        parallelFor(static_cast<std::size_t>(m_size.heads),
                    [&](std::size_t h) { body(static_cast<Index>(h)); });
    }
    [[nodiscard]] Index headSize() const { return m_size.dModel / m_size.heads; }
    [[nodiscard]] MatrixView columns(const Matrix& m, Index head) const {
        return {m.data() + head * headSize(), m.rows(), headSize(), Eigen::OuterStride<>(m.cols())};
    }
    [[nodiscard]] MatrixSpan columnsSpan(Matrix& m, Index head) const {
        return {m.data() + head * headSize(), m.rows(), headSize(), Eigen::OuterStride<>(m.cols())};
    }
    [[nodiscard]] MatrixSpan rows(Matrix& m, Index head) const {
        return {m.data() + head * m_size.tokens * m.cols(), m_size.tokens, m.cols(),
                Eigen::OuterStride<>(m.cols())};
    }

    Size m_size;
    Matrix m_x, m_q, m_k, m_v, m_z, m_out, m_wq, m_wk, m_wv, m_wo, m_scores, m_pattern;
};

Size sizeOf(const benchmark::State& state) {
    return {state.range(0), state.range(1), state.range(2)};
}

/// Another text of the same length: every stage but the drawing of the weights runs.
void wholeRecompute(benchmark::State& state) {
    const Size size = sizeOf(state);
    Pipeline pipeline;
    Inputs inputs = inputsOf(size);
    const std::string texts[2] = {textOf(size.tokens, "w"), textOf(size.tokens, "u")};
    TracePtr trace = *pipeline.evaluate(inputs);
    BareProducts bare(size);
    std::size_t step = 0;
    bench::comparePairs(
        state, 1.3,
        [&] {
            inputs.text = texts[++step % 2];
            trace = *pipeline.evaluate(inputs, trace);
        },
        [&] { bare.all(); });
}
BENCHMARK(wholeRecompute)
    ->Args({64, 512, 8})
    ->Args({512, 768, 12})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

void temperatureChange(benchmark::State& state) {
    const Size size = sizeOf(state);
    Pipeline pipeline;
    Inputs inputs = inputsOf(size);
    TracePtr trace = *pipeline.evaluate(inputs);
    BareProducts bare(size);
    bare.makeScoresNegative();
    double temperature = 1;
    bench::comparePairs(
        state, 1.3,
        [&] {
            temperature = temperature > 1.5 ? 1.0 : temperature + 0.01;
            inputs.parameters.set(ParameterId::Temperature, temperature);
            trace = *pipeline.evaluate(inputs, trace);
        },
        [&] {
            bare.exponentials();
            bare.weightedValues();
            bare.output();
        });
}
BENCHMARK(temperatureChange)
    ->Args({64, 512, 8})
    ->Args({512, 768, 12})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

/// One number changed by hand, as it is dragged: against the bare work behind it.
void dragOneNumber(benchmark::State& state, TensorName name) {
    const Size size = sizeOf(state);
    Pipeline pipeline;
    Inputs inputs = inputsOf(size);
    TracePtr trace = *pipeline.evaluate(inputs);
    BareProducts bare(size);
    const bool fromScores = name == TensorName::Q;
    if (!fromScores) bare.makeScoresNegative();
    double value = 0;
    bench::comparePairs(
        state, 1.5,
        [&] {
            value = value > 0.9 ? 0.1 : value + 0.01;
            Edit edit;
            edit.tensor = {"blocks.0", name};
            edit.head = 3;
            edit.row = size.tokens / 2;
            edit.column = 1;
            edit.value = value;
            setEdit(inputs.edits, edit);
            trace = *pipeline.evaluate(inputs, trace);
        },
        [&] {
            if (fromScores) bare.scores();
            if (name != TensorName::Pattern) bare.exponentials();
            bare.weightedValues();
            bare.output();
        });
}
BENCHMARK_CAPTURE(dragOneNumber, q, TensorName::Q)
    ->Args({64, 512, 8})
    ->Args({512, 768, 12})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dragOneNumber, scores, TensorName::Scores)
    ->Args({512, 768, 12})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dragOneNumber, pattern, TensorName::Pattern)
    ->Args({512, 768, 12})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

/// Drawing all weights anew (a step of the seed): against one bare pass of exponentials over as many numbers.
void drawWeights(benchmark::State& state) {
    const Size size = sizeOf(state);
    const EffectiveParameters p = effective(inputsOf(size).parameters, "blocks.0");
    BufferPool pool;
    const auto count = static_cast<std::size_t>(4 * size.dModel * size.dModel);
    std::vector<float> numbers(count, -1.0F);
    std::vector<float> out(count);
    bench::comparePairs(
        state, 0,
        [&] {
            for (const ToyWeight weight : {ToyWeight::Q, ToyWeight::K, ToyWeight::V, ToyWeight::O}) {
                benchmark::DoNotOptimize(toyWeight(pool, weight, p));
            }
        },
        [&] { rowKernels().exponentials(numbers.data(), out.data(), count); });
}
BENCHMARK(drawWeights)->Args({512, 768, 12})->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace attn

BENCHMARK_MAIN();
