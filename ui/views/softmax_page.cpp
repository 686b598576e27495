#include "ui/views/softmax_page.h"

#include "core/experiment/experiment_file.h"
#include "ui/views/softmax_captions.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attn::ui {

static_assert(SaturationState::kMostLogits == experiment::kMaxLogits);
static_assert(SaturationState::kLeastScale == experiment::kLeastScale);
static_assert(SaturationState::kLargestScale == experiment::kLargestScale);

namespace {

using experiment::SaturationRow;

constexpr std::size_t kPoints = 241, kPointsOfMany = 121;
constexpr std::size_t kMany = 128;  ///< keys: from here on curves have fewer points

std::vector<SaturationRow> rowsAt(const std::vector<double>& logits, const std::vector<double>& scales) {
    auto rows = experiment::saturationCurves(logits, scales);
    return rows ? *std::move(rows) : std::vector<SaturationRow>();
}

bool saturatedAt(const std::vector<double>& logits, double scale) {
    const auto row = experiment::saturationRow(logits, scale);
    return row && row->measures.saturated;
}

/// Where between two scales the answer changes.
double boundary(const std::vector<double>& logits, double low, double high) {
    const bool first = saturatedAt(logits, low);
    for (int i = 0; i < 24; ++i) {
        const double middle = std::sqrt(low * high);
        (saturatedAt(logits, middle) == first ? low : high) = middle;
    }
    return std::sqrt(low * high);
}

std::vector<std::pair<double, double>> saturatedRegions(const std::vector<double>& logits,
                                                        const std::vector<SaturationRow>& rows) {
    std::vector<std::pair<double, double>> regions;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].measures.saturated) continue;
        const bool begins = i == 0 || !rows[i - 1].measures.saturated;
        if (begins) {
            const double low = i == 0 ? rows[0].scale : boundary(logits, rows[i - 1].scale, rows[i].scale);
            regions.emplace_back(low, rows[i].scale);
        }
        const bool ends = i + 1 < rows.size() && !rows[i + 1].measures.saturated;
        regions.back().second = ends ? boundary(logits, rows[i].scale, rows[i + 1].scale) : rows[i].scale;
    }
    return regions;
}

/// A linear axis shows where something happens: a third more than where the row saturates.
double linearEnd(const SoftmaxCurves& curves) {
    if (!curves.saturated.empty()) return std::clamp(1.35 * curves.saturated.front().first, 0.1, 1000.0);
    // Ties at the top never saturate: the others are gone where scale times distance is about 10.
    if (curves.groups.size() < 2) return 10;
    const double gap = curves.logits[curves.groups[0][0]] - curves.logits[curves.groups[1][0]];
    return std::isfinite(gap) && gap > 0 ? std::clamp(12 / gap, 0.1, 1000.0) : 1000;
}

std::vector<double> linearScales(double high, std::size_t count) {
    std::vector<double> scales;
    for (std::size_t i = 0; i < count; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(count - 1);
        scales.push_back(std::max(high * share, high * 1e-6));
    }
    return scales;
}

std::shared_ptr<const SoftmaxCurves> curvesOf(const SaturationState& state) {
    auto curves = std::make_shared<SoftmaxCurves>();
    const std::vector<double>& logits = state.logits;
    curves->logits = logits;
    curves->axis = state.axis;
    curves->order.resize(logits.size());
    std::iota(curves->order.begin(), curves->order.end(), std::size_t{0});
    std::stable_sort(curves->order.begin(), curves->order.end(),
                     [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
    for (const std::size_t key : curves->order) {
        const bool same = !curves->groups.empty() && logits[curves->groups.back().front()] == logits[key];
        if (!same) curves->groups.emplace_back();
        curves->groups.back().push_back(key);
    }
    const std::size_t points = logits.size() < kMany ? kPoints : kPointsOfMany;
    curves->rows = rowsAt(logits, experiment::logarithmicScales(points));
    curves->saturated = saturatedRegions(logits, curves->rows);
    curves->axisLow = experiment::kLeastScale;
    curves->axisHigh = experiment::kLargestScale;
    if (state.axis == AxisKind::Linear) {
        curves->axisLow = 0;
        curves->axisHigh = linearEnd(*curves);
        curves->rows = rowsAt(logits, linearScales(curves->axisHigh, points));
    }
    return curves;
}

}  // namespace

SoftmaxPage::SoftmaxPage() : m_pool(std::make_shared<BufferPool>()) {
    setState({});
}

void SoftmaxPage::setState(const SaturationState& state) {
    const bool same = m_curves && m_curves->logits == state.logits && m_curves->axis == state.axis;
    if (!same) m_curves = curvesOf(state);
    m_state = state;
    if (auto row = experiment::saturationRow(state.logits, state.scale)) m_row = *std::move(row);
}

PageSource SoftmaxPage::source() const {
    FigureSpec spec;
    spec.title = SoftmaxCaptions::title(*this);
    spec.caption = SoftmaxCaptions::state(*this);
    for (const CurvePlotData& plot :
         {weightBars(), weightCurves(), entropyCurve(), effectiveCurve(), gradientCurves()}) {
        spec.panels.push_back({plot.title, plot});
    }
    const HeatMapData map = jacobian();
    spec.panels.push_back({map.title, map});
    return {std::move(spec), QStringLiteral("softmax-saturation"),
            [state = m_state](DataFormat format) -> Result<std::string> {
                const auto rows = experiment::saturationCurves(state.logits, state.tableScales);
                if (!rows) return tl::unexpected(rows.error());
                return format == DataFormat::Json ? experiment::saturationToJson(state.logits, *rows)
                                                  : experiment::saturationToCsv(*rows);
            }};
}

}  // namespace attn::ui
