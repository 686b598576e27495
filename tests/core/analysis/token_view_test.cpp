#include "core/analysis/token_view.h"

#include "core/analysis/shown_row.h"
#include "core/pipeline/pipeline.h"
#include "tests/support/tiny_bert.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace attn {
namespace {

using testing::ElementsAre;

TracePtr traceOf(const Inputs& inputs, bool namesIds = false) {
    Pipeline pipeline;
    pipeline.setNamesIds(namesIds);
    Result<TracePtr> trace = pipeline.evaluate(inputs);
    EXPECT_TRUE(trace) << (trace ? "" : trace.error().english());
    return trace ? *trace : nullptr;
}

std::vector<std::string> texts(const Tokens& tokens) {
    std::vector<std::string> out;
    for (const Token& token : tokens.items) out.push_back(token.text);
    return out;
}

/// A tiny BERT with a vocabulary of its own.
class BertTokenView : public testing::Test {
protected:
    BertTokenView() {
        m_inputs.model = test::writeTinyBert(m_folder);
        m_inputs.text = "the cats sat";
    }

    const test::TemporaryFolder m_folder;
    Inputs m_inputs;
};

/// The definition, in plain loops.
double naive(const MatrixView& p, const std::vector<Index>& queries, const std::vector<Index>& keys,
             const std::vector<Index>& shownKeys, bool renormalise) {
    const auto part = [&](const std::vector<Index>& of) {
        double sum = 0;
        int seeing = 0;
        for (const Index i : queries) {
            double row = 0, whole = 0;
            for (const Index j : of) row += static_cast<double>(p(i, j));
            for (Index j = 0; j < p.cols(); ++j) whole += static_cast<double>(p(i, j));
            if (whole > 0) {
                sum += row;
                ++seeing;
            }
        }
        return seeing == 0 ? 0 : sum / seeing;
    };
    const double left = renormalise ? part(shownKeys) : 1;
    return left > 0 ? part(keys) / left : 0;
}

/// Random weights with masked cells, random runs with hidden tokens between them.
RC_GTEST_PROP(TokenView, GroupedWeightsAreTheDefinition, ()) {
    const auto size = static_cast<Index>(*rc::gen::inRange(0, 9));
    const auto randomGroups = [&] {
        std::vector<TokenRun> runs;
        for (Index at = 0; at < size;) {
            const auto count = std::min<Index>(*rc::gen::inRange(1, 4), size - at);
            if (*rc::gen::inRange(0, 4) > 0) runs.push_back({at, count});
            at += count;
        }
        return TokenGroups(size, std::move(runs));
    };
    const TokenGroups queries = randomGroups(), keys = randomGroups();
    BufferPool pool;
    Tensor pattern = Tensor::allocate(pool, 2, size, size, Tensor::Layout::HeadsFirst);
    for (Index h = 0; h < 2; ++h) {
        for (Index i = 0; i < size; ++i) {
            std::vector<double> row;
            double sum = 0;
            for (Index j = 0; j < size; ++j) {
                row.push_back(std::max(0, *rc::gen::inRange(-40, 100)));
                sum += row.back();
            }
            for (Index j = 0; j < size; ++j)
                pattern.span(h)(i, j) =
                    sum > 0 ? static_cast<float>(row[static_cast<std::size_t>(j)] / sum) : 0;
        }
    }
    const auto members = [](const TokenRun& run) {
        std::vector<Index> out;
        for (Index i = run.first; i < run.first + run.count; ++i) out.push_back(i);
        return out;
    };
    std::vector<Index> shown;
    for (Index j = 0; j < size; ++j)
        if (keys.placeOf(j) >= 0) shown.push_back(j);
    for (const bool renormalise : {false, true}) {
        const Tensor grouped = groupWeights(pool, pattern, queries, keys, renormalise);
        RC_ASSERT(grouped.shape() == (std::array<Index, 3>{2, queries.count(), keys.count()}));
        for (Index h = 0; h < 2; ++h) {
            for (Index g = 0; g < queries.count(); ++g) {
                double sum = 0;
                for (Index k = 0; k < keys.count(); ++k) {
                    const double expected = naive(pattern.matrix(h), members(queries.run(g)),
                                                  members(keys.run(k)), shown, renormalise);
                    RC_ASSERT(std::abs(static_cast<double>(grouped.at(h, g, k)) - expected) < 1e-6);
                    sum += static_cast<double>(grouped.at(h, g, k));
                }
                // Where it claims to: renormalised, or nothing hidden.
                if ((renormalise || keys.hidden() == 0) && sum > 0) RC_ASSERT(std::abs(sum - 1) < 1e-5);
            }
        }
    }
}

TEST(TokenView, HiddenShareIsWhatTheShownRowsLose) {
    BufferPool pool;
    Tensor pattern = Tensor::allocate(pool, 1, 3, 3, Tensor::Layout::HeadsFirst);
    pattern.span(0) << 1, 0, 0, 0.25F, 0.75F, 0, 0.5F, 0.25F, 0.25F;
    const TokenGroups groups(3, {{1, 1}, {2, 1}});
    EXPECT_DOUBLE_EQ(hiddenShare(pattern, 0, groups, groups), (0.25 + 0.5) / 2);
    EXPECT_DOUBLE_EQ(hiddenShare(pattern, -1, groups, groups), (0.25 + 0.5) / 2);
    const TokenGroups all(3, {{0, 1}, {1, 1}, {2, 1}});
    EXPECT_EQ(hiddenShare(pattern, 0, all, all), 0);
    const TokenGroups none(3, {});
    EXPECT_EQ(hiddenShare(pattern, 0, none, none), 0) << "no row is left to speak of";
}

TEST(TokenView, OneQuerysWeightsLoseTheHiddenKeys) {
    const TokenGroups keys(5, {{1, 2}, {4, 1}});
    const std::vector<float> row{0.5F, 0.1F, 0.2F, 0.15F, 0.05F};
    EXPECT_THAT(shownWeights(row, keys, false), ElementsAre(0, 0.1F, 0.2F, 0, 0.05F));
    EXPECT_NEAR(hiddenShare(row, keys), 0.65, 1e-6);
    const std::vector<float> again = shownWeights(row, keys, true);
    const double expected[] = {0, 0.1 / 0.35, 0.2 / 0.35, 0, 0.05 / 0.35};
    for (std::size_t j = 0; j < 5; ++j) EXPECT_NEAR(static_cast<double>(again[j]), expected[j], 1e-6) << j;
    // Nothing is left, or there was nothing.
    EXPECT_THAT(shownWeights(std::vector<float>{1, 0}, TokenGroups(2, {{1, 1}}), true), ElementsAre(0, 0));
    EXPECT_EQ(hiddenShare(std::vector<float>{0, 0}, TokenGroups(2, {{1, 1}})), 0);
}

TEST(TokenView, NothingToShowOtherwiseIsTheSameTrace) {
    TokenLens lens;
    Inputs toy;
    toy.text = "Tom chases Jerry";
    const TracePtr trace = traceOf(toy);
    EXPECT_EQ(lens.show(trace, {}), trace);
    EXPECT_EQ(lens.show(trace, {false, true, false}), trace) << "renormalising alone changes nothing";
    EXPECT_EQ(lens.show(trace, {true, true, true}), trace) << "no special tokens, and words already";
    EXPECT_EQ(lens.show(nullptr, {true, true, true}), nullptr);
}

TEST_F(BertTokenView, SpecialTokensLeaveEveryTensor) {
    const TracePtr trace = traceOf(m_inputs);
    ASSERT_TRUE(trace);
    const auto all = static_cast<Index>(trace->tokens().items.size());
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {true, false, false});
    ASSERT_NE(shown, trace);
    EXPECT_EQ(static_cast<Index>(shown->tokens().items.size()), all - 2);
    EXPECT_FALSE(shown->tokens().items.front().special);
    for (const TensorKey& key : trace->keys()) {
        const TensorPtr before = trace->find(key)->get(), after = shown->find(key)->get();
        const auto [rowAxis, columnAxis] = axes(key);
        const bool rows = rowAxis == Axis::Queries || rowAxis == Axis::Keys;
        const bool columns = columnAxis == Axis::Keys;
        ASSERT_EQ(after->rows(), before->rows() - (rows ? 2 : 0)) << key.fullName();
        ASSERT_EQ(after->cols(), before->cols() - (columns ? 2 : 0)) << key.fullName();
        ASSERT_EQ(after->shape(), shown->find(key)->shape()) << key.fullName();
        for (Index i = 0; i < after->rows(); ++i) {
            for (Index j = 0; j < after->cols(); ++j) {
                const float expected = before->at(0, i + (rows ? 1 : 0), j + (columns ? 1 : 0));
                ASSERT_EQ(after->at(0, i, j), expected) << key.fullName();
            }
        }
        if (!rows && !columns) {
            EXPECT_EQ(shown->find(key), trace->find(key)) << "the very same";
        }
    }
    const TensorKey pattern{"blocks.0", TensorName::Pattern};
    EXPECT_EQ(placeOfToken(*shown, pattern, Axis::Queries, 0), -1);
    EXPECT_EQ(placeOfToken(*shown, pattern, Axis::Keys, 1), 0);
    EXPECT_EQ(tokensAt(*shown, pattern, Axis::Keys, 0), (TokenRun{1, 1}));
    EXPECT_EQ(placeOfToken(*trace, pattern, Axis::Keys, 0), 0);
    EXPECT_EQ(shown->site("blocks.0")->queries, all - 2);
}

