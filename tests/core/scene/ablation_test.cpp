#include "core/scene/ablation.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace attn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = AblationKind;
using Part = AblatedPart;

TEST(Ablation, TextsAndBack) {
    const std::vector<std::pair<const char*, Ablation>> cases{
        {"blocks.3.h5", {"blocks.3", Part::Head, 5, Kind::Zero}},
        {"blocks.3", {"blocks.3", Part::Heads, 0, Kind::Zero}},
        {"blocks.3.mlp=mean", {"blocks.3", Part::Mlp, 0, Kind::Mean}},
        {"decoder.blocks.2.cross.h0=mean", {"decoder.blocks.2.cross", Part::Head, 0, Kind::Mean}},
    };
    for (const auto& [text, expected] : cases) {
        const Result<Ablation> parsed = parseAblation(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(*parsed, expected) << text;
        EXPECT_EQ(formatAblation(*parsed), text);
    }
    EXPECT_EQ(*parseAblation("blocks.3=zero"), *parseAblation("blocks.3"));
    EXPECT_EQ(*parseAblation("blocks.3.heads"), *parseAblation("blocks.3"));
    for (const char* bad : {"", "h5", "mlp", ".h5", "=zero", "blocks.3=half", "blocks.3="})
        EXPECT_FALSE(parseAblation(bad)) << bad;
    EXPECT_THAT(parseAblation("blocks.3=half").error().english(), HasSubstr("none of zero, mean"));
    // No head of any model: the site that remains is refused where the sites are known.
    EXPECT_EQ(parseAblation("blocks.3.h99999999999")->site, "blocks.3.h99999999999");
}

TEST(Ablation, OneForEachPlaceInOrder) {
    Ablations all;
    for (const char* text : {"b", "a.mlp", "a.h2", "a.h10", "a", "a.h2=mean"})
        setAblation(all, *parseAblation(text));
    std::vector<std::string> texts;
    for (const Ablation& each : all) texts.push_back(formatAblation(each));
    EXPECT_THAT(texts, ElementsAre("a", "a.h2=mean", "a.h10", "a.mlp", "b"));
    EXPECT_TRUE(removeAblation(all, *parseAblation("a.h2")));
    EXPECT_FALSE(removeAblation(all, *parseAblation("a.h2")));
    EXPECT_EQ(all.size(), 4U);
}

TEST(Ablation, AHeadsOwnEntryDecides) {
    Ablations all{*parseAblation("a=mean")};
    setAblation(all, *parseAblation("a.h1"));
    setAblation(all, *parseAblation("a.h7"));
    EXPECT_THAT(ablationsOfHeads(all, "a", 3), ElementsAre(Kind::Mean, Kind::Zero, Kind::Mean));
    EXPECT_EQ(ablationOfHead(all, "a", 1), Kind::Zero);
    EXPECT_EQ(ablationOfHead(all, "a", 2), Kind::Mean);
    EXPECT_EQ(ablationOfHead(all, "b", 1), std::nullopt);
    EXPECT_EQ(ablationOfMlp(all, "a"), std::nullopt);
    EXPECT_THAT(ablationsOfHeads(all, "b", 3), IsEmpty());
}

TEST(Ablation, SwitchingTwiceChangesNothing) {
    rc::check("toggling", [] {
        const auto heads = *rc::gen::inRange<std::int64_t>(1, 6);
        HeadAblations expected(static_cast<std::size_t>(heads));
        Ablations all{{"other", Part::Heads, 0, Kind::Zero}};
        const auto steps = *rc::gen::inRange(0, 12);
        for (int i = 0; i < steps; ++i) {
            const auto kind = *rc::gen::element(Kind::Zero, Kind::Mean);
            const auto head = *rc::gen::inRange<std::int64_t>(-1, heads);
            const Ablations before = all;
            if (head >= 0) {
                auto& state = expected[static_cast<std::size_t>(head)];
                const bool wasOff = state.has_value();
                state = wasOff ? std::nullopt : std::optional(kind);
                toggleHead(all, "a", head, heads, kind);
                Ablations again = all;
                if (!wasOff) {
                    toggleHead(again, "a", head, heads, kind);
                    RC_ASSERT(again == before);
                }
            } else {
                const bool allOff =
                    std::all_of(expected.begin(), expected.end(), [](const auto& e) { return e; });
                std::fill(expected.begin(), expected.end(), allOff ? std::nullopt : std::optional(kind));
                toggleHeads(all, "a", heads, kind);
            }
            HeadAblations got = ablationsOfHeads(all, "a", heads);
            got.resize(expected.size());
            RC_ASSERT(got == expected);
            RC_ASSERT(std::is_sorted(all.begin(), all.end(), [](const Ablation& l, const Ablation& r) {
                return std::is_lt(comparePlaces(l, r));
            }));
            RC_ASSERT(ablationOfHead(all, "other", 3).has_value());
        }
    });
}

TEST(Ablation, AllHeadsOffAreOneEntry) {
    Ablations all;
    for (const int head : {0, 2, 1}) toggleHead(all, "a", head, 3, Kind::Zero);
    EXPECT_THAT(all, ElementsAre(*parseAblation("a")));
    toggleHead(all, "a", 1, 3, Kind::Mean);
    EXPECT_THAT(all, ElementsAre(*parseAblation("a.h0"), *parseAblation("a.h2")));
}

}  // namespace
}  // namespace attn
