#include "core/experiment/sentence_measures.h"

#include "core/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <cmath>

namespace attn::experiment {
namespace {

class Sentence : public testing::Test {
protected:
    Sentence() { m_inputs.text = "The animal didn't cross the street because it was too tired"; }

    TracePtr trace() { return *m_pipeline.evaluate(m_inputs); }

    Pipeline m_pipeline;
    Inputs m_inputs;
};

/// One head or all of them by definition.
void expectNaive(const ScoreMeasures& measures, const Trace& trace, Index firstHead, Index heads) {
    const TensorPtr q = trace.find({"blocks.0", TensorName::Q})->get();
    const TensorPtr k = trace.find({"blocks.0", TensorName::K})->get();
    double sum = 0, squares = 0, count = 0;
    std::vector<double> entropy(2), maxP(2), norm(2);
    for (Index h = firstHead; h < firstHead + heads; ++h) {
        for (Index i = 0; i < q->rows(); ++i) {
            std::vector<double> dots;
            for (Index j = 0; j < k->rows(); ++j) {
                double dot = 0;
                for (Index c = 0; c < q->cols(); ++c) {
                    dot += static_cast<double>(q->at(h, i, c)) * static_cast<double>(k->at(h, j, c));
                }
                dots.push_back(dot);
                sum += dot;
                squares += dot * dot;
                ++count;
            }
            for (std::size_t f = 0; f < 2; ++f) {
                const double factor = f == 0 ? 1.0 : 1 / std::sqrt(static_cast<double>(q->cols()));
                double total = 0, largest = 0, entries = 0, nats = 0;
                for (const double dot : dots) total += std::exp(factor * dot);
                for (std::size_t a = 0; a < dots.size(); ++a) {
                    const double p = std::exp(factor * dots[a]) / total;
                    largest = std::max(largest, p);
                    nats -= p * std::log(p);
                    for (std::size_t b = 0; b < dots.size(); ++b) {
                        const double entry = a == b ? p * (1 - p) : p * std::exp(factor * dots[b]) / total;
                        entries += entry * entry;
                    }
                }
                entropy[f] += nats;
                maxP[f] += largest;
                norm[f] += std::sqrt(entries);
            }
        }
    }
    const double rows = static_cast<double>(heads * q->rows());
    EXPECT_EQ(measures.rows, heads * q->rows());
    EXPECT_NEAR(measures.mean.value, sum / count, 1e-4);
    EXPECT_NEAR(measures.variance.value, squares / count - sum * sum / count / count, 1e-3);
    for (std::size_t f = 0; f < 2; ++f) {
        EXPECT_NEAR(measures.scales[f].entropyNats.value, entropy[f] / rows, 1e-5);
        EXPECT_NEAR(measures.scales[f].maxP.value, maxP[f] / rows, 1e-5);
        EXPECT_NEAR(measures.scales[f].jacobianFrobenius.value, norm[f] / rows, 1e-5);
    }
}

TEST_F(Sentence, everyHeadAndAllOfThem) {
    const TracePtr computed = trace();
    const auto measures = sentenceMeasures(*computed, "blocks.0");
    ASSERT_TRUE(measures.has_value());
    const SiteInfo& site = *computed->site("blocks.0");
    ASSERT_EQ(static_cast<Index>(measures->heads.size()), site.heads);
    EXPECT_EQ(measures->all.dk, site.dK);
    for (Index h = 0; h < site.heads; ++h) {
        SCOPED_TRACE(h);
        expectNaive(measures->heads[static_cast<std::size_t>(h)], *computed, h, 1);
    }
    expectNaive(measures->all, *computed, 0, site.heads);
}

TEST_F(Sentence, scaleTemperatureAndMaskDoNotEnter) {
    const auto before = sentenceMeasures(*trace(), "blocks.0");
    m_inputs.parameters.set(ParameterId::Temperature, 7.0);
    m_inputs.parameters.set(ParameterId::Mask, std::string("causal"));
    EXPECT_EQ(sentenceMeasures(*trace(), "blocks.0"), before);
}

TEST_F(Sentence, aSentenceOfManyRowsGoesThroughTheBlocks) {
    m_inputs.text.clear();
    for (int i = 0; i < 150; ++i) m_inputs.text += "w" + std::to_string(i) + " ";
    const TracePtr computed = trace();
    const auto measures = sentenceMeasures(*computed, "blocks.0");
    ASSERT_TRUE(measures.has_value());
    expectNaive(measures->heads[1], *computed, 1, 1);
}

TEST_F(Sentence, nothingToMeasure) {
    m_inputs.text.clear();
    const auto empty = sentenceMeasures(*trace(), "blocks.0");
    ASSERT_TRUE(empty.has_value());
    EXPECT_EQ(empty->all.rows, 0);
    EXPECT_EQ(empty->all.variance.value, 0);
    EXPECT_FALSE(sentenceMeasures(*trace(), "blocks.9").has_value());
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(sentenceMeasures(*trace(), "blocks.0", {0}, stop.get_token()).has_value());
}

}  // namespace
}  // namespace attn::experiment
