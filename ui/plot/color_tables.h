#pragma once
/// Published colour tables.
///
/// viridis, magma: S. van der Walt, N. Smith (matplotlib, CC0); cividis: J. Nuñez, C. Anderton, R. Renslow
/// (2018). All three as 256 entries in matplotlib's _cm_listed.py. The control points of blues, greys and the
/// diverging map are ColorBrewer's Blues-9, Greys-9 and RdBu-11 (C. Brewer, M. Harrower, Pennsylvania State
/// University, Apache-2.0, https://colorbrewer2.org), joined by straight lines in sRGB as matplotlib does.

#include <QRgb>

#include <array>

namespace attn::ui::tables {

using Table = std::array<QRgb, 256>;

extern const Table kViridis, kCividis, kMagma;
extern const std::array<QRgb, 9> kBlues, kGreys;
extern const std::array<QRgb, 11> kRedBlue;      ///< for a light card: dark ends
extern const std::array<QRgb, 11> kRedBlueDark;  ///< for a dark card: bright ends (own, after RdBu's hues)

}  // namespace attn::ui::tables
