#include "ui/panels/parameter_panel.h"

#include "tests/ui/wait.h"
#include "ui/model/scene_document.h"
#include "ui/panels/badge.h"
#include "ui/panels/parameter_editor.h"
#include "ui/panels/parameter_label.h"
#include "ui/panels/segmented_control.h"
#include "ui/panels/switch.h"
#include "ui/panels/value_edit.h"
#include "ui/panels/value_slider.h"
#include "ui/style/fonts.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

QString nameOf(const char* key, const char* part = "") {
    return QStringLiteral("parameter.") + QString::fromLatin1(key) + QString::fromLatin1(part);
}

class ParameterPanelTest : public testing::Test {
protected:
    ParameterPanelTest() {
        panel.resize(256, 900);
        panel.show();
        QCoreApplication::processEvents();
    }

    template <typename T>
    T* child(const QString& name) {
        T* found = panel.findChild<T*>(name);
        EXPECT_NE(found, nullptr) << name.toStdString();
        return found;
    }
    ParameterValue value(ParameterId id) { return document.parameters().get(id); }
    void type(const char* key, const char* text) {
        auto* edit = child<ValueEdit>(nameOf(key, ".value"));
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, QString::fromUtf8(text));
        QTest::keyClick(edit, Qt::Key_Return);
    }
    static QPoint handleAt(const ValueSlider& slider, double share) {
        return {static_cast<int>(share * (slider.width() - 1)), slider.height() / 2};
    }
    static void drag(ValueSlider& slider, double to) {
        QTest::mousePress(&slider, Qt::LeftButton, {}, handleAt(slider, 0.3));
        for (int i = 1; i <= 5; ++i) QTest::mouseMove(&slider, handleAt(slider, 0.3 + (to - 0.3) * i / 5));
        QTest::mouseRelease(&slider, Qt::LeftButton, {}, handleAt(slider, to));
    }

    SceneDocument document;
    ParameterPanel panel{&document};
};

TEST_F(ParameterPanelTest, HasAnEditorForEveryParameterInTheOrderOfTheTable) {
    std::size_t i = 0;
    for (const ParameterSpec& each : parameterTable()) {
        if (each.editor != EditorPlace::Controls) continue;
        ASSERT_LT(i, panel.editors().size());
        EXPECT_EQ(panel.editors()[i]->spec().id, each.id);
        EXPECT_EQ(panel.editors()[i]->objectName(), nameOf(each.key));
        ++i;
    }
    EXPECT_EQ(panel.editors().size(), i);
    EXPECT_EQ(panel.findChild<QWidget*>(nameOf("sampling_temperature")), nullptr)
        << "it stands beside the predictions";
}

TEST_F(ParameterPanelTest, EveryControlIsNamedExplainedAndReachable) {
    for (const ParameterEditor* editor : panel.editors()) {
        int controls = 0;
        for (QWidget* each : editor->findChildren<QWidget*>()) {
            if ((each->focusPolicy() & Qt::TabFocus) == 0) continue;
            ++controls;
            EXPECT_FALSE(each->accessibleName().isEmpty()) << each->objectName().toStdString();
            EXPECT_FALSE(each->toolTip().isEmpty()) << each->objectName().toStdString();
            EXPECT_TRUE(each->objectName().startsWith(editor->objectName()))
                << each->objectName().toStdString();
        }
        EXPECT_GT(controls, 0) << editor->spec().key;
        EXPECT_NE(editor->label()->buddy(), nullptr) << editor->spec().key;
        EXPECT_TRUE(editor->label()->toolTip().contains(QString::fromLatin1(editor->spec().key)));
    }
}

TEST_F(ParameterPanelTest, EveryChoiceReachesTheDocument) {
    for (const ParameterSpec& each : parameterTable()) {
        if (each.choices.empty() || each.editor != EditorPlace::Controls) continue;
        for (std::size_t i = each.choices.size(); i-- > 0;) {
            const char* choice = each.choices[i].value;
            child<QPushButton>(nameOf(each.key, ".") + QString::fromLatin1(choice))->click();
            EXPECT_EQ(value(each.id), ParameterValue(std::string(choice))) << each.key;
        }
    }
}

