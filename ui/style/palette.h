#pragma once
/// The one table of colours: everything that is painted or styled takes its colour from here.

#include <QColor>

#include <array>
#include <cstdint>

class QPalette;
class QWidget;

namespace attn::ui {

enum class Theme : std::uint8_t { Light, Dark };

/// What a colour stands for in attention. The same everywhere: in text, in outlines, in the stage bar.
enum class Role : std::uint8_t { None, Query, Key, Value, Output };

struct Palette {
    Theme theme;
    // The ground and what lies on it.
    QColor ground, card, line, text, muted;
    QColor accent;      ///< a neutral slate, never taken for a role
    QColor accentText;  ///< on accent
    // Roles of attention, safe for text on ground and card.
    QColor query, key, value, output;
    // States of controls.
    QColor field;  ///< inside of line edits, segments and scroll bars
    QColor chip;   ///< a token at rest
    QColor chipHover;
    QColor hover;      ///< a control under the pointer
    QColor selection;  ///< behind selected text
    QColor disabled;   ///< text of what cannot be used now
    QColor track;      ///< a slider's or bar's groove
    QColor focus;      ///< the keyboard's ring
    // Where numbers come from, and what went wrong.
    QColor toy, toyGround, edited, editedGround, trained, trainedGround;
    QColor warning, warningGround;
    // Inside plots.
    QColor masked, maskedHatch;    ///< a masked cell and its hatching
    QColor positive, negative;     ///< signs of small bars: the ends of the diverging map
    QColor bar;                    ///< a weight's bar that is not selected
    std::array<QColor, 8> series;  ///< curves side by side; text in these colours can be read

    [[nodiscard]] const QColor& role(Role role) const;  ///< None: text
};

[[nodiscard]] const Palette& palette(Theme theme);
/// The palette that fits a widget's own QPalette: no global state, and right inside a preview of the other
/// theme.
[[nodiscard]] const Palette& paletteFor(const QWidget& widget);
[[nodiscard]] Theme themeOf(const QPalette& palette);
[[nodiscard]] QPalette qtPalette(const Palette& palette);

/// (lighter + 0.05) / (darker + 0.05) of relative luminances, 1 … 21 (WCAG 2).
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

}  // namespace attn::ui
