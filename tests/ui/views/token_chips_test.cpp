#include "ui/views/token_chips.h"

#include "ui/style/palette.h"

#include <QApplication>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

Tokens tokensOf(std::string_view text, TokenizerKind kind = TokenizerKind::Words, std::size_t limit = 1024) {
    return tokenize(text, kind, limit);
}

Tokens manyTokens(std::size_t count, std::size_t limit = 1024) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "word" + std::to_string(i) + " ";
    return tokensOf(text, TokenizerKind::Words, limit);
}

class TokenChipsTest : public testing::Test {
protected:
    TokenChipsTest() {
        chips.resize(900, 40);
        chips.show();
        QCoreApplication::processEvents();
    }
    void click(int index, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers modifiers = {}) {
        QTest::mouseClick(&chips, button, modifiers, chips.chipRect(index).center());
    }
    /// Every chip of the page lies inside and none upon another.
    void expectTidy() {
        for (int i = chips.firstVisible(); i < chips.endVisible(); ++i) {
            EXPECT_TRUE(chips.rect().contains(chips.chipRect(i))) << i;
            for (int j = chips.firstVisible(); j < i; ++j) {
                EXPECT_FALSE(chips.chipRect(i).intersects(chips.chipRect(j))) << i << " on " << j;
            }
        }
    }

    TokenChips chips{Role::Query};
};

TEST_F(TokenChipsTest, NoTokensAreNoTrouble) {
    chips.setTokens({});
    EXPECT_EQ(chips.count(), 0);
    EXPECT_EQ(chips.current(), -1);
    EXPECT_EQ(chips.countText(), QStringLiteral("0 tokens"));
    for (const int key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Home, Qt::Key_End, Qt::Key_Return}) {
        QTest::keyClick(&chips, static_cast<Qt::Key>(key));
    }
    QTest::mouseClick(&chips, Qt::LeftButton, {}, {10, 10});
    EXPECT_FALSE(chips.grab().isNull());
}

TEST_F(TokenChipsTest, OneToken) {
    chips.setTokens(tokensOf("animal"));
    EXPECT_EQ(chips.countText(), QStringLiteral("1 token"));
    EXPECT_EQ(chips.tokenAt(chips.chipRect(0).center()), 0);
    expectTidy();
}

TEST_F(TokenChipsTest, ClicksChooseTheQueryOrTheOtherRole) {
    chips.setTokens(tokensOf("The animal didn't cross the street because it was too tired"));
    QSignalSpy clicked(&chips, &TokenChips::tokenClicked), other(&chips, &TokenChips::tokenOtherClicked);
    click(7);
    ASSERT_EQ(clicked.count(), 1);
    EXPECT_EQ(clicked[0][0].toInt(), 7);
    click(1, Qt::LeftButton, Qt::ControlModifier);
    click(2, Qt::LeftButton, Qt::ShiftModifier);
    click(3, Qt::RightButton);
    ASSERT_EQ(other.count(), 3);
    EXPECT_EQ(other[0][0].toInt(), 1);
    EXPECT_EQ(other[1][0].toInt(), 2);
    EXPECT_EQ(other[2][0].toInt(), 3);
    EXPECT_EQ(clicked.count(), 1);
}

TEST_F(TokenChipsTest, TheKeyboardGoesEverywhere) {
    chips.setTokens(manyTokens(1024));
    QSignalSpy clicked(&chips, &TokenChips::tokenClicked), other(&chips, &TokenChips::tokenOtherClicked);
    QTest::keyClick(&chips, Qt::Key_End);
    EXPECT_EQ(chips.current(), 1023);
    EXPECT_FALSE(chips.chipRect(1023).isNull());
    QTest::keyClick(&chips, Qt::Key_Right);
    EXPECT_EQ(chips.current(), 1023);
    QTest::keyClick(&chips, Qt::Key_Left);
    QTest::keyClick(&chips, Qt::Key_Return);
    ASSERT_EQ(clicked.count(), 1);
    EXPECT_EQ(clicked[0][0].toInt(), 1022);
    QTest::keyClick(&chips, Qt::Key_Home);
    QTest::keyClick(&chips, Qt::Key_Return, Qt::ControlModifier);
    ASSERT_EQ(other.count(), 1);
    EXPECT_EQ(other[0][0].toInt(), 0);
    EXPECT_TRUE(chips.accessibleDescription().contains(QStringLiteral("word0")));
}

TEST_F(TokenChipsTest, AThousandTokensStayInTwoRowsAndEachCanBeReached) {
    chips.setTokens(manyTokens(1024));
    int pages = 0, seen = 0;
    while (true) {
        ++pages;
        EXPECT_EQ(chips.firstVisible(), seen);
        expectTidy();
        seen = chips.endVisible();
        if (seen == chips.count()) break;
        ASSERT_LT(pages, 1024);
        chips.showToken(seen);
    }
    EXPECT_GT(pages, 10);
    EXPECT_LT(chips.height(), 100);
    chips.showToken(500);
    EXPECT_FALSE(chips.chipRect(500).isNull());
    chips.showToken(3);
    EXPECT_EQ(chips.firstVisible(), 0);
}

