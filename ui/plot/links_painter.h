#pragma once
/// Paints a picture of links with a QPainter: on the screen as a cached picture, in figures as vectors.

#include "ui/plot/links_layout.h"
#include "ui/style/palette.h"

class QPainter;

namespace attn::ui {

/// All lines, the weakest first. Lines that lie outside of `visible` are left out.
void paintLinkLines(QPainter& painter, const std::vector<LinkLine>& lines, const LinksLayout& layout,
                    const Palette& palette, const QRectF& visible);
/// Tokens, the titles of both sides and the legend; with a focus its tokens are marked and weights stand
/// beside them.
void paintLinkTokens(QPainter& painter, const LinksData& data, const LinksLayout& layout,
                     const Palette& palette, const LinksFocus* focus, const QRectF& visible);

}  // namespace attn::ui
