// The brush for the mask: strokes over cells, which may each stand for several pairs of tokens.
#include "core/pipeline/mask.h"
#include "core/trace/shown_tokens.h"
#include "ui/model/scene_document.h"
#include "ui/plot/heat_map.h"
#include "ui/views/explore_toolbar.h"
#include "ui/views/explore_view.h"

#include <QEvent>
#include <QMouseEvent>

namespace attn::ui {

void ExploreView::startPainting(const MatrixCell& cell) {
    const SiteInfo* shown = site();
    if (shown == nullptr || !cell.isValid() || !isTokenByToken(m_key)) return;
    const MaskPlan& plan = m_document->shownTrace()->maskOf(m_key);
    if (cell.row >= plan.queries || cell.column >= plan.keys) return;
    const Trace& trace = *m_document->trace();
    Stroke stroke;
    stroke.allowed = !plan.allowed(cell.row, cell.column);
    stroke.rule = planMask(trace.parameters(*shown), {}, shown->name, trace.queryTokens(*shown),
                           trace.keyTokens(*shown));
    m_stroke = std::move(stroke);
    m_document->beginGesture(m_stroke->allowed ? tr("Allow cells by hand") : tr("Mask cells by hand"));
}

void ExploreView::paint(const MatrixCell& cell) {
    if (!m_stroke || !cell.isValid()) return;
    const MaskPlan& rule = m_stroke->rule;
    const TokenRun queries = tokensAt(*m_document->shownTrace(), m_key, Axis::Queries, cell.row);
    const TokenRun keys = tokensAt(*m_document->shownTrace(), m_key, Axis::Keys, cell.column);
    if (queries.first + queries.count > rule.queries || keys.first + keys.count > rule.keys) return;
    for (Index query = queries.first; query < queries.first + queries.count; ++query) {
        for (Index key = keys.first; key < keys.first + keys.count; ++key) {
            // What the rule says anyway needs no paint.
            const bool byRule = rule.allowed(query, key) == m_stroke->allowed;
            m_document->paintCell(static_cast<int>(query), static_cast<int>(key),
                                  byRule ? std::nullopt : std::optional<bool>(m_stroke->allowed));
        }
    }
}

void ExploreView::stopPainting() {
    if (m_altPainting) {
        m_altPainting = false;
        m_heatMap->setPaintMode(m_toolbar->paintMode());
    }
    if (!m_stroke) return;
    m_stroke.reset();
    m_document->endGesture();
}

bool ExploreView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_heatMap && event->type() == QEvent::MouseButtonPress && !m_heatMap->paintMode()) {
        const auto* mouse = static_cast<const QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton && mouse->modifiers().testFlag(Qt::AltModifier) &&
            isTokenByToken(m_key)) {
            m_altPainting = true;
            m_heatMap->setPaintMode(true);
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace attn::ui
