// The plots of the Softmax page.
#include "core/experiment/row_measures.h"
#include "ui/views/softmax_page.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {

namespace {

constexpr std::size_t kMostCategories = 64;
constexpr std::size_t kUnitAxis = 16;  ///< up to so many keys bars stand on an axis from 0 to 1

QString subscript(std::size_t number) {
    static constexpr QStringView kDigits(u"₀₁₂₃₄₅₆₇₈₉");
    QString text;
    for (const QChar digit : QString::number(number)) text += kDigits[digit.digitValue()];
    return text;
}

/// The smallest of most, most/2, most/4 … that holds `largest`: it stands still while little moves.
double steadyEnd(double most, double largest) {
    constexpr double kLeast = 1e-3;
    double end = most;
    while (end / 2 >= largest * 1.05 && end / 2 > kLeast) end /= 2;
    return end;
}

}  // namespace

QString SoftmaxPage::weightName(std::size_t key) const {
    QString name = QStringLiteral("p") + subscript(key + 1);
    if (key >= m_state.labels.size()) return name;
    if (m_state.labels[key].empty()) return name;
    return tr("%1 ‘%2’").arg(name, visibleText(QString::fromStdString(m_state.labels[key])));
}

QString SoftmaxPage::keyName(std::size_t key) const {
    if (key < m_state.labels.size() && !m_state.labels[key].empty()) {
        return visibleText(QString::fromStdString(m_state.labels[key]));
    }
    return QString::number(key + 1);
}

int SoftmaxPage::colorOf(std::size_t key) const {
    const auto& groups = m_curves->groups;
    for (std::size_t g = 0; g < std::min(kNamed, groups.size()); ++g) {
        if (std::find(groups[g].begin(), groups[g].end(), key) != groups[g].end()) return static_cast<int>(g);
    }
    return kBarColor;
}

QString SoftmaxPage::groupName(const std::vector<std::size_t>& group) const {
    if (group.size() == 1) return weightName(group.front());
    QString both = QStringLiteral("p%1 = p%2").arg(subscript(group[0] + 1), subscript(group[1] + 1));
    if (group.size() == 2) return both;
    if (group.size() == 3) return both + QStringLiteral(" = p") + subscript(group[2] + 1);
    return tr("%1 = … (%2 keys)").arg(both).arg(group.size());
}

/// In their own order where all have room, else the largest ones, largest first.
std::vector<std::size_t> SoftmaxPage::shownKeys(std::size_t most) const {
    std::vector<std::size_t> keys = m_curves->order;
    if (keys.size() > most) {
        keys.resize(most);
    } else {
        std::sort(keys.begin(), keys.end());
    }
    return keys;
}

CurvePlotData SoftmaxPage::weightBars() const {
    CurvePlotData plot;
    plot.title = tr("Weights at a = %1").arg(m_state.scale);
    plot.y.title = tr("weight");
    plot.legend = false;
    const std::vector<std::size_t> keys = shownKeys(kMostCategories);
    if (keys.size() < keyCount()) {
        plot.note = tr("the %1 largest of %2 weights").arg(keys.size()).arg(keyCount());
    }
    BarSeries quiet{QString(), 0.5, 1, std::vector<double>(keys.size(), 0), kBarColor, 0.25, false, true};
    std::vector<BarSeries> named;
    double largest = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const double weight = m_row.p[keys[i]];
        largest = std::max(largest, weight);
        plot.x.categories.append(keyName(keys[i]));
        const int color = colorOf(keys[i]);
        if (color == kBarColor) {
            quiet.heights[i] = weight;
        } else {
            named.push_back({QString(), static_cast<double>(i) + 0.5, 1, {weight}, color, 0.25, false, true});
        }
    }
    plot.bars = std::move(named);
    plot.bars.push_back(std::move(quiet));
    plot.x.title = tr("key");
    plot.x.low = 0.5;
    plot.x.high = static_cast<double>(keys.size()) + 0.5;
    plot.y.low = 0;
    plot.y.high = keyCount() > kUnitAxis ? steadyEnd(1, largest) : 1.0;
    return plot;
}

CurvePlotData SoftmaxPage::overScale(const QString& title) const {
    CurvePlotData plot;
    plot.title = title;
    plot.x.title = tr("scale a");
    plot.x.scale = m_curves->axis == AxisKind::Linear ? AxisScale::Linear : AxisScale::Logarithmic;
    plot.x.low = m_curves->axisLow;
    plot.x.high = m_curves->axisHigh;
    for (const auto& [low, high] : m_curves->saturated) plot.regions.push_back({low, high, tr("saturated")});
    // What saturates stays so beyond the slider's end.
    if (!plot.regions.empty() && plot.regions.back().high >= experiment::kLargestScale * (1 - 1e-9)) {
        plot.regions.back().high = std::max(m_curves->axisHigh, experiment::kLargestScale);
    }
    plot.marker = m_state.scale;
    plot.markerName = QStringLiteral("a");
    return plot;
}

template <typename Measure>
Curve SoftmaxPage::measured(const QString& name, int color, Measure measure) const {
    Curve curve;
    curve.name = name;
    curve.color = color;
    for (const experiment::SaturationRow& row : m_curves->rows) {
        curve.x.push_back(row.scale);
        curve.y.push_back(measure(row));
    }
    return curve;
}

