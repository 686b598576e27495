// Numbers that are no parameters: a quantity with its slider, a list in one line, bars that are pulled.
#include "core/experiment/saturation.h"
#include "ui/panels/logit_bars.h"
#include "ui/panels/number_list_edit.h"
#include "ui/panels/quantity_field.h"
#include "ui/panels/value_edit.h"
#include "ui/panels/value_slider.h"

#include <QSignalSpy>
#include <QTest>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace attn::ui {
namespace {

using testing::ElementsAre;

void type(ValueEdit* edit, const QString& text) {
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
}

TEST(TypedNumber, IsReadStrictly) {
    EXPECT_EQ(typedNumber(QStringLiteral(" -1.5e3 ")), -1500);
    EXPECT_EQ(typedNumber(QString::fromUtf8("−2")), -2);
    EXPECT_FALSE(typedNumber(QStringLiteral("1,5")));
    EXPECT_FALSE(typedNumber(QStringLiteral("two")));
    EXPECT_FALSE(typedNumber(QString()));
    EXPECT_EQ(exactNumber(0.1), QStringLiteral("0.1"));
    EXPECT_EQ(typedNumber(exactNumber(-1.0 / 3)), -1.0 / 3);
}

struct QuantityFieldTest : testing::Test {
    QuantityField field{QStringLiteral("scale"),
                        SliderMapping(0.01, 1000, 0.01, SliderScale::Logarithmic, false), 1};
    QSignalSpy chosen{&field, &QuantityField::numberChosen};
};

TEST_F(QuantityFieldTest, TakesTypedNumbersAndSaysWhatIsWrong) {
    field.show();
    type(field.edit(), QStringLiteral("31.6"));
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen.back().front().toDouble(), 31.6);
    field.setNumber(31.6);
    for (const char* bad : {"abc", "nan", "0", "1001", "1e400", "inf"}) {
        type(field.edit(), QString::fromLatin1(bad));
        EXPECT_TRUE(field.edit()->isInvalid()) << bad;
        EXPECT_TRUE(field.message()->isVisible()) << bad;
        EXPECT_FALSE(field.message()->text().contains(QLatin1Char('\n')));
    }
    EXPECT_EQ(chosen.count(), 1);
    EXPECT_EQ(field.number(), 31.6);
}

TEST_F(QuantityFieldTest, ADragIsAGestureAndKeysStep) {
    QSignalSpy started(&field, &QuantityField::gestureStarted), ended(&field, &QuantityField::gestureEnded);
    field.resize(300, 60);
    field.show();
    ValueSlider* slider = field.slider();
    QTest::mousePress(slider, Qt::LeftButton, {}, slider->rect().center());
    QTest::mouseMove(slider, QPoint(slider->width() + 50, slider->height() / 2));
    QTest::mouseRelease(slider, Qt::LeftButton, {}, QPoint(slider->width() + 50, slider->height() / 2));
    EXPECT_EQ(started.count(), 1);
    EXPECT_EQ(ended.count(), 1);
    ASSERT_GE(chosen.count(), 1);
    EXPECT_EQ(chosen.back().front().toDouble(), 1000);
    field.setNumber(1);
    emit field.edit()->stepped(1);
    EXPECT_GT(chosen.back().front().toDouble(), 1);
}

struct NumberListTest : testing::Test {
    NumberListEdit list{QStringLiteral("list"), 1024, &experiment::checkLogits};
    std::vector<std::vector<double>> chosen;

    NumberListTest() {
        QObject::connect(&list, &NumberListEdit::numbersChosen,
                         [this](const std::vector<double>& numbers) { chosen.push_back(numbers); });
        list.setNumbers({1, 1, 2});
        list.show();
    }
};

TEST_F(NumberListTest, TakesNumbersBetweenCommasOrSpaces) {
    EXPECT_EQ(list.edit()->text(), QStringLiteral("1, 1, 2"));
    type(list.edit(), QStringLiteral("3; -1.5  2e2,4"));
    ASSERT_EQ(chosen.size(), 1U);
    EXPECT_THAT(chosen.front(), ElementsAre(3, -1.5, 200, 4));
}

TEST_F(NumberListTest, BadNumbersAreOneLineAndLoseNothing) {
    for (const char* bad : {"", "5", "1, x, 2", "1, nan", "1, inf", "1, 1e999"}) {
        type(list.edit(),
             QString::fromLatin1(bad).isEmpty() ? QStringLiteral(" ") : QString::fromLatin1(bad));
        EXPECT_FALSE(list.message().isEmpty()) << bad;
        EXPECT_FALSE(list.message().contains(QLatin1Char('\n'))) << bad;
    }
    EXPECT_TRUE(chosen.empty());
    EXPECT_EQ(list.edit()->text(), QStringLiteral("1, 1e999"));  // to be mended
    QTest::keyClick(list.edit(), Qt::Key_Escape);
    EXPECT_EQ(list.edit()->text(), QStringLiteral("1, 1, 2"));
    EXPECT_TRUE(list.message().isEmpty());
}

