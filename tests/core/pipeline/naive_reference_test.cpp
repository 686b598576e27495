// The trace equals a naive reference, for random combinations of parameters.
#include "core/pipeline/pipeline.h"
#include "tests/support/naive_attention.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

namespace attn {
namespace {

constexpr double kTolerance = 1e-5;  // relative to a tensor's largest entry

std::string textOf(std::size_t words) {
    const std::vector<std::string> vocabulary{"the", "cat",  "saw",   "a", "bird",
                                              "鱼",  "über", "tired", "!", "the"};
    std::string text;
    for (std::size_t i = 0; i < words; ++i) text += vocabulary[(i * 7 + words) % vocabulary.size()] + " ";
    return text;
}

/// Of any tensor of the toy, also where it has no such entry.
rc::Gen<Edit> anyEdit() {
    return rc::gen::exec([] {
        const std::string tensor = *rc::gen::elementOf(
            std::vector<std::string>{"token_embed",     "pos_embed",           "embed",
                                     "context.embed",   "blocks.0.resid_pre",  "blocks.0.W_Q",
                                     "blocks.0.W_K",    "blocks.0.W_V",        "blocks.0.W_O",
                                     "blocks.0.q_proj", "blocks.0.q",          "blocks.0.k",
                                     "blocks.0.v",      "blocks.0.scores_raw", "blocks.0.scores_scaled",
                                     "blocks.0.scores", "blocks.0.pattern",    "blocks.0.pattern",
                                     "blocks.0.z",      "blocks.0.attn_out",   "blocks.0.resid_post"});
        Edit edit;
        edit.tensor = *TensorKey::fromFullName(tensor);
        if (hasHeads(edit.tensor.name)) edit.head = *rc::gen::inRange<std::int64_t>(0, 4);
        edit.row = *rc::gen::inRange<std::int64_t>(0, 8);
        edit.column = *rc::gen::inRange<std::int64_t>(0, 8);
        edit.value = *rc::gen::inRange(-150, 151) / 100.0 + 0.001;
        const bool hidden = edit.tensor.name == TensorName::Scores && *rc::gen::inRange(0, 3) == 0;
        if (hidden) edit.value = -std::numeric_limits<double>::infinity();
        return edit;
    });
}

rc::Gen<Inputs> anyInputs() {
    return rc::gen::exec([] {
        Inputs inputs;
        inputs.text = textOf(*rc::gen::inRange<std::size_t>(0, 14));
        if (*rc::gen::arbitrary<bool>()) inputs.context = textOf(*rc::gen::inRange<std::size_t>(0, 9));
        const auto choose = [&](ParameterId id, std::vector<std::string> values) {
            inputs.parameters.set(id, *rc::gen::elementOf(values));
        };
        const auto integer = [&](ParameterId id, std::int64_t low, std::int64_t high) {
            inputs.parameters.set(id, *rc::gen::inRange<std::int64_t>(low, high + 1));
        };
        const auto real = [&](ParameterId id, std::vector<double> values) {
            inputs.parameters.set(id, *rc::gen::elementOf(values));
        };
        choose(ParameterId::Tokenizer, {"words", "characters", "bytes"});
        choose(ParameterId::Projections, {"random", "random", "identity"});
        choose(ParameterId::Positions, {"none", "sinusoidal", "rotary"});
        choose(ParameterId::Score, {"dot", "cosine", "additive", "bilinear"});
        choose(ParameterId::Mask, {"none", "causal", "local", "padding"});
        choose(ParameterId::Normalizer, {"softmax", "softmax", "hard"});
        integer(ParameterId::Seed, 0, 1000);
        integer(ParameterId::DModel, 2, 40);
        integer(ParameterId::Heads, 1, 5);
        integer(ParameterId::DK, 1, 20);
        integer(ParameterId::DV, 1, 20);
        integer(ParameterId::ScoreWidth, 1, 20);
        integer(ParameterId::MaskWindow, 0, 4);
        integer(ParameterId::MaskPadding, 0, 20);
        real(ParameterId::PositionStrength, {0, 0.5, 1, 2});
        real(ParameterId::Temperature, {0.25, 1, 3, 100});
        inputs.parameters.set(ParameterId::Residual, *rc::gen::arbitrary<bool>());
        inputs.parameters.set(ParameterId::LayerNorm, *rc::gen::arbitrary<bool>());
        if (*rc::gen::arbitrary<bool>()) {
            choose(ParameterId::Scale, {"inv_sqrt_dk", "none", "inv_dk"});
        } else {
            real(ParameterId::Scale, {-1, 0, 0.3});
        }
        const int ablations = *rc::gen::inRange(-3, 4);
        for (int i = 0; i < ablations; ++i) {
            const auto kind = *rc::gen::element(AblationKind::Zero, AblationKind::Mean);
            const auto head = *rc::gen::inRange<std::int64_t>(-1, 6);  // 5: there is no such head
            setAblation(inputs.ablations, head < 0 ? Ablation{"blocks.0", AblatedPart::Heads, 0, kind}
                                                   : Ablation{"blocks.0", AblatedPart::Head, head, kind});
        }
        const int edits = *rc::gen::inRange(-6, 7);
        for (int i = 0; i < edits; ++i) setEdit(inputs.edits, *anyEdit());
        choose(ParameterId::EditedRows, {"renormalised", "kept"});
        return inputs;
    });
}

void showTo(std::ostream& out, const Inputs& inputs) {
    out << "text '" << inputs.text << "'";
    if (inputs.context) out << " context '" << *inputs.context << "'";
    for (const ParameterSpec& each : parameterTable()) {
        out << ' ' << each.key << '=' << formatValue(inputs.parameters.get(each.id));
    }
    for (const Ablation& each : inputs.ablations) out << " ablate " << formatAblation(each);
    for (const Edit& each : inputs.edits) out << " edit " << formatEdit(each);
}

/// The first entry that differs, as a message; empty where the tensors agree.
std::string difference(const std::string& name, const Tensor& fast, const test::NaiveTensor& naive) {
    if (fast.heads() != naive.heads || fast.rows() != naive.rows || fast.cols() != naive.cols)
        return name + ": shape";
    // Entries are of the size of 1 by construction. Where a small tensor's few entries all nearly cancel,
    // that size and not what is left of it is what rounding is relative to.
    double largest = 1;
    for (const double value : naive.values) {
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    }
    for (Index h = 0; h < naive.heads; ++h) {
        for (Index r = 0; r < naive.rows; ++r) {
            for (Index c = 0; c < naive.cols; ++c) {
                const double expected = naive.at(h, r, c);
                const double got = static_cast<double>(fast.at(h, r, c));
                if (expected == got) continue;  // −∞ too
                if (!(std::abs(expected - got) <= kTolerance * largest)) {
                    return name + "[" + std::to_string(h) + "," + std::to_string(r) + "," +
                           std::to_string(c) + "]: " + std::to_string(got) + " instead of " +
                           std::to_string(expected);
                }
            }
        }
    }
    return "";
}

// In the order of the computation: the first stage that diverges is the one that is wrong.
const std::vector<std::string> kOrder{"pos_embed",           "embed",
                                      "context.pos_embed",   "context.embed",
                                      "blocks.0.resid_pre",  "blocks.0.q",
                                      "blocks.0.k",          "blocks.0.v",
                                      "blocks.0.scores_raw", "blocks.0.scores_scaled",
                                      "blocks.0.scores",     "blocks.0.pattern",
                                      "blocks.0.z",          "blocks.0.attn_out",
                                      "blocks.0.resid_post"};

std::string firstDifference(const Trace& trace) {
    const auto naive = test::naiveTrace(trace);
    for (const std::string& name : kOrder) {
        const auto expected = naive.find(name);
        if (expected == naive.end()) continue;
        const EntryPtr entry = trace.find(*TensorKey::fromFullName(name));
        if (!entry) return name + ": missing";
        const std::string found = difference(name, *entry->get(), expected->second);
        if (!found.empty()) return found;
    }
    return "";
}

RC_GTEST_PROP(NaiveReference, equalsTheTraceForAnyParameters, ()) {
    const Inputs inputs = *anyInputs();
    std::ostringstream shown;
    showTo(shown, inputs);
    RC_LOG(shown.str());
    // A hard maximum over scores that are equal but for rounding has no one answer.
    const auto is = [&](ParameterId id, const char* value) {
        return formatValue(inputs.parameters.get(id)) == value;
    };
    // The same token twice is such a tie where its place makes no difference.
    const bool placed = is(ParameterId::Positions, "sinusoidal") && !is(ParameterId::PositionStrength, "0");
    RC_PRE(!is(ParameterId::Normalizer, "hard") ||
           (is(ParameterId::Score, "dot") && !is(ParameterId::Scale, "0") && placed));
    Pipeline pipeline;
    const auto trace = pipeline.evaluate(inputs);
    RC_ASSERT(trace.has_value());
    const std::string found = firstDifference(**trace);
    if (!found.empty()) RC_FAIL(found);
}

RC_GTEST_PROP(NaiveReference, aTraceMadeFromAPreviousOneEqualsOneMadeAnew, ()) {
    const Inputs first = *anyInputs();
    const Inputs second = *anyInputs();
    Pipeline pipeline;
    const auto before = pipeline.evaluate(first);
    const auto after = pipeline.evaluate(second, *before);
    Pipeline fresh;
    const auto anew = fresh.evaluate(second);
    for (const TensorKey& key : (*anew)->keys()) {
        const TensorPtr a = (*after)->find(key)->get();
        const TensorPtr b = (*anew)->find(key)->get();
        RC_ASSERT(a->shape() == b->shape());
        for (Index h = 0; h < a->heads(); ++h) {
            const bool same = a->matrix(h) == b->matrix(h);
            if (!same) RC_FAIL(key.fullName());
        }
    }
}

TEST(NaiveReference, paintedCellsDecide) {
    Inputs inputs;
    inputs.text = "one two three";
    inputs.parameters.set(ParameterId::Mask, std::string("causal"));
    inputs.painted = {{"blocks.0", 0, 2, "one", "three", true}, {"blocks.0", 2, 0, "three", "one", false}};
    Pipeline pipeline;
    const auto trace = pipeline.evaluate(inputs);
    ASSERT_TRUE(trace);
    EXPECT_EQ(firstDifference(**trace), "");
    const TensorPtr pattern = (*trace)->find({"blocks.0", TensorName::Pattern})->get();
    EXPECT_GT(pattern->at(0, 0, 2), 0.0F);
    EXPECT_EQ(pattern->at(0, 2, 0), 0.0F);
    EXPECT_TRUE((*trace)->mask("blocks.0").painted(0, 2));
}

TEST(NaiveReference, paintedCellsSleepWhereTheirWordsAreGone) {
    Inputs inputs;
    inputs.text = "one two three";
    inputs.painted = {{"blocks.0", 0, 2, "one", "four", false}};
    Pipeline pipeline;
    const auto asleep = pipeline.evaluate(inputs);
    EXPECT_EQ((*asleep)->mask("blocks.0").sleeping, std::vector<std::size_t>{0});
    inputs.text = "one two four";
    const auto awake = pipeline.evaluate(inputs, *asleep);
    EXPECT_TRUE((*awake)->mask("blocks.0").sleeping.empty());
    EXPECT_FALSE((*awake)->mask("blocks.0").allowed(0, 2));
}

}  // namespace
}  // namespace attn
