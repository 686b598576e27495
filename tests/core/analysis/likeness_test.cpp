#include "core/analysis/likeness.h"

#include "core/ops/product.h"
#include "tests/support/model_folder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace attn {
namespace {

TEST(Likeness, OfHandMadePatterns) {
    Matrix same = Matrix::Identity(3, 3), shifted = Matrix::Zero(3, 3), half = Matrix::Zero(3, 3);
    for (Index i = 0; i < 3; ++i) {
        shifted(i, (i + 1) % 3) = 1;
        half(i, i) = half(i, (i + 1) % 3) = 0.5F;
    }
    EXPECT_FLOAT_EQ(likeness(view(same), view(same)), 1);
    EXPECT_FLOAT_EQ(likeness(view(same), view(shifted)), 0);
    // ½ ln(1/¾) + ½ (½ ln(½/¾) + ½ ln(½/¼)), over ln 2.
    const double divergence =
        0.5 * std::log(1 / 0.75) + 0.25 * std::log(0.5 / 0.75) + 0.25 * std::log(0.5 / 0.25);
    EXPECT_NEAR(likeness(view(same), view(half)), 1 - divergence / std::log(2.0), 1e-6);
    EXPECT_EQ(likeness(view(half), view(same)), likeness(view(same), view(half)));
    Matrix masked = same;
    masked.row(1).setZero();
    EXPECT_FLOAT_EQ(likeness(view(masked), view(same)), 1) << "a query that sees nothing does not count";
    EXPECT_TRUE(std::isnan(likeness(view(Matrix(Matrix::Zero(2, 2))), view(Matrix(Matrix::Zero(2, 2))))));
}

TEST(Likeness, OfEveryHeadThatHasTheSameTokens) {
    const TracePtr trace =
        test::traceOf(test::inputsOf(test::ownModels() / "bart", {3, 1, 4, 1, 5, 9, 2, 6}));
    LikenessStudy study(trace, "encoder.blocks.1", 1);
    ASSERT_TRUE(finish(study));
    ASSERT_EQ(study.likenesses().size(), trace->sites().size());
    const TensorPtr chosen = trace->find({"encoder.blocks.1", TensorName::Pattern})->get();
    for (std::size_t s = 0; s < trace->sites().size(); ++s) {
        const SiteInfo& site = trace->sites()[s];
        const TensorPtr pattern = trace->find({site.name, TensorName::Pattern})->get();
        for (Index h = 0; h < site.heads; ++h) {
            const float found = study.likenesses()[s][static_cast<std::size_t>(h)];
            if (site.name.starts_with("encoder")) {
                EXPECT_EQ(found, likeness(chosen->matrix(1), pattern->matrix(h))) << site.name << " " << h;
            } else {
                EXPECT_TRUE(std::isnan(found)) << site.name;
            }
        }
        if (site.name == "encoder.blocks.1") {
            EXPECT_FLOAT_EQ(study.likenesses()[s][1], 1);
        }
    }
}

}  // namespace
}  // namespace attn
