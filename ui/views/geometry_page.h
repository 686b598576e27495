#pragma once
/// What the Geometry page shows, worked out from a trace: points, captions and data, without widgets. The
/// window and `attention-lab export --view geometry` draw the same.

#include "core/analysis/geometry_file.h"
#include "core/scene/scene.h"
#include "core/trace/trace.h"
#include "ui/model/selection.h"
#include "ui/plot/geometry_data.h"
#include "ui/views/figure_source.h"
#include "ui/views/trace_adapter.h"

#include <QCoreApplication>
#include <QString>

#include <memory>

namespace attn::ui {

/// The numbers that the page is made from.
struct GeometryInputs {
    std::shared_ptr<const Geometry> plane;  ///< null: still being worked out
    TensorPtr q, k;                         ///< of the site, as its tokens are shown
    TensorPtr pattern;                      ///< of all tokens; null: no lines to the keys
    Index head = 0;
};

class GeometryPage {
    Q_DECLARE_TR_FUNCTIONS(attn::ui::GeometryPage)
public:
    GeometryPage() = default;
    /// Points are places where `shown` has its tokens (trace_adapter.h), `cell` speaks of tokens. Special
    /// ones may be hidden, and the plane is then that of the others; pieces of a word keep points of their
    /// own.
    GeometryPage(const Trace& shown, const SiteInfo& site, const GeometryInputs& from,
                 const GeometryView& view, const Cell& cell, TraceAdapter& adapter);

    [[nodiscard]] const GeometryData& data() const { return m_data; }
    /// q·k = ‖q‖ ‖k‖ cos θ of the pair that is looked at, or what to do to see it.
    [[nodiscard]] QString caption() const;
    /// How much of the vectors the plane shows.
    [[nodiscard]] QString note() const;
    /// "query ‘it’ · (0.31, −1.2) · length 1.24"
    [[nodiscard]] QString story(const GeometryPoint& point) const;
    [[nodiscard]] PageSource source() const;

private:
    [[nodiscard]] QString pairCaption() const;
    [[nodiscard]] QString planeNote() const;
    void addWeights(const Trace& shown, const SiteInfo& site, const TensorPtr& pattern, Index head);

    GeometryData m_data;
    GeometryLabels m_labels;
    ScoreKind m_score = ScoreKind::Dot;
    QString m_tokensNote;  ///< how tokens are shown, where not one by one
    bool m_hidesSome = false;
};

}  // namespace attn::ui