CurvePlotData SoftmaxPage::weightCurves() const {
    CurvePlotData plot = overScale(tr("Weights over the scale"));
    plot.y.title = tr("weight");
    plot.y.low = 0;
    plot.y.high = 1;
    const auto& groups = m_curves->groups;
    const std::size_t named = std::min(kNamed, groups.size());
    for (std::size_t g = 0; g < named; ++g) {
        plot.curves.push_back(measured(groupName(groups[g]), static_cast<int>(g),
                                       [&](const auto& row) { return row.p[groups[g].front()]; }));
    }
    const std::size_t rest = groups.size() - named;
    if (rest == 0) return plot;
    if (rest <= kThin) {
        for (std::size_t g = named; g < groups.size(); ++g) {
            plot.curves.push_back(
                measured(QString(), kMutedColor, [&](const auto& row) { return row.p[groups[g].front()]; }));
            plot.curves.back().look = CurveLook::Thin;
        }
        return plot;
    }
    // Larger logits have larger weights at every scale: the first and the last of the others bound them.
    Curve band;
    std::size_t keys = 0;
    for (std::size_t g = named; g < groups.size(); ++g) keys += groups[g].size();
    band.name = tr("the other %1 lie in this band").arg(keys);
    band.color = kMutedColor;
    for (const experiment::SaturationRow& row : m_curves->rows) {
        band.x.push_back(row.scale);
        band.low.push_back(row.p[groups.back().front()]);
        band.high.push_back(row.p[groups[named].front()]);
    }
    plot.curves.push_back(std::move(band));
    return plot;
}

CurvePlotData SoftmaxPage::entropyCurve() const {
    CurvePlotData plot = overScale(tr("Entropy of the weights"));
    plot.y.title = tr("H in nats");
    const double most = std::log(static_cast<double>(keyCount()));
    plot.y.low = 0;
    plot.y.high = 1.12 * most;
    plot.lines = {{false, most, tr("ln %1: all equal").arg(keyCount()), kMutedColor}};
    plot.curves = {measured(tr("entropy H"), 0, [](const auto& row) { return row.measures.entropyNats; })};
    plot.legend = false;
    return plot;
}

CurvePlotData SoftmaxPage::effectiveCurve() const {
    CurvePlotData plot = overScale(tr("Effective number of keys"));
    plot.y.title = tr("exp(H)");
    const auto most = static_cast<double>(keyCount());
    plot.y.low = 0;
    plot.y.high = 1.12 * most;
    plot.lines = {{false, most, tr("all %1 keys").arg(keyCount()), kMutedColor}};
    plot.curves = {measured(tr("effective number exp(H)"), 2,
                            [](const auto& row) { return row.measures.effectiveNumber(); })};
    plot.legend = false;
    return plot;
}

CurvePlotData SoftmaxPage::gradientCurves() const {
    CurvePlotData plot = overScale(tr("What is left of the gradient"));
    plot.y.title = tr("size of J");
    plot.y.low = 0;
    plot.y.high = 0.8;
    plot.lines = {{false, experiment::kLargestJacobianNorm, tr("√½: the largest possible norm"), kMutedColor},
                  {false, experiment::kSaturationThreshold, tr("1 % of it: saturated below"), kMutedColor}};
    plot.curves = {
        measured(tr("Frobenius norm ‖J‖"), 0, [](const auto& row) { return row.measures.jacobianFrobenius; }),
        measured(tr("largest entry"), 1, [](const auto& row) { return row.measures.jacobianLargest; })};
    return plot;
}

HeatMapData SoftmaxPage::jacobian() const {
    const std::vector<std::size_t> keys = shownKeys(kMapSide);
    std::vector<double> weights;
    weights.reserve(keys.size() + 1);
    for (const std::size_t key : keys) weights.push_back(m_row.p[key]);
    // Those that have no room stand together as one, for 1 − p is the sum of the others.
    if (keys.size() < keyCount()) {
        double rest = 0;
        for (std::size_t i = keys.size(); i < keyCount(); ++i) rest += m_row.p[m_curves->order[i]];
        weights.push_back(rest);
    }
    const MatrixD full = experiment::softmaxJacobian(weights);
    const auto side = static_cast<Index>(keys.size());
    Tensor tensor = Tensor::allocate(*m_pool, side, side);
    tensor.span() = full.topLeftCorner(side, side).cast<float>();

    HeatMapData map;
    map.tensor = std::make_shared<const Tensor>(std::move(tensor));
    map.quantity = Quantity::Signed;
    // p(1 − p) is never larger than a quarter: what fades has vanished.
    const double end = keyCount() > kUnitAxis ? steadyEnd(0.25, m_row.measures.jacobianLargest) : 0.25;
    map.range = {-end, end};
    map.title = keys.size() < keyCount() ? tr("Jacobian ∂pᵢ/∂sⱼ of the %1 largest weights").arg(keys.size())
                                         : tr("Jacobian ∂pᵢ/∂sⱼ");
    map.rowTitle = tr("weight");
    map.columnTitle = tr("score");
    map.rowRole = map.columnRole = Role::None;
    QStringList labels;
    for (const std::size_t key : keys) labels.append(keyName(key));
    map.rows = map.columns = std::make_shared<const QStringList>(std::move(labels));
    return map;
}

}  // namespace attn::ui