TEST_F(ParameterPanelTest, EverySliderReachesBothEnds) {
    document.setParameter(ParameterId::Score, std::string("additive"));
    for (const char* mask : {"local", "padding"}) {
        document.setParameter(ParameterId::Mask, std::string(mask));
        QCoreApplication::processEvents();
        int tried = 0;
        for (const ParameterSpec& each : parameterTable()) {
            auto* slider = panel.findChild<ValueSlider*>(nameOf(each.key, ".slider"));
            if (slider == nullptr || !slider->isVisible() || each.kind == ParameterKind::ChoiceOrReal)
                continue;
            ++tried;
            for (const double end : {1.0, 0.0}) {
                drag(*slider, end);
                const double wanted = end > 0 ? each.maximum : each.minimum;
                const ParameterValue expected = each.kind == ParameterKind::Integer
                                                    ? ParameterValue(static_cast<std::int64_t>(wanted))
                                                    : ParameterValue(wanted);
                EXPECT_EQ(value(each.id), expected) << each.key;
            }
        }
        EXPECT_GE(tried, 7);
    }
}

TEST_F(ParameterPanelTest, ADragIsOneUndoStepAndFiresWhileItLasts) {
    auto* slider = child<ValueSlider>(nameOf("temperature", ".slider"));
    QSignalSpy changes(&document, &SceneDocument::inputsChanged);
    QTest::mousePress(slider, Qt::LeftButton, {}, handleAt(*slider, 0.5));
    for (const double share : {0.6, 0.7, 0.8}) QTest::mouseMove(slider, handleAt(*slider, share));
    EXPECT_GE(changes.count(), 3);
    EXPECT_TRUE(document.inGesture());
    QTest::mouseRelease(slider, Qt::LeftButton, {}, handleAt(*slider, 0.8));
    EXPECT_FALSE(document.inGesture());
    EXPECT_GT(std::get<double>(value(ParameterId::Temperature)), 5);
    EXPECT_EQ(document.undoStack()->count(), 1);
    document.undoStack()->undo();
    EXPECT_EQ(value(ParameterId::Temperature), ParameterValue(1.0));
    EXPECT_EQ(slider->number(), 1.0);
    EXPECT_EQ(child<ValueEdit>(nameOf("temperature", ".value"))->text(), QStringLiteral("1.00"));
}

TEST_F(ParameterPanelTest, AHeldArrowKeyIsOneUndoStep) {
    auto* slider = child<ValueSlider>(nameOf("heads", ".slider"));
    slider->setFocus();
    for (int i = 0; i < 3; ++i) {
        QKeyEvent press(QEvent::KeyPress, Qt::Key_Right, Qt::NoModifier, QString(), i > 0);
        QCoreApplication::sendEvent(slider, &press);
    }
    QKeyEvent release(QEvent::KeyRelease, Qt::Key_Right, Qt::NoModifier);
    QCoreApplication::sendEvent(slider, &release);
    EXPECT_EQ(value(ParameterId::Heads), ParameterValue(std::int64_t{7}));
    EXPECT_EQ(document.undoStack()->count(), 1);
    QTest::keyClick(slider, Qt::Key_End);
    EXPECT_EQ(value(ParameterId::Heads), ParameterValue(std::int64_t{32}));
    QTest::keyClick(slider, Qt::Key_Home);
    EXPECT_EQ(value(ParameterId::Heads), ParameterValue(std::int64_t{1}));
}

TEST_F(ParameterPanelTest, AGestureEndsWhereItsSliderDisappears) {
    auto* slider = child<ValueSlider>(nameOf("temperature", ".slider"));
    QTest::mousePress(slider, Qt::LeftButton, {}, handleAt(*slider, 0.5));
    panel.hide();
    EXPECT_FALSE(document.inGesture());
}