TEST_F(BertTokenView, WordsMergeWeightsAndNothingElse) {
    const TracePtr trace = traceOf(m_inputs);
    ASSERT_TRUE(trace);
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {false, false, true});
    ASSERT_NE(shown, trace) << testing::PrintToString(texts(trace->tokens()));
    const TensorKey pattern{"blocks.1", TensorName::Pattern}, scores{"blocks.1", TensorName::Scores};
    const Tokens& words = *shown->tokensAlong(pattern, Axis::Keys);
    const Tokens& pieces = *shown->tokensAlong(scores, Axis::Keys);
    EXPECT_LT(words.items.size(), pieces.items.size());
    EXPECT_EQ(pieces, trace->tokens());
    const auto merged =
        std::find_if(words.items.begin(), words.items.end(), [](const Token& token) { return token.id < 0; });
    ASSERT_NE(merged, words.items.end());
    EXPECT_EQ(merged->text.find("##"), std::string::npos) << merged->text;
    EXPECT_EQ(shown->find(scores), trace->find(scores));
    const TensorPtr weights = shown->find(pattern)->get();
    EXPECT_EQ(weights->rows(), static_cast<Index>(words.items.size()));
    for (Index h = 0; h < weights->heads(); ++h) {
        for (Index i = 0; i < weights->rows(); ++i) EXPECT_NEAR(weights->matrix(h).row(i).sum(), 1, 1e-5);
    }
    EXPECT_EQ(shown->maskOf(pattern).queries, weights->rows());
    EXPECT_EQ(shown->maskOf(scores).queries, static_cast<Index>(trace->tokens().items.size()));
}

