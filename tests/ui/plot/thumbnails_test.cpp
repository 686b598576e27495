#include "ui/plot/thumbnails.h"

#include "tests/ui/plot/synthetic.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

using test::probabilities;

TEST(HeadStrip, MakesOnlyWhatChanged) {
    HeadStrip strip;
    strip.resize(800, 120);
    strip.setData(probabilities(11, 11, 8));
    (void)strip.grab();
    EXPECT_EQ(strip.imageBuilds(), 8);
    strip.setCurrentHead(3);
    (void)strip.grab();
    HeatMapData same = probabilities(11, 11, 8);
    same.tensor = TensorPtr();
    EXPECT_EQ(strip.imageBuilds(), 8);
    strip.setData(probabilities(11, 11, 8));
    (void)strip.grab();
    EXPECT_EQ(strip.imageBuilds(), 16);
}

TEST(HeadStrip, EveryHeadHasItsPlaceInsideTheWidget) {
    for (const int heads : {1, 2, 8, 12, 32, 144})
        for (const int width : {200, 640, 1200}) {
            HeadStrip strip;
            strip.setData(probabilities(5, 5, heads));
            strip.resize(width, strip.heightForWidth(width));
            for (int head = 0; head < heads; ++head) {
                const QRect rect = strip.thumbnailRect(head);
                EXPECT_TRUE(strip.rect().contains(rect))
                    << heads << " heads, " << width << " px, head " << head;
                EXPECT_EQ(strip.headAt(rect.center()), head);
                for (int other = 0; other < head; ++other)
                    EXPECT_FALSE(rect.intersects(strip.thumbnailRect(other)));
            }
        }
}

TEST(HeadStrip, ShrinksWhereThatSavesARow) {
    const auto widthOf = [](int heads, int width) {
        HeadStrip strip;
        strip.setData(probabilities(5, 5, heads));
        strip.resize(width, strip.heightForWidth(width));
        EXPECT_EQ(strip.thumbnailRect(0).top(), strip.thumbnailRect(heads - 1).top());
        return strip.thumbnailRect(0).width();
    };
    const int comfortable = widthOf(8, 1200);
    EXPECT_EQ(widthOf(12, 1200), comfortable);
    EXPECT_LT(widthOf(12, 820), comfortable);
    EXPECT_GT(widthOf(12, 820), 30);
}

TEST(HeadStrip, ChoosesByClickAndKey) {
    HeadStrip strip;
    strip.setData(probabilities(5, 5, 8));
    strip.resize(300, strip.heightForWidth(300));
    QSignalSpy chosen(&strip, &HeadStrip::headChosen);
    QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.thumbnailRect(5).center());
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_End);
    QTest::keyClick(&strip, Qt::Key_End);
    QTest::keyClick(&strip, Qt::Key_Home);
    QTest::keyClick(&strip, Qt::Key_Left);
    ASSERT_EQ(chosen.size(), 4);
    EXPECT_EQ(chosen[0][0].toInt(), 5);
    EXPECT_EQ(chosen[1][0].toInt(), 6);
    EXPECT_EQ(chosen[2][0].toInt(), 7);
    EXPECT_EQ(chosen[3][0].toInt(), 0);
    EXPECT_EQ(strip.accessibleDescription(), QStringLiteral("head 0 of 8"));
}

TEST(HeadStrip, HeadsThatAreSwitchedOffLookSo) {
    HeadStrip strip;
    strip.setData(probabilities(5, 5, 4));
    strip.resize(400, strip.heightForWidth(400));
    const auto look = [&](int head) { return strip.grab(strip.thumbnailRect(head)).toImage(); };
    const QImage first = look(0), third = look(2);
    strip.setSwitchedOff({false, false, true, false});
    EXPECT_EQ(look(0), first);
    EXPECT_NE(look(2), third);
    strip.setCurrentHead(2);
    EXPECT_EQ(strip.accessibleDescription(), QStringLiteral("head 2 of 4 — switched off"));
    strip.setCurrentHead(0);
    strip.setSwitchedOff({});
    EXPECT_EQ(look(2), third);
}

TEST(HeadStrip, IsEmptyWithoutATensor) {
    HeadStrip strip;
    strip.resize(300, 80);
    EXPECT_EQ(strip.headCount(), 0);
    EXPECT_EQ(strip.headAt({20, 20}), -1);
    EXPECT_FALSE(strip.grab().isNull());
    QTest::keyClick(&strip, Qt::Key_Right);
    EXPECT_EQ(strip.currentHead(), 0);
}

}  // namespace
}  // namespace attn::ui