TEST_F(ParameterPanelTest, TheWheelScrollsThePanelAndNotASliderUnderIt) {
    panel.resize(256, 300);
    QCoreApplication::processEvents();
    auto* slider = child<ValueSlider>(nameOf("temperature", ".slider"));
    const auto turn = [&] {
        const QPointF centre = slider->rect().center();
        QWheelEvent wheel(centre, slider->mapToGlobal(centre), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(slider, &wheel);
        return wheel.isAccepted();
    };
    slider->clearFocus();
    EXPECT_FALSE(turn());  // left to the panel
    EXPECT_EQ(value(ParameterId::Temperature), ParameterValue(1.0));
    slider->setFocus();
    if (!slider->hasFocus()) GTEST_SKIP() << "this platform gives no focus";
    EXPECT_TRUE(turn());
    EXPECT_LT(std::get<double>(value(ParameterId::Temperature)), 1.0);
}

TEST_F(ParameterPanelTest, TypedNumbersAreTakenOrRefusedWithAReason) {
    type("temperature", "0.125");
    EXPECT_EQ(value(ParameterId::Temperature), ParameterValue(0.125));
    EXPECT_EQ(child<ValueEdit>(nameOf("temperature", ".value"))->text(), QStringLiteral("0.125"));

    auto* edit = child<ValueEdit>(nameOf("heads", ".value"));
    auto* message = child<QLabel>(nameOf("heads", ".message"));
    for (const char* bad : {"0", "33", "2.5", "many", "nan", "-1e300"}) {
        type("heads", bad);
        EXPECT_EQ(value(ParameterId::Heads), ParameterValue(std::int64_t{4})) << bad;
        EXPECT_TRUE(edit->isInvalid()) << bad;
        EXPECT_TRUE(message->isVisible()) << bad;
        EXPECT_TRUE(message->text().contains(QStringLiteral("heads"))) << message->text().toStdString();
        EXPECT_FALSE(message->text().contains(u'\n'));
    }
    QTest::keyClick(edit, Qt::Key_Escape);
    EXPECT_EQ(edit->text(), QStringLiteral("4"));
    EXPECT_FALSE(edit->isInvalid());
    EXPECT_FALSE(message->isVisible());
    type("heads", "+8");
    EXPECT_EQ(value(ParameterId::Heads), ParameterValue(std::int64_t{8}));
    EXPECT_EQ(edit->text(), QStringLiteral("8"));
}

TEST_F(ParameterPanelTest, ArrowKeysStepATypedValue) {
    auto* edit = child<ValueEdit>(nameOf("position_strength", ".value"));
    QTest::keyClick(edit, Qt::Key_Up);
    EXPECT_EQ(value(ParameterId::PositionStrength), ParameterValue(1.01));
    QTest::keyClick(edit, Qt::Key_PageDown);
    EXPECT_EQ(value(ParameterId::PositionStrength), ParameterValue(0.81));
}

TEST_F(ParameterPanelTest, ADoubleClickOnTheLabelResetsAndCanBeUndone) {
    for (const ParameterSpec& each : parameterTable()) {
        if (each.kind != ParameterKind::Toggle) continue;
        child<Switch>(nameOf(each.key, ".value"))->click();
        EXPECT_EQ(value(each.id), ParameterValue(!std::get<bool>(each.defaultValue)));
    }
    document.setParameter(ParameterId::Temperature, 7.5);
    document.setParameter(ParameterId::Mask, std::string("causal"));
    document.setParameter(ParameterId::Scale, 0.5);
    for (const ParameterEditor* editor : panel.editors()) {
        QTest::mouseDClick(editor->label(), Qt::LeftButton);
        EXPECT_EQ(value(editor->spec().id), editor->spec().defaultValue) << editor->spec().key;
    }
    EXPECT_EQ(document.parameters(), Parameters());
    document.undoStack()->undo();
    EXPECT_FALSE(document.parameters() == Parameters());
}

TEST_F(ParameterPanelTest, OwnScaleBeginsWhereTheChoiceStood) {
    auto* own = child<QPushButton>(nameOf("scale", ".own"));
    auto* slider = child<ValueSlider>(nameOf("scale", ".slider"));
    EXPECT_FALSE(slider->isVisible());
    own->click();
    EXPECT_EQ(value(ParameterId::Scale), ParameterValue(0.25));  // 1/√16
    EXPECT_TRUE(slider->isVisible());
    drag(*slider, 1.0);
    EXPECT_EQ(value(ParameterId::Scale), ParameterValue(10.0));
    type("scale", "-250.5");  // beyond the slider, within the range
    EXPECT_EQ(value(ParameterId::Scale), ParameterValue(-250.5));
    EXPECT_EQ(slider->number(), -250.5);
    EXPECT_EQ(slider->value(), 0);
    child<QPushButton>(nameOf("scale", ".none"))->click();
    EXPECT_EQ(value(ParameterId::Scale), ParameterValue(std::string("none")));
    EXPECT_FALSE(slider->isVisible());
}

TEST_F(ParameterPanelTest, IdentityProjectionsShowWhatTheyFix) {
    document.setParameter(ParameterId::Projections, std::string("identity"));
    auto* edit = child<ValueEdit>(nameOf("d_k", ".value"));
    EXPECT_FALSE(edit->isEnabled());
    EXPECT_TRUE(edit->isVisible());
    EXPECT_EQ(edit->text(), QStringLiteral("64"));
    EXPECT_EQ(child<ValueEdit>(nameOf("heads", ".value"))->text(), QStringLiteral("1"));
    EXPECT_TRUE(edit->toolTip().contains(QStringLiteral("identity")));
    document.setParameter(ParameterId::DModel, std::int64_t{128});
    EXPECT_EQ(edit->text(), QStringLiteral("128"));
    document.setParameter(ParameterId::Projections, std::string("random"));
    EXPECT_TRUE(edit->isEnabled());
    EXPECT_EQ(edit->text(), QStringLiteral("16"));
}

TEST_F(ParameterPanelTest, ParametersOfOneChoiceAppearWithIt) {
    auto* window = child<QWidget>(nameOf("mask_window"));
    EXPECT_FALSE(window->isVisible());
    child<QPushButton>(nameOf("mask", ".local"))->click();
    EXPECT_TRUE(window->isVisible());
    child<QPushButton>(nameOf("mask", ".none"))->click();
    EXPECT_FALSE(window->isVisible());
}

TEST_F(ParameterPanelTest, TheDieTakesTheNextSeedAndTurnsOverAtTheEnd) {
    auto* die = child<QToolButton>(nameOf("seed", ".next"));
    EXPECT_EQ(panel.findChild<ValueSlider*>(nameOf("seed", ".slider")), nullptr);
    die->click();
    EXPECT_EQ(value(ParameterId::Seed), ParameterValue(std::int64_t{2}));
    type("seed", "4294967295");
    EXPECT_EQ(value(ParameterId::Seed), ParameterValue(std::int64_t{4294967295}));
    die->click();
    EXPECT_EQ(value(ParameterId::Seed), ParameterValue(std::int64_t{0}));
}

TEST_F(ParameterPanelTest, FollowsTheDocumentWithoutAnswering) {
    QSignalSpy changes(&document, &SceneDocument::inputsChanged);
    Scene scene;
    for (const char* setting : {"temperature=3", "mask=local", "residual=false", "scale=0.5", "heads=12"}) {
        const std::string text = setting;
        const auto split = text.find('=');
        ASSERT_TRUE(scene.inputs.parameters.setFromText(text.substr(0, split), text.substr(split + 1)));
    }
    document.newScene(scene);
    EXPECT_EQ(changes.count(), 1);
    EXPECT_EQ(document.undoStack()->count(), 0);
    EXPECT_EQ(child<ValueSlider>(nameOf("temperature", ".slider"))->number(), 3);
    EXPECT_EQ(child<SegmentedControl>(nameOf("mask", ".choices"))->current(), QStringLiteral("local"));
    EXPECT_FALSE(child<Switch>(nameOf("residual", ".value"))->isChecked());
    EXPECT_EQ(child<ValueEdit>(nameOf("heads", ".value"))->text(), QStringLiteral("12"));
}

TEST_F(ParameterPanelTest, NothingSticksOutOfANarrowPanelAtAnyZoom) {
    const QFont before = QApplication::font();
    for (const double zoom : {1.0, 2.0, 2.5}) {
        for (const int width : {240, 300}) {
            QApplication::setFont(textFont(kBaseTextPx * zoom));
            panel.resize(width, 900);
            QCoreApplication::processEvents();
            const auto* scroll = child<QScrollArea>(QStringLiteral("parameterPanel.scroll"));
            EXPECT_LE(scroll->widget()->width(), scroll->viewport()->width()) << zoom << " " << width;
            for (const ParameterEditor* editor : panel.editors()) {
                if (editor->isVisible()) {
                    EXPECT_LE(editor->geometry().right(), scroll->viewport()->width()) << editor->spec().key;
                }
            }
        }
    }
    QApplication::setFont(before);
}

TEST_F(ParameterPanelTest, TheBadgeSaysWhereNumbersComeFrom) {
    auto* badge = child<Badge>(QStringLiteral("badge"));
    EXPECT_TRUE(badge->accessibleName().startsWith(QStringLiteral("toy model")));
    EXPECT_EQ(badge->property("badge").toString(), QStringLiteral("toy"));
    document.setParameter(ParameterId::Embeddings, std::string("words"));
    EXPECT_TRUE(badge->text().contains(QStringLiteral("counted from books")));
    EXPECT_TRUE(badge->text().contains(QStringLiteral("toy weights")));
    document.setParameter(ParameterId::Projections, std::string("identity"));
    EXPECT_FALSE(badge->text().contains(QStringLiteral("toy weights")));
}

TEST_F(ParameterPanelTest, PaintedCellsAreCountedAndThoseThatSleepCanGo) {
    Scene scene;
    scene.inputs.text = "the cat sat";
    scene.inputs.painted = {{"blocks.0", 0, 1, "the", "cat", false},
                            {"blocks.0", 1, 2, "it", "animal", false}};
    document.newScene(scene);
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_EQ(child<Badge>(QStringLiteral("badge"))->property("badge").toString(), QStringLiteral("edited"));
    auto* note = child<QLabel>(QStringLiteral("painted.sleeping.note"));
    EXPECT_TRUE(note->isVisible());
    EXPECT_TRUE(note->text().contains(QStringLiteral("it → animal"))) << note->text().toStdString();
    child<QPushButton>(QStringLiteral("painted.sleeping.remove"))->click();
    ASSERT_TRUE(waitForTrace(document));
    EXPECT_FALSE(note->isVisible());
    ASSERT_EQ(document.inputs().painted.size(), 1U);
    child<QPushButton>(QStringLiteral("painted.clear"))->click();
    EXPECT_TRUE(document.inputs().painted.empty());
    EXPECT_FALSE(child<QWidget>(QStringLiteral("painted"))->isVisible());
    EXPECT_EQ(child<Badge>(QStringLiteral("badge"))->property("badge").toString(), QStringLiteral("toy"));
}

TEST(SegmentedControlTest, FallsBackToTwoRowsAndThenToAColumn) {
    SegmentedControl control(QStringLiteral("test"));
    control.setSegments({{QStringLiteral("a"), QStringLiteral("additive"), {}},
                         {QStringLiteral("b"), QStringLiteral("bilinear"), {}},
                         {QStringLiteral("c"), QStringLiteral("cosine"), {}},
                         {QStringLiteral("d"), QStringLiteral("dot"), {}}});
    control.show();
    control.resize(600, 100);
    EXPECT_EQ(control.rows(), 1);
    control.resize(control.sizeHint().width() - 1, 100);
    EXPECT_EQ(control.rows(), 2);
    control.resize(control.minimumSizeHint().width(), 100);
    EXPECT_EQ(control.rows(), 4);

    QSignalSpy chosen(&control, &SegmentedControl::chosen);
    control.setCurrent(QStringLiteral("c"));
    EXPECT_EQ(chosen.count(), 0);
    control.button(QStringLiteral("b"))->click();
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen.front().front().toString(), QStringLiteral("b"));
    control.setCurrent(QStringLiteral("nothing"));
    EXPECT_TRUE(control.current().isEmpty());
}

}  // namespace
}  // namespace attn::ui