TEST_F(BertTokenView, NumbersBelowZeroStayWhatTheyAre) {
    setEdit(m_inputs.edits, *parseEdit("blocks.0.pattern[0,1,2]=-0.5"));
    const TracePtr trace = traceOf(m_inputs);
    ASSERT_TRUE(trace);
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {true, false, false});
    EXPECT_EQ(shown->find({"blocks.0", TensorName::Pattern})->get()->at(0, 0, 1), -0.5F);
}

// A slider moves: what it does not change keeps its objects, so that nobody repaints it.
TEST_F(BertTokenView, AHiddenTokenGivesWayToTheNextOne) {
    const TracePtr trace = traceOf(m_inputs);
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {true, false, true});
    EXPECT_EQ(asComputed(shown), trace);
    EXPECT_EQ(asComputed(trace), trace);
    EXPECT_EQ(&asComputed(*shown), trace.get());
    for (const TensorName name : {TensorName::Pattern, TensorName::Q}) {
        const TensorKey key{"blocks.0", name};
        EXPECT_EQ(nearestShownToken(*shown, key, Axis::Queries, 0), 1) << "[CLS]";
        EXPECT_EQ(nearestShownToken(*shown, key, Axis::Queries, 3), 3) << "a piece is itself";
        EXPECT_EQ(nearestShownToken(*shown, key, Axis::Queries, 5), 4) << "nothing comes after [SEP]";
        EXPECT_EQ(nearestShownToken(*trace, key, Axis::Queries, 0), 0);
    }
    m_inputs.text.clear();
    const TracePtr none = TokenLens().show(traceOf(m_inputs), {true, false, false});
    EXPECT_EQ(nearestShownToken(*none, {"blocks.0", TensorName::Q}, Axis::Queries, 0), -1);
}

