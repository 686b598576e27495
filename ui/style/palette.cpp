#include "ui/style/palette.h"

#include <QPalette>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

Palette lightPalette() {
    Palette p{};
    p.theme = Theme::Light;
    p.ground = QColor(0xf6f7f9);
    p.card = QColor(0xffffff);
    p.line = QColor(0xdfe3e8);
    p.text = QColor(0x1c2430);
    p.muted = QColor(0x5b6572);
    p.accent = QColor(0x334155);
    p.accentText = QColor(0xffffff);
    p.query = QColor(0x005f99);
    p.key = QColor(0xb34700);
    p.value = QColor(0x00704f);
    p.output = QColor(0x9c3f74);
    p.field = QColor(0xf6f7f9);
    p.chip = QColor(0xedf0f4);
    p.chipHover = QColor(0xe1e6ec);
    p.hover = QColor(0xeef1f4);
    p.selection = QColor(0xcfdbe8);
    p.disabled = QColor(0x98a1ac);
    p.track = QColor(0xdfe3e8);
    p.focus = QColor(0x4a6fa5);
    p.toy = QColor(0x475569);
    p.toyGround = QColor(0xe9edf2);
    p.edited = QColor(0x8a5a00);
    p.editedGround = QColor(0xfbf0d9);
    p.trained = QColor(0x00653f);
    p.trainedGround = QColor(0xe3f4ea);
    p.warning = QColor(0xa8321f);
    p.warningGround = QColor(0xfbe9e5);
    p.masked = QColor(0xedf0f3);
    p.maskedHatch = QColor(0xcbd2da);
    p.positive = QColor(0x2166ac);
    p.negative = QColor(0xb2182b);
    p.bar = QColor(0xa0a7b1);
    p.series = {QColor(0x1f5fa8), QColor(0xb3541e), QColor(0x1b7a4b), QColor(0x8e3b8a),
                QColor(0x8a6d00), QColor(0x0b7285), QColor(0xb0304f), QColor(0x5b5f97)};
    return p;
}

Palette darkPalette() {
    Palette p{};
    p.theme = Theme::Dark;
    p.ground = QColor(0x14171c);
    p.card = QColor(0x1c2128);
    p.line = QColor(0x2d343d);
    p.text = QColor(0xe6e9ee);
    p.muted = QColor(0x98a2b0);
    p.accent = QColor(0xcbd5e1);
    p.accentText = QColor(0x14171c);
    p.query = QColor(0x56b4e9);
    p.key = QColor(0xff9e4a);
    p.value = QColor(0x34c99a);
    p.output = QColor(0xe39cc4);
    p.field = QColor(0x14171c);
    p.chip = QColor(0x262c35);
    p.chipHover = QColor(0x323a45);
    p.hover = QColor(0x272d36);
    p.selection = QColor(0x3a4a5e);
    p.disabled = QColor(0x6a7480);
    p.track = QColor(0x333b45);
    p.focus = QColor(0x8fb4e3);
    p.toy = QColor(0xb6c0cc);
    p.toyGround = QColor(0x2a313b);
    p.edited = QColor(0xf0c060);
    p.editedGround = QColor(0x3a3017);
    p.trained = QColor(0x4fd39a);
    p.trainedGround = QColor(0x1b3326);
    p.warning = QColor(0xff8f7d);
    p.warningGround = QColor(0x3d221e);
    p.masked = QColor(0x242a32);
    p.maskedHatch = QColor(0x3d4651);
    p.positive = QColor(0x5fa8ec);
    p.negative = QColor(0xf0796b);
    p.bar = QColor(0x5f6874);
    p.series = {QColor(0x6ea8fe), QColor(0xffa066), QColor(0x5fd39a), QColor(0xd79be0),
                QColor(0xe3c04f), QColor(0x56c7d9), QColor(0xff8fa3), QColor(0xa9aef0)};
    return p;
}

double luminance(const QColor& color) {
    const auto linear = [](int value) {
        const double channel = value / 255.0;
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue());
}

}  // namespace

const QColor& Palette::role(Role role) const {
    switch (role) {
        case Role::Query:
            return query;
        case Role::Key:
            return key;
        case Role::Value:
            return value;
        case Role::Output:
            return output;
        case Role::None:
            break;
    }
    return text;
}

const Palette& palette(Theme theme) {
    static const Palette light = lightPalette();
    static const Palette dark = darkPalette();
    return theme == Theme::Dark ? dark : light;
}

Theme themeOf(const QPalette& palette) {
    return palette.color(QPalette::Active, QPalette::Window).lightness() <
                   palette.color(QPalette::Active, QPalette::WindowText).lightness()
               ? Theme::Dark
               : Theme::Light;
}

const Palette& paletteFor(const QWidget& widget) {
    // A style sheet changes most roles of the widgets it styles ("background: transparent" is black to
    // lightness()): Link stays as the theme set it.
    const Palette& dark = palette(Theme::Dark);
    return widget.palette().color(QPalette::Active, QPalette::Link) == dark.query ? dark
                                                                                  : palette(Theme::Light);
}

QPalette qtPalette(const Palette& p) {
    QPalette q;
    q.setColor(QPalette::Window, p.ground);
    q.setColor(QPalette::WindowText, p.text);
    q.setColor(QPalette::Base, p.card);
    q.setColor(QPalette::AlternateBase, p.ground);
    q.setColor(QPalette::Text, p.text);
    q.setColor(QPalette::PlaceholderText, p.muted);
    q.setColor(QPalette::Button, p.card);
    q.setColor(QPalette::ButtonText, p.text);
    q.setColor(QPalette::BrightText, p.warning);
    q.setColor(QPalette::ToolTipBase, p.card);
    q.setColor(QPalette::ToolTipText, p.text);
    q.setColor(QPalette::Highlight, p.selection);
    q.setColor(QPalette::HighlightedText, p.text);
    q.setColor(QPalette::Link, p.query);
    q.setColor(QPalette::LinkVisited, p.output);
    q.setColor(QPalette::Light, p.card);
    q.setColor(QPalette::Midlight, p.hover);
    q.setColor(QPalette::Mid, p.line);
    q.setColor(QPalette::Dark, p.muted);
    q.setColor(QPalette::Shadow, p.line);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        q.setColor(QPalette::Disabled, role, p.disabled);
    return q;
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace attn::ui
