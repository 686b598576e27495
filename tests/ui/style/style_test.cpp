#include "ui/style/fonts.h"
#include "ui/style/style_sheet.h"
#include "ui/style/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTabBar>
#include <QToolButton>
#include <gtest/gtest.h>

namespace attn::ui {
namespace {

TEST(StyleSheet, HandlesOfSlidersStayRoundAtEverySizeOfText) {
    const auto length = [](const QString& rule, const char* name) {
        const QRegularExpression pattern(QStringLiteral("[{;]%1:-?(\\d+)px").arg(QLatin1String(name)));
        return pattern.match(rule).captured(1).toInt();
    };
    for (int percent = 50; percent <= 250; percent += 10) {
        const QString sheet = styleSheet(palette(Theme::Light), percent / 100.0);
        const QString rule =
            sheet.mid(sheet.indexOf(QStringLiteral("QSlider::handle:horizontal{"))).section(u'}', 0, 0);
        const QString groove =
            sheet.mid(sheet.indexOf(QStringLiteral("QSlider::groove:horizontal{"))).section(u'}', 0, 0);
        const int whole = length(rule, "width") + 2 * length(rule, "border");
        // Qt draws a radius of more than half as none.
        EXPECT_GT(length(rule, "border-radius"), 0) << percent;
        EXPECT_LE(2 * length(rule, "border-radius"), whole) << percent;
        EXPECT_GE(2 * length(rule, "border-radius"), whole - 1) << percent;
        EXPECT_LE(2 * length(groove, "border-radius"), length(groove, "height")) << percent;
        EXPECT_NEAR(2 * length(rule, "margin") + length(groove, "height"), whole, 1) << percent;
    }
}

TEST(Palette, TextIsReadable) {
    for (const Theme theme : {Theme::Light, Theme::Dark}) {
        const Palette& p = palette(theme);
        const auto readable = [&](const QColor& text, const QColor& ground, const char* what) {
            EXPECT_GE(contrast(text, ground), 4.5) << what << (theme == Theme::Dark ? " dark" : " light");
        };
        for (const QColor& ground : {p.ground, p.card, p.field, p.hover, p.chip}) {
            readable(p.text, ground, "text");
            readable(p.muted, ground, "muted");
        }
        for (const Role role : {Role::Query, Role::Key, Role::Value, Role::Output}) {
            readable(p.role(role), p.card, "role on card");
            readable(p.role(role), p.ground, "role on ground");
        }
        readable(p.card, p.query, "chip of the query");
        readable(p.accentText, p.accent, "accent");
        readable(p.text, p.selection, "selection");
        readable(p.toy, p.toyGround, "toy");
        readable(p.edited, p.editedGround, "edited");
        readable(p.trained, p.trainedGround, "trained");
        readable(p.warning, p.warningGround, "warning");
        readable(p.warning, p.card, "warning on card");
        // What is no text but must be seen: 3:1 (WCAG 2, 1.4.11).
        EXPECT_GE(contrast(p.focus, p.card), 3.0);
        EXPECT_GE(contrast(p.positive, p.card), 3.0);
        EXPECT_GE(contrast(p.negative, p.card), 3.0);
    }
}

TEST(Palette, KnowsTheThemeOfAWidget) {
    QLabel label;
    for (const Theme theme : {Theme::Dark, Theme::Light}) {
        label.setPalette(qtPalette(palette(theme)));
        EXPECT_EQ(paletteFor(label).theme, theme);
    }
}

TEST(StyleSheet, HasNoPlaceholderLeft) {
    for (const Theme theme : {Theme::Light, Theme::Dark})
        for (const double zoom : {0.5, 1.0, 2.5}) {
            const QString sheet = styleSheet(palette(theme), zoom);
            EXPECT_FALSE(sheet.contains(u'@'));
            EXPECT_EQ(sheet.count(u'{'), sheet.count(u'}'));
            // Every # begins a colour of six digits, every value is there.
            static const QRegularExpression broken(QStringLiteral("#(?![0-9a-f]{6}\\b)|:\\s*[;}]|(px){2}"));
            EXPECT_FALSE(sheet.contains(broken)) << broken.match(sheet).captured().toStdString();
        }
}

TEST(StyleSheet, ZoomsText) {
    EXPECT_TRUE(styleSheet(palette(Theme::Light), 1).contains(QStringLiteral("font-size:18px")));
    EXPECT_TRUE(styleSheet(palette(Theme::Light), 2).contains(QStringLiteral("font-size:36px")));
    EXPECT_EQ(styleSheet(palette(Theme::Light), 9), styleSheet(palette(Theme::Light), kMaxZoom));
}

TEST(ThemeController, AppliesOnceAndTellsOnce) {
    ThemeController controller;
    QSignalSpy changes(&controller, &ThemeController::changed);
    controller.apply(ThemeChoice::Dark, 2.0);
    QLabel label;
    EXPECT_EQ(paletteFor(label).theme, Theme::Dark);
    EXPECT_DOUBLE_EQ(textZoom(label), 2.0);
    controller.apply(ThemeChoice::Dark, 2.0);
    EXPECT_EQ(changes.size(), 1);
    controller.apply(ThemeChoice::Light, 1.0);
    QApplication::processEvents();
    EXPECT_EQ(changes.size(), 2);
    EXPECT_EQ(paletteFor(label).theme, Theme::Light);
    EXPECT_DOUBLE_EQ(textZoom(label), 1.0);
}

TEST(ThemeController, EveryKindOfWidgetFollows) {
    ThemeController controller;
    controller.apply(ThemeChoice::Light, 1.0);
    QWidget window;
    std::vector<QWidget*> widgets{
        new QLabel(&window),   new QPushButton(&window), new QLineEdit(&window),   new QSlider(&window),
        new QTabBar(&window),  new QMenuBar(&window),    new QScrollArea(&window), new QComboBox(&window),
        new QSpinBox(&window), new QFrame(&window),      new QToolButton(&window), new QScrollBar(&window)};
    widgets[9]->setProperty("card", true);
    widgets.push_back(new QWidget(widgets[9]));
    window.show();
    for (const ThemeChoice choice :
         {ThemeChoice::Dark, ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::Light}) {
        controller.apply(choice, 1.0);
        for (const QWidget* widget : widgets)
            EXPECT_EQ(paletteFor(*widget).theme, choice == ThemeChoice::Dark ? Theme::Dark : Theme::Light)
                << widget->metaObject()->className();
    }
}

TEST(ThemeController, FollowsThePlatformsPalette) {
    const QPalette before = QApplication::palette();
    QApplication::setPalette(qtPalette(palette(Theme::Dark)));
    EXPECT_EQ(ThemeController().systemTheme(), Theme::Dark);
    QApplication::setPalette(qtPalette(palette(Theme::Light)));
    EXPECT_EQ(ThemeController().systemTheme(), Theme::Light);
    QApplication::setPalette(before);
}

}  // namespace
}  // namespace attn::ui