TEST_F(NumberListTest, ManyNumbersFitAndOneMoreDoesNot) {
    std::vector<double> many(1024, -1.0 / 3);
    list.setNumbers(many);
    QString text = list.edit()->text();
    many.back() = 1;
    list.edit()->setText(text.left(text.lastIndexOf(QLatin1Char(','))) + QStringLiteral(", 1"));
    QTest::keyClick(list.edit(), Qt::Key_Return);
    ASSERT_EQ(chosen.size(), 1U);
    EXPECT_EQ(chosen.front(), many);
    list.edit()->setText(text + QStringLiteral(", 1"));
    QTest::keyClick(list.edit(), Qt::Key_Return);
    EXPECT_EQ(chosen.size(), 1U);
    EXPECT_TRUE(list.message().contains(QStringLiteral("1024"))) << list.message().toStdString();
}

struct LogitBarsTest : testing::Test {
    LogitBars bars;
    std::vector<std::pair<int, double>> moved;
    QSignalSpy started{&bars, &LogitBars::dragStarted}, ended{&bars, &LogitBars::dragEnded};

    LogitBarsTest() {
        QObject::connect(&bars, &LogitBars::valueMoved, [this](int index, double value) {
            moved.emplace_back(index, value);
            std::vector<double> values = bars.values();
            values[static_cast<std::size_t>(index)] = value;
            set(values);
        });
        bars.resize(420, 240);
        set({1, 1, 2});
        bars.show();
    }
    void set(const std::vector<double>& values) {
        QStringList names;
        for (std::size_t i = 0; i < values.size(); ++i) names.append(QString::number(i + 1));
        bars.setBars(values, std::vector<int>(values.size(), 0), names);
    }
    QPoint at(int index, double value) const {
        return QPointF(bars.barRect(index).center().x(), bars.pixelFromValue(value)).toPoint();
    }
};

TEST_F(LogitBarsTest, ABarIsPulledToRoundNumbers) {
    QTest::mousePress(&bars, Qt::LeftButton, {}, at(1, 1));
    EXPECT_EQ(bars.current(), 1);
    EXPECT_EQ(started.count(), 0);  // a click chooses
    for (const double value : {0.0, -1.0, -2.5}) QTest::mouseMove(&bars, at(1, value));
    QTest::mouseRelease(&bars, Qt::LeftButton, {}, at(1, -2.5));
    EXPECT_EQ(started.count(), 1);
    EXPECT_EQ(ended.count(), 1);
    ASSERT_FALSE(moved.empty());
    EXPECT_EQ(moved.back().first, 1);
    EXPECT_NEAR(moved.back().second, -2.5, 0.11);
    EXPECT_DOUBLE_EQ(moved.back().second * 10, std::round(moved.back().second * 10));
}

TEST_F(LogitBarsTest, TheAxisHoldsStillWhileABarIsPulledAndFitsAfterwards) {
    const double reach = bars.reach();
    QTest::mousePress(&bars, Qt::LeftButton, {}, at(2, 2));
    QTest::mouseMove(&bars, QPoint(at(2, 0).x(), -500));
    EXPECT_EQ(bars.values()[2], reach);
    EXPECT_EQ(bars.reach(), reach);
    QTest::mouseRelease(&bars, Qt::LeftButton, {}, QPoint(at(2, 0).x(), -500));
    EXPECT_GT(bars.reach(), reach);
}

TEST_F(LogitBarsTest, KeysChooseChangeAndRemove) {
    QSignalSpy removed(&bars, &LogitBars::removeRequested);
    bars.setFocus(Qt::TabFocusReason);
    QTest::keyClick(&bars, Qt::Key_End);
    EXPECT_EQ(bars.current(), 2);
    QTest::keyPress(&bars, Qt::Key_Up);
    QTest::keyPress(&bars, Qt::Key_Up);
    QTest::keyRelease(&bars, Qt::Key_Up);
    EXPECT_EQ(started.count(), 1);
    EXPECT_EQ(ended.count(), 1);
    EXPECT_NEAR(bars.values()[2], 2.2, 1e-12);
    QTest::keyClick(&bars, Qt::Key_Delete);
    ASSERT_EQ(removed.count(), 1);
    EXPECT_EQ(removed.front().front().toInt(), 2);
}

TEST_F(LogitBarsTest, ADoubleClickTypes) {
    QSignalSpy typed(&bars, &LogitBars::typed);
    QTest::mouseDClick(&bars, Qt::LeftButton, {}, at(0, 0.5));
    auto* edit = bars.findChild<ValueEdit*>(QStringLiteral("logitBars.value"));
    ASSERT_NE(edit, nullptr);
    type(edit, QStringLiteral("nan"));
    EXPECT_TRUE(edit->isInvalid());
    EXPECT_EQ(typed.count(), 0);
    type(edit, QStringLiteral("-7.25"));
    ASSERT_EQ(typed.count(), 1);
    EXPECT_EQ(typed.front()[0].toInt(), 0);
    EXPECT_EQ(typed.front()[1].toDouble(), -7.25);
}

TEST_F(LogitBarsTest, HugeAndManyNumbersAreDrawn) {
    const double largest = std::numeric_limits<double>::max();
    set({largest, -largest, 0, 1e300});
    EXPECT_FALSE(bars.grab().isNull());
    set(std::vector<double>(1024, -0.5));
    EXPECT_FALSE(bars.grab().isNull());
    EXPECT_EQ(bars.barAt(bars.barRect(1000).center()), 1000);
}

}  // namespace
}  // namespace attn::ui
