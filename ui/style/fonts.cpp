#include "ui/style/fonts.h"

#include <QFontInfo>
#include <QStringList>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

QFont fontOf(const QStringList& families, double px, int weight, QFont::StyleHint hint) {
    QFont font;
    font.setFamilies(families);
    font.setStyleHint(hint);
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(px))));
    font.setWeight(static_cast<QFont::Weight>(weight));
    return font;
}

}  // namespace

QFont textFont(double px, int weight) {
    static const QStringList families{QStringLiteral("Inter"), QStringLiteral("Noto Sans CJK SC"),
                                      QStringLiteral("Noto Color Emoji"), QStringLiteral("sans-serif")};
    return fontOf(families, px, weight, QFont::SansSerif);
}

QFont numberFont(double px, int weight) {
    static const QStringList families{QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")};
    return fontOf(families, px, weight, QFont::Monospace);
}

double textZoom(const QWidget& widget) {
    const int px = widget.font().pixelSize();
    return (px > 0 ? px : QFontInfo(widget.font()).pixelSize()) / static_cast<double>(kBaseTextPx);
}

}  // namespace attn::ui
