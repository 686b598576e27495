// Which stages run for which change, exactly.
#include "core/pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace attn {
namespace {

using Stages = std::set<std::string>;

/// Short names of blocks.0's stages.
Stages sited(std::initializer_list<const char*> names, Stages others = {}) {
    for (const char* name : names) others.insert(std::string("blocks.0.") + name);
    return others;
}

const Stages kFromScores = sited({"scores_raw", "pattern", "z", "attn_out", "resid_post"});
const Stages kFromPattern = sited({"pattern", "z", "attn_out", "resid_post"});

Stages with(Stages a, const Stages& b) {
    a.insert(b.begin(), b.end());
    return a;
}

class Recompute : public testing::Test {
protected:
    Recompute() {
        m_inputs.text = "The animal didn't cross the street because it was too tired";
        m_trace = *m_pipeline.evaluate(m_inputs);
    }
    void given(ParameterId id, ParameterValue value) {
        m_inputs.parameters.set(id, std::move(value));
        m_trace = *m_pipeline.evaluate(m_inputs, m_trace);
    }
    Stages changing(ParameterId id, ParameterValue value) {
        m_inputs.parameters.set(id, std::move(value));
        return ran();
    }
    Stages ran() {
        m_trace = *m_pipeline.evaluate(m_inputs, m_trace);
        const auto& names = m_trace->recomputed();
        const Stages set(names.begin(), names.end());
        EXPECT_EQ(set.size(), names.size()) << "a stage ran twice";
        return set;
    }

