#include "ui/views/layer_bar.h"

#include "tests/ui/views/view_fixture.h"
#include "ui/panels/segmented_control.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/thumbnails.h"
#include "ui/views/explore_view.h"

#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

namespace attn::ui {
namespace {

class LayerBarTest : public testing::Test {
protected:
    LayerBarTest() {
        view.resize(900, 700);
        view.show();
    }
    void show(const char* name) {
        Scene scene;
        scene.inputs.model = std::string(ATTN_TEST_DATA "/models/") + name;
        scene.inputs.ids = {1, 2, 3, 4};
        scene.view.head = 1;
        scene.view.query = 2;
        scene.view.key = 1;
        open(document, scene);
    }
    [[nodiscard]] QString site() const { return document.selection()->site(); }

    SceneDocument document;
    ExploreView view{&document};
    LayerBar* bar = view.findChild<LayerBar*>();
};

TEST_F(LayerBarTest, IsThereForSeveralLayersAlone) {
    open(document, exampleScene());
    EXPECT_FALSE(bar->isVisible());
    show("gpt2-untied");
    EXPECT_TRUE(bar->isVisible());
}

TEST_F(LayerBarTest, EveryWayLeadsToALayerAndKeepsHeadAndCell) {
    show("gpt2-untied");
    const int last = static_cast<int>(document.trace()->sites().size()) - 1;
    ASSERT_GE(last, 1);
    bar->findChild<QSlider*>(QStringLiteral("layer.slider"))->setValue(last);
    EXPECT_EQ(site(), QStringLiteral("blocks.%1").arg(last));
    EXPECT_EQ(bar->findChild<QSpinBox*>(QStringLiteral("layer.number"))->value(), last);
    EXPECT_EQ(view.shownKey().scope, site().toStdString());
    EXPECT_FALSE(bar->findChild<QToolButton*>(QStringLiteral("layer.next"))->isEnabled());
    bar->step(5);
    EXPECT_EQ(site(), QStringLiteral("blocks.%1").arg(last));
    QTest::mouseClick(bar->findChild<QToolButton*>(QStringLiteral("layer.before")), Qt::LeftButton);
    EXPECT_EQ(site(), QStringLiteral("blocks.%1").arg(last - 1));
    bar->findChild<QSpinBox*>(QStringLiteral("layer.number"))->setValue(0);
    EXPECT_EQ(site(), QStringLiteral("blocks.0"));
    EXPECT_EQ(document.selection()->head(), 1);
    EXPECT_EQ(document.selection()->pinned().query, 2);
    EXPECT_EQ(document.selection()->pinned().key, 1);
}

TEST_F(LayerBarTest, AnEncoderDecoderHasThreeKinds) {
    show("bart");
    auto* kinds = bar->findChild<SegmentedControl*>(QStringLiteral("layer.kind"));
    ASSERT_TRUE(kinds->isVisible());
    EXPECT_EQ(kinds->segments().size(), 3U);
    EXPECT_EQ(kinds->current(), QStringLiteral("encoder.blocks"));
    document.selection()->setSite(QStringLiteral("decoder.blocks.1"));
    EXPECT_EQ(kinds->current(), QStringLiteral("decoder.blocks"));
    QTest::mouseClick(kinds->button(QStringLiteral("decoder.blocks.cross")), Qt::LeftButton);
    EXPECT_EQ(site(), QStringLiteral("decoder.blocks.1.cross"));  // the same depth
    show("gpt2-untied");
    EXPECT_FALSE(kinds->isVisible());
}

TEST_F(LayerBarTest, HeadsThatShareKeysShareAThumbnail) {
    show("mistral");  // 4 heads, 2 of keys and values
    document.selection()->setStage(QStringLiteral("qkv"), QStringLiteral("k"));
    document.selection()->setHead(3);
    settle(document);
    EXPECT_EQ(view.heatMap()->data().head, 1);
    EXPECT_EQ(view.headStrip()->currentHead(), 1);
    EXPECT_TRUE(view.heatMap()->data().title.contains(QStringLiteral("heads 2 to 3")));
    emit view.headStrip()->headChosen(0);
    EXPECT_EQ(document.selection()->head(), 0);
    emit view.headStrip()->headChosen(1);
    EXPECT_EQ(document.selection()->head(), 2);
    document.selection()->setStage(QStringLiteral("pattern"));
    EXPECT_EQ(view.heatMap()->data().head, 2);
}

}  // namespace
}  // namespace attn::ui