TEST_F(TokenChipsTest, PagesCanBeTurnedByClickAndWheel) {
    chips.setTokens(manyTokens(200));
    const int second = chips.endVisible();
    const QRect last = chips.chipRect(second - 1);
    QTest::mouseClick(&chips, Qt::LeftButton, {}, QPoint(last.right() + 40, last.center().y()));
    EXPECT_EQ(chips.firstVisible(), second);
    QTest::mouseClick(&chips, Qt::LeftButton, {}, QPoint(12, chips.chipRect(second).center().y()));
    EXPECT_EQ(chips.firstVisible(), 0);
    const auto turn = [&](int delta) {
        QWheelEvent wheel({20, 20}, chips.mapToGlobal(QPointF(20, 20)), {}, {0, delta}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&chips, &wheel);
    };
    turn(-240);
    EXPECT_GT(chips.firstVisible(), second);
    turn(1200);
    EXPECT_EQ(chips.firstVisible(), 0);
}

TEST_F(TokenChipsTest, SaysWhenATextIsTooLong) {
    chips.setTokens(manyTokens(40, 25));
    EXPECT_EQ(chips.count(), 25);
    EXPECT_EQ(chips.countText(), QStringLiteral("25 of 40 tokens used"));
}

TEST_F(TokenChipsTest, LongTokensAndEveryScriptKeepTheirPlace) {
    const std::string longest(5000, 'x');
    chips.setTokens(tokensOf(
        "👩‍👩‍👧‍👦 مرحبا بالعالم 我想吃酸菜鱼 e\xCC\x81t\xC3\xA9 " +
        longest));
    expectTidy();
    EXPECT_LT(chips.chipRect(chips.count() - 1).width(), 250);
    chips.setTokens(tokensOf(std::string("a\0b\n\t\xEF\xBF\xBE", 8), TokenizerKind::Characters));
    expectTidy();
    chips.setTokens(tokensOf("\xF0\x9F\x91\xA9", TokenizerKind::Bytes));
    EXPECT_EQ(chips.count(), 4);
    expectTidy();
    chips.resize(60, 40);  // narrower than any sense
    EXPECT_FALSE(chips.grab().isNull());
}

TEST_F(TokenChipsTest, ChoosingATokenMovesNoOther) {
    chips.setTokens(tokensOf("The animal didn't cross the street"));
    std::vector<QRect> before;
    before.reserve(static_cast<std::size_t>(chips.count()));
    for (int i = 0; i < chips.count(); ++i) before.push_back(chips.chipRect(i));
    chips.setMarked(2, 4);
    for (int i = 0; i < chips.count(); ++i) EXPECT_EQ(chips.chipRect(i), before[static_cast<std::size_t>(i)]);
}

TEST_F(TokenChipsTest, ColoursFollowTheRoles) {
    chips.setTokens(tokensOf("The animal didn't cross"));
    chips.setMarked(2, 1);
    const QImage image = chips.grab().toImage();
    const Palette& colours = paletteFor(chips);
    const auto at = [&](int index, int dx) {
        const QRect rect = chips.chipRect(index);
        return image.pixelColor(rect.left() + dx, rect.center().y()).rgb();
    };
    EXPECT_EQ(at(2, 6), colours.query.rgb());
    EXPECT_EQ(at(1, 6), colours.chip.rgb());
    EXPECT_EQ(at(1, 1), colours.key.rgb());
    EXPECT_EQ(at(0, 6), colours.chip.rgb());
}

TEST_F(TokenChipsTest, UnknownWordsAreUnderlined) {
    Tokens tokens = tokensOf("zyx");
    chips.setTokens(tokens);
    const QImage known = chips.grab().toImage();
    tokens.items[0].known = false;
    chips.setTokens(tokens);
    EXPECT_NE(chips.grab().toImage(), known);
}

TEST_F(TokenChipsTest, HoverTellsEachTokenOnceAndTheEnd) {
    chips.setTokens(tokensOf("one two"));
    QSignalSpy hovered(&chips, &TokenChips::tokenHovered);
    const auto move = [&](QPoint to) {
        QMouseEvent event(QEvent::MouseMove, to, chips.mapToGlobal(to), Qt::NoButton, {}, {});
        QCoreApplication::sendEvent(&chips, &event);
    };
    move(chips.chipRect(1).center());
    move(chips.chipRect(1).center() + QPoint(2, 0));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&chips, &leave);
    ASSERT_EQ(hovered.count(), 2);
    EXPECT_EQ(hovered[0][0].toInt(), 1);
    EXPECT_EQ(hovered[1][0].toInt(), -1);
}

}  // namespace
}  // namespace attn::ui
