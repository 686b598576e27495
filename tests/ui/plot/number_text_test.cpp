#include "ui/plot/number_text.h"

#include "ui/style/fonts.h"

#include <QImage>
#include <QPainter>
#include <gtest/gtest.h>

namespace attn::ui {

void PrintTo(const QString& text, std::ostream* out) {
    *out << text.toStdString();
}

namespace {

QString probability(double value) {
    return numberText(value, {2, false, true});
}

TEST(NumberText, ProbabilitiesHaveNoLeadingZero) {
    EXPECT_EQ(probability(0.05), QStringLiteral(".05"));
    EXPECT_EQ(probability(0.554), QStringLiteral(".55"));
    EXPECT_EQ(probability(0.0004), QStringLiteral(".00"));
    EXPECT_EQ(probability(0.0), QStringLiteral("0"));
    EXPECT_EQ(probability(1.0), QStringLiteral("1"));
    // Rounded to 1, but not 1: told apart from it, and from .99.
    EXPECT_EQ(probability(0.9960), QStringLiteral("1.0"));
    EXPECT_EQ(probability(0.9949), QStringLiteral(".99"));
}

TEST(NumberText, SignedNumbersHaveARealMinusAndNoNegativeZero) {
    EXPECT_EQ(numberText(-0.314, {2}), QStringLiteral("−0.31"));
    EXPECT_EQ(numberText(-0.001, {2}), QStringLiteral("0.00"));
    EXPECT_EQ(numberText(123.4, {0}), QStringLiteral("123"));
    EXPECT_EQ(numberText(-2.5e-5, {1, true}), QStringLiteral("−2.5e−5"));
    EXPECT_EQ(numberText(1e30, {1, true}), QStringLiteral("1.0e30"));
    // A format made for smaller numbers still says the right thing.
    EXPECT_EQ(numberText(-1e30, {2}), QStringLiteral("−1.00e30"));
}

TEST(NumberText, ShortNumbersHaveAboutThreeDigits) {
    EXPECT_EQ(shortNumber(0.5541), QStringLiteral("0.554"));
    EXPECT_EQ(shortNumber(0.5), QStringLiteral("0.5"));
    EXPECT_EQ(shortNumber(-13.44), QStringLiteral("−13.4"));
    EXPECT_EQ(shortNumber(1200), QStringLiteral("1200"));
    EXPECT_EQ(shortNumber(0.0000123), QStringLiteral("1.2e−5"));
    EXPECT_EQ(shortNumber(1e30), QStringLiteral("1.0e30"));
    EXPECT_EQ(shortNumber(0), QStringLiteral("0"));
}

TEST(NumberText, FormatTakesTheRoomThereIs) {
    EXPECT_FALSE(numberFormat(Quantity::Probability, 0, 1, 1));
    EXPECT_EQ(numberFormat(Quantity::Probability, 0, 1, 3)->decimals, 2);
    EXPECT_FALSE(numberFormat(Quantity::Signed, -2, 2, 2));
    EXPECT_EQ(numberFormat(Quantity::Signed, -2, 2, 3)->decimals, 1);
    EXPECT_EQ(numberFormat(Quantity::Signed, -2, 2, 9)->decimals, 2);
    EXPECT_EQ(numberFormat(Quantity::Signed, -200, 200, 9)->decimals, 0);
    EXPECT_TRUE(numberFormat(Quantity::Signed, -1e6, 1e6, 9)->scientific);
    EXPECT_FALSE(numberFormat(Quantity::Signed, -1e6, 1e6, 4));
}

TEST(NumberText, EveryNumberFitsTheFormatThatWasChosenForItsRange) {
    for (const double size : {0.001, 0.04, 0.3, 2.0, 9.99, 10.0, 55.0, 99.9, 700.0, 9999.0, 1e4, 3e7, 1e30})
        for (int characters = 1; characters < 12; ++characters) {
            const std::optional<NumberFormat> format =
                numberFormat(Quantity::Signed, -size, size, characters);
            if (!format) continue;
            for (const double part : {-1.0, -0.7, -0.3, 0.2, 0.5, 0.9}) {
                const double value = part * size;
                if (format->scientific && std::abs(value) < 1e-9) continue;
                const QString text = numberText(value, *format);
                EXPECT_LE(text.size() - text.count(u'.'), characters + (format->scientific ? 1 : 0))
                    << text.toStdString() << " size " << size;
            }
        }
}

TEST(NumberText, BatchPaintsAllItsNumbers) {
    NumberBatch batch(textFont(12));
    QImage image(60, 40, QImage::Format_RGB32);
    image.fill(Qt::gray);
    const QImage before = image;
    batch.add(-1.25, {2}, {30, 20}, true);
    batch.add(std::numeric_limits<double>::quiet_NaN(), {2}, {30, 5}, true);
    QPainter painter(&image);
    batch.paint(painter, Qt::white, Qt::black, false);
    painter.end();
    EXPECT_NE(image, before);
    // Around the point it was asked for; nothing where the NaN would be.
    EXPECT_EQ(image.copy(0, 0, 60, 12), before.copy(0, 0, 60, 12));
    EXPECT_EQ(image.copy(0, 28, 60, 12), before.copy(0, 28, 60, 12));
}

}  // namespace
}  // namespace attn::ui
