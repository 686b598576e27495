#pragma once
/// Fonts and the text zoom. The application's font carries the zoom: a widget that asks for its own font's
/// size knows how far text is zoomed, without anyone telling it.

#include <QFont>

class QWidget;

namespace attn::ui {

inline constexpr int kBaseTextPx = 13;
inline constexpr double kMinZoom = 0.5, kMaxZoom = 2.5;

/// Inter, Noto Sans CJK SC (named, else Chinese beside Inter falls back to Japanese forms), then the
/// system's.
[[nodiscard]] QFont textFont(double px, int weight = QFont::Normal);

/// For columns of numbers and arithmetic: DejaVu Sans Mono, whose figures all have one width. (Inter's
/// tabular figures are an OpenType feature, which Qt 6.4 cannot switch on.)
[[nodiscard]] QFont numberFont(double px, int weight = QFont::Normal);

/// The factor by which a widget's text is zoomed: its font's size over 13 px.
[[nodiscard]] double textZoom(const QWidget& widget);

}  // namespace attn::ui