    Pipeline m_pipeline;
    Inputs m_inputs;
    TracePtr m_trace;
};

using namespace std::string_literals;

TEST_F(Recompute, nothingChangedNothingRuns) {
    EXPECT_EQ(ran(), Stages{});
}

TEST_F(Recompute, everythingRunsAtFirst) {
    Pipeline fresh;
    const auto trace = *fresh.evaluate(m_inputs);
    const Stages all(trace->recomputed().begin(), trace->recomputed().end());
    EXPECT_EQ(all, with(with({"tokens", "token_embed", "pos_embed", "embed"},
                             sited({"W_Q", "W_K", "W_V", "W_O", "q_proj", "k_proj", "v", "mask"})),
                        kFromScores));
}

TEST_F(Recompute, temperatureAndScaleStartAtThePattern) {
    EXPECT_EQ(changing(ParameterId::Temperature, 2.0), kFromPattern);
    EXPECT_EQ(changing(ParameterId::Scale, "none"s), kFromPattern);
    EXPECT_EQ(changing(ParameterId::Scale, 0.5), kFromPattern);
    EXPECT_EQ(changing(ParameterId::Normalizer, "hard"s), kFromPattern);
}

TEST_F(Recompute, masksStartAtTheMask) {
    EXPECT_EQ(changing(ParameterId::Mask, "causal"s), with(sited({"mask"}), kFromPattern));
    EXPECT_EQ(changing(ParameterId::MaskWindow, std::int64_t{1}), Stages{});
    EXPECT_EQ(changing(ParameterId::MaskPadding, std::int64_t{1}), Stages{});
    given(ParameterId::Mask, "local"s);
    EXPECT_EQ(changing(ParameterId::MaskWindow, std::int64_t{3}), with(sited({"mask"}), kFromPattern));
    given(ParameterId::Mask, "padding"s);
    EXPECT_EQ(changing(ParameterId::MaskPadding, std::int64_t{3}), with(sited({"mask"}), kFromPattern));
    m_inputs.painted.push_back({"blocks.0", 0, 1, "The", "animal", false});
    EXPECT_EQ(ran(), with(sited({"mask"}), kFromPattern));
    m_inputs.painted.push_back({"blocks.0", 0, 1, "no", "such", false});
    EXPECT_EQ(ran(), with(sited({"mask"}), kFromPattern))
        << "a sleeping cell is news for the list of sleepers";
}

TEST_F(Recompute, scoresStartAtTheScores) {
    EXPECT_EQ(changing(ParameterId::Score, "cosine"s),
              with(sited({"score_query", "score_key"}), kFromScores));
    EXPECT_EQ(changing(ParameterId::ScoreWidth, std::int64_t{8}), Stages{});
    EXPECT_EQ(changing(ParameterId::Score, "bilinear"s),
              with(sited({"bilinear", "score_query"}), kFromScores));
    EXPECT_EQ(changing(ParameterId::Score, "additive"s),
              with(sited({"additive_query", "additive_key", "additive_out", "score_query", "score_key"}),
                   kFromScores));
    EXPECT_EQ(changing(ParameterId::ScoreWidth, std::int64_t{9}),
              with(sited({"additive_query", "additive_key", "additive_out", "score_query", "score_key"}),
                   kFromScores));
    EXPECT_EQ(changing(ParameterId::Score, "dot"s), kFromScores);
}

TEST_F(Recompute, sizesTouchOnlyWhatHasThem) {
    EXPECT_EQ(changing(ParameterId::DK, std::int64_t{8}),
              with(sited({"W_Q", "W_K", "q_proj", "k_proj"}), kFromScores));
    EXPECT_EQ(changing(ParameterId::DV, std::int64_t{8}),
              sited({"W_V", "W_O", "v", "z", "attn_out", "resid_post"}));
    EXPECT_EQ(changing(ParameterId::Heads, std::int64_t{3}),
              with(sited({"W_Q", "W_K", "W_V", "W_O", "q_proj", "k_proj", "v"}), kFromScores));
    EXPECT_EQ(changing(ParameterId::DModel, std::int64_t{32}),
              with(with({"token_embed", "pos_embed", "embed"},
                        sited({"W_Q", "W_K", "W_V", "W_O", "q_proj", "k_proj", "v"})),
                   kFromScores));
    EXPECT_EQ(
        changing(ParameterId::Seed, std::int64_t{5}),
        with(with({"token_embed", "embed"}, sited({"W_Q", "W_K", "W_V", "W_O", "q_proj", "k_proj", "v"})),
             kFromScores));
}

TEST_F(Recompute, positionsKeepTheTokens) {
    EXPECT_EQ(changing(ParameterId::PositionStrength, 0.5),
              with(with({"pos_embed", "embed"}, sited({"W_Q", "W_K", "W_V", "q_proj", "k_proj", "v"})),
                   kFromScores));
    EXPECT_EQ(changing(ParameterId::Positions, "rotary"s),
              with(sited({"W_Q", "W_K", "W_V", "q_proj", "k_proj", "v", "q", "k"}), kFromScores));
    EXPECT_EQ(changing(ParameterId::PositionStrength, 1.5), with(sited({"q", "k"}), kFromScores));
    EXPECT_EQ(changing(ParameterId::Positions, "none"s), kFromScores);
    EXPECT_EQ(changing(ParameterId::PositionStrength, 1.0), Stages{});
}

TEST_F(Recompute, outputSwitchesTouchTheOutput) {
    EXPECT_EQ(changing(ParameterId::Residual, false), sited({"resid_post"}));
    EXPECT_EQ(changing(ParameterId::LayerNorm, false), Stages{}) << "resid_post is attn_out itself then";
    EXPECT_EQ(changing(ParameterId::LayerNorm, true), sited({"resid_post"}));
}

TEST_F(Recompute, projectionsKeepTheEmbeddings) {
    EXPECT_EQ(changing(ParameterId::Projections, "identity"s),
              with(sited({"q_proj", "k_proj", "v"}), kFromScores));
    EXPECT_EQ(changing(ParameterId::Heads, std::int64_t{2}), Stages{});
    EXPECT_EQ(changing(ParameterId::DK, std::int64_t{2}), Stages{});
    EXPECT_EQ(changing(ParameterId::DV, std::int64_t{2}), Stages{});
}

TEST_F(Recompute, textThatGivesTheSameTokensStopsThere) {
    m_inputs.parameters.set(ParameterId::Tokenizer, "words"s);
    m_inputs.text += "  ";
    EXPECT_EQ(ran(), Stages{"tokens"});
}

TEST_F(Recompute, tokenizerStartsAtTheTokens) {
    const Stages ofText =
        with(with({"tokens", "token_embed", "pos_embed", "embed"}, sited({"q_proj", "k_proj", "v", "mask"})),
             kFromScores);
    EXPECT_EQ(changing(ParameterId::Tokenizer, "characters"s), ofText);
    m_inputs.text = "tired";
    EXPECT_EQ(ran(), ofText);
}

TEST_F(Recompute, embeddingsStartAtTheTokensBecauseWordsCanBeUnknown) {
    const Stages stages = changing(ParameterId::Embeddings, "words"s);
    EXPECT_EQ(stages,
              with(with({"tokens", "token_embed", "embed"}, sited({"q_proj", "k_proj", "v"})), kFromScores))
        << testing::PrintToString(stages);
}

TEST_F(Recompute, theContextTouchesKeysAndValuesOnly) {
    m_inputs.context = "Das Tier";
    EXPECT_EQ(ran(),
              with(with({"context.tokens", "context.token_embed", "context.pos_embed", "context.embed"},
                        sited({"k_proj", "v", "mask"})),
                   kFromScores));
    m_inputs.context = "Das Tier war";
    EXPECT_EQ(ran(),
              with(with({"context.tokens", "context.token_embed", "context.pos_embed", "context.embed"},
                        sited({"k_proj", "v", "mask"})),
                   kFromScores));
}

TEST_F(Recompute, anEditStartsBehindWhatMadeItsTensor) {
    const auto editing = [&](const char* edit) {
        setEdit(m_inputs.edits, *parseEdit(edit));
        return ran();
    };
    const auto resetting = [&] {
        m_inputs.edits.clear();
        return ran();
    };
    const Stages kFromZ = sited({"z", "attn_out", "resid_post"});
    const Stages kProjections = with(sited({"q_proj", "k_proj", "v"}), kFromScores);
    EXPECT_EQ(editing("blocks.0.q[0,3,1]=2.5"), with(sited({"q_edited"}), kFromScores));
    EXPECT_EQ(editing("blocks.0.q[0,3,1]=2.5"), Stages{});
    EXPECT_EQ(editing("blocks.0.q[0,3,1]=2.6"), with(sited({"q_edited"}), kFromScores));
    EXPECT_EQ(editing("blocks.7.q[0,3,1]=2.6"), Stages{}) << "there is no such site";
    EXPECT_EQ(editing("blocks.0.q[0,99,1]=2.6"), Stages{}) << "there is no such row";
    EXPECT_EQ(resetting(), kFromScores) << "q itself was kept";
    EXPECT_EQ(editing("blocks.0.v[0,3,1]=1"), with(sited({"v_edited"}), kFromZ));
    EXPECT_EQ(resetting(), kFromZ);
    EXPECT_EQ(editing("blocks.0.scores_raw[0,3,1]=1"), with(sited({"scores_raw_edited"}), kFromPattern));
    EXPECT_EQ(resetting(), kFromPattern);
    EXPECT_EQ(editing("blocks.0.scores_scaled[0,3,1]=1"), kFromPattern);
    EXPECT_EQ(resetting(), kFromPattern);
    EXPECT_EQ(editing("blocks.0.scores[0,3,1]=1"), kFromPattern);
    EXPECT_EQ(resetting(), kFromPattern);
    EXPECT_EQ(editing("blocks.0.pattern[0,3,1]=1"), with(sited({"pattern_edited"}), kFromZ));
    EXPECT_EQ(changing(ParameterId::EditedRows, "kept"s), with(sited({"pattern_edited"}), kFromZ));
    EXPECT_EQ(resetting(), kFromZ);
    EXPECT_EQ(changing(ParameterId::EditedRows, "renormalised"s), Stages{});
    EXPECT_EQ(editing("blocks.0.z[0,3,1]=1"), sited({"z_edited", "attn_out", "resid_post"}));
    EXPECT_EQ(resetting(), sited({"attn_out", "resid_post"}));
    EXPECT_EQ(editing("blocks.0.attn_out[3,1]=1"), sited({"attn_out_edited", "resid_post"}));
    EXPECT_EQ(editing("blocks.0.resid_post[3,1]=1"), sited({"resid_post_edited"}));
    EXPECT_EQ(resetting(), sited({"resid_post"}));
    EXPECT_EQ(editing("blocks.0.W_Q[0,3,1]=1"), with(sited({"W_Q_edited", "q_proj"}), kFromScores));
    EXPECT_EQ(resetting(), with(sited({"q_proj"}), kFromScores));
    EXPECT_EQ(editing("blocks.0.W_O[0,3,1]=1"), sited({"W_O_edited", "attn_out", "resid_post"}));
    EXPECT_EQ(resetting(), sited({"attn_out", "resid_post"}));
    EXPECT_EQ(editing("embed[3,1]=1"), with({"embed_edited"}, kProjections));
    EXPECT_EQ(resetting(), kProjections);
    EXPECT_EQ(editing("token_embed[3,1]=1"), with({"token_embed_edited", "embed"}, kProjections));
    EXPECT_EQ(resetting(), with({"embed"}, kProjections));
}

TEST_F(Recompute, whatAnEditDoesNotReachIsTheVerySameObject) {
    const TracePtr before = m_trace;
    setEdit(m_inputs.edits, *parseEdit("blocks.0.k[0,3,1]=2.5"));
    (void)ran();
    for (const TensorName name :
         {TensorName::ResidPre, TensorName::WK, TensorName::Q, TensorName::V, TensorName::WO}) {
        const TensorKey key{"blocks.0", name};
        EXPECT_EQ(before->find(key), m_trace->find(key)) << toString(name);
        EXPECT_EQ(m_trace->beforeEdits(key), nullptr);
    }
    const TensorKey k{"blocks.0", TensorName::K};
    EXPECT_EQ(m_trace->beforeEdits(k), before->find(k));
    EXPECT_NE(m_trace->find(k), before->find(k));
}

TEST_F(Recompute, whatDidNotRunIsTheVerySameObject) {
    const TracePtr before = m_trace;
    (void)changing(ParameterId::Temperature, 3.0);
    for (const TensorName name :
         {TensorName::Q, TensorName::K, TensorName::V, TensorName::ScoresRaw, TensorName::WQ}) {
        const TensorKey key{"blocks.0", name};
        EXPECT_EQ(before->find(key), m_trace->find(key)) << toString(name);
    }
    EXPECT_NE(before->find({"blocks.0", TensorName::Pattern}),
              m_trace->find({"blocks.0", TensorName::Pattern}));
}

}  // namespace
}  // namespace attn
