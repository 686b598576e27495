#include "ui/views/explore_side.h"

#include "tests/support/tiny_bert.h"
#include "tests/ui/views/view_fixture.h"
#include "ui/plot/prediction_bars.h"
#include "ui/views/predictions_view.h"

#include <QPushButton>

namespace attn::ui {
namespace {

class ExploreSideTest : public testing::Test {
protected:
    ExploreSideTest() {
        m_side.resize(320, 600);
        m_side.show();
    }
    [[nodiscard]] QPushButton* button(const char* name) {
        return m_side.findChild<QPushButton*>(QString::fromLatin1(name));
    }

    const test::TemporaryFolder m_folder;
    SceneDocument m_document;
    ExploreSide m_side{&m_document};
};

TEST_F(ExploreSideTest, TheToyHasItsArithmeticAlone) {
    open(m_document, exampleScene());
    EXPECT_FALSE(button("explore.side.predictions")->isVisible());
    m_document.setSide(QStringLiteral("predictions"));
    EXPECT_FALSE(m_side.showsPredictions());
}

TEST_F(ExploreSideTest, AModelWithLogitsHasPredictionsBesideIt) {
    Scene scene;
    scene.inputs.model = test::writeTinyBert(m_folder);
    scene.inputs.text = "the cat sat";
    open(m_document, scene);
    ASSERT_TRUE(button("explore.side.predictions")->isVisible());
    EXPECT_FALSE(m_side.showsPredictions());
    button("explore.side.predictions")->click();
    EXPECT_EQ(m_document.view().side, "predictions");
    ASSERT_TRUE(m_side.showsPredictions());
    ASSERT_TRUE(waitUntil([&] { return m_side.isComplete(); }));
    EXPECT_TRUE(m_side.predictions()->bars()->isVisible());
    EXPECT_TRUE(button("predictions.mask")->isVisible());
    button("explore.side.arithmetic")->click();
    EXPECT_FALSE(m_side.showsPredictions());
    EXPECT_TRUE(m_side.isComplete());
}

}  // namespace
}  // namespace attn::ui
