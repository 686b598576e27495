#include "ui/panels/wheel_guard.h"

#include <QApplication>
#include <QComboBox>
#include <QScrollArea>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

struct WheelGuardTest : testing::Test {
    WheelGuard guard;
    QScrollArea area;
    QSlider* slider = nullptr;
    QSpinBox* number = nullptr;
    QComboBox* choice = nullptr;

    void SetUp() override {
        auto* page = new QWidget;
        slider = new QSlider(Qt::Horizontal, page);
        number = new QSpinBox(page);
        choice = new QComboBox(page);
        choice->addItems({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        slider->setValue(50);
        number->setValue(50);
        choice->setCurrentIndex(1);
        auto* column = new QVBoxLayout(page);
        for (QWidget* each :
             {static_cast<QWidget*>(slider), static_cast<QWidget*>(number), static_cast<QWidget*>(choice)}) {
            column->addWidget(each);
        }
        column->addSpacing(2000);
        area.setWidget(page);
        area.resize(300, 300);
        area.show();
        area.setFocus();
        QApplication::processEvents();
    }
    /// Whether it was taken; what was not is the page's behind it.
    static bool turn(QWidget* over) {
        const QPointF at = QRectF(over->rect()).center();
        QWheelEvent wheel(at, over->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(over, &wheel);
        return wheel.isAccepted();
    }
};

TEST_F(WheelGuardTest, AWheelOverAControlIsLeftToThePage) {
    for (QWidget* each :
         {static_cast<QWidget*>(slider), static_cast<QWidget*>(number), static_cast<QWidget*>(choice)}) {
        EXPECT_FALSE(turn(each)) << each->metaObject()->className();
        EXPECT_FALSE(each->hasFocus());
        EXPECT_EQ(each->focusPolicy(), Qt::StrongFocus);
    }
    EXPECT_EQ(slider->value(), 50);
    EXPECT_EQ(number->value(), 50);
    EXPECT_EQ(choice->currentIndex(), 1);
}

TEST_F(WheelGuardTest, WithTheKeyboardItTakesTheWheel) {
    QApplication::setActiveWindow(&area);
    number->setFocus();
    ASSERT_TRUE(number->hasFocus());
    EXPECT_TRUE(turn(number));
    EXPECT_EQ(number->value(), 49);
}

}  // namespace
}  // namespace attn::ui