TEST_F(BertTokenView, UnchangedTensorsStayTheSameObjects) {
    Pipeline pipeline;
    Inputs inputs = m_inputs;
    const TracePtr first = *pipeline.evaluate(inputs);
    inputs.parameters.set(ParameterId::Temperature, "blocks.1", 0.5);
    const TracePtr second = *pipeline.evaluate(inputs, first);
    TokenLens lens;
    const TokensView view{true, true, true};
    const TracePtr before = lens.show(first, view);
    const TensorKey below{"blocks.0", TensorName::Pattern}, above{"blocks.1", TensorName::Pattern};
    const EntryPtr kept = before->find(below), changed = before->find(above);
    const TracePtr after = lens.show(second, view);
    EXPECT_EQ(after->find(below), kept);
    EXPECT_NE(after->find(above), changed);
    EXPECT_EQ(after->tokens(Sequence::Text), before->tokens(Sequence::Text));
    EXPECT_EQ(lens.show(second, view), after);
    const TracePtr plain = lens.show(second, {true, false, true});
    EXPECT_NE(plain->find(below), kept) << "other weights";
    EXPECT_EQ(plain->find({"blocks.0", TensorName::Q}), after->find({"blocks.0", TensorName::Q}));
}

TEST(TokenView, AMaskIsThatOfThePairsBehindACell) {
    Inputs toy;
    toy.text = "ab cd";
    ASSERT_TRUE(toy.parameters.setFromText("tokenizer", "characters"));
    ASSERT_TRUE(toy.parameters.setFromText("mask", "causal"));
    const TracePtr trace = traceOf(toy);
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {false, false, true});
    const MaskPlan& words = shown->maskOf({"blocks.0", TensorName::Pattern});
    ASSERT_EQ(words.queries, 2);
    EXPECT_TRUE(words.allowed(0, 0));
    EXPECT_FALSE(words.allowed(0, 1)) << "no letter of the first word sees one of the second";
    EXPECT_TRUE(words.allowed(1, 0));
    EXPECT_EQ(shown->maskOf({"blocks.0", TensorName::Scores}).queries, 5);
    EXPECT_THAT(texts(shown->tokens()), ElementsAre("ab", " cd"));
}

TEST_F(BertTokenView, EverythingHiddenIsEmptyAndNoTrouble) {
    Inputs empty = m_inputs;
    empty.text.clear();
    const TracePtr trace = traceOf(empty);
    TokenLens lens;
    const TracePtr shown = lens.show(trace, {true, true, true});
    EXPECT_TRUE(shown->tokens().items.empty());
    EXPECT_EQ(shown->find({"blocks.0", TensorName::Pattern})->get()->size(), 0);
    EXPECT_EQ(shown->maskOf({"blocks.0", TensorName::Pattern}).queries, 0);
}

TEST_F(BertTokenView, IdsHaveNamesWhereTheyAreAskedFor) {
    Inputs inputs = m_inputs;
    const TracePtr text = traceOf(inputs);
    inputs.ids.emplace();
    for (const Token& token : text->tokens().items) inputs.ids->push_back(token.id);
    EXPECT_EQ(traceOf(inputs)->tokens().items.front().text, std::to_string(inputs.ids->front()));
    EXPECT_FALSE(traceOf(inputs)->tokenizer());
    const TracePtr named = traceOf(inputs, true);
    EXPECT_EQ(texts(named->tokens()), texts(text->tokens()));
    EXPECT_TRUE(named->tokens().items.front().special);
    EXPECT_TRUE(named->tokenizer());
}

}  // namespace
}  // namespace attn
