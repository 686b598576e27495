#include "core/analysis/flow.h"

#include "core/analysis/shown_row.h"
#include "core/analysis/weights.h"
#include "core/ops/linear.h"
#include "core/trace/ablated.h"
#include "core/trace/site_name.h"
#include "core/trace/site_sources.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

namespace attn {
namespace {

/// What is that small beside what it was taken from is rounding.
constexpr double kRounding = 1e-5;

constexpr const char* kCross = ".cross";

std::string blockOf(const std::string& site) {
    const std::size_t end = site.rfind(kCross);
    return end == std::string::npos ? site : site.substr(0, end);
}

/// "blocks" of "blocks.3", "decoder.blocks" of "decoder.blocks.0.cross".
std::string stackOf(const std::string& site) {
    return sitePlace(blockOf(site)).stack;
}

}  // namespace

std::vector<const SiteInfo*> sitesOfStack(const Trace& trace, const SiteInfo& site) {
    std::vector<const SiteInfo*> sites;
    for (const SiteInfo& each : trace.sites())
        if (stackOf(each.name) == stackOf(site.name)) sites.push_back(&each);
    return sites;
}

Index defaultQuery(const Trace& trace, const SiteInfo& site) {
    const std::vector<Token>& tokens = trace.queryTokens(site).items;
    Index query = static_cast<Index>(tokens.size()) - 1;
    while (query > 0 && tokens[static_cast<std::size_t>(query)].special) --query;
    const bool none = query == 0 && !tokens.empty() && tokens.front().special;
    return none ? static_cast<Index>(tokens.size()) - 1 : query;
}

FlowStudy::FlowStudy(TracePtr trace, const std::string& site, Index query, const FlowLimits& limits)
    : m_shown(std::move(trace)), m_trace(asComputed(m_shown)), m_limits(limits) {
    const SiteInfo* const info = m_trace->site(site);
    assert(info != nullptr && query >= 0 && query < info->queries);
    m_sites = sitesOfStack(*m_trace, *info);
    m_flow.query = query;
}

std::vector<EntryPtr> FlowStudy::needs(std::size_t step) const {
    const std::string& name = m_sites[step]->name;
    std::vector<EntryPtr> entries;
    for (const TensorName tensor :
         {TensorName::Z, TensorName::WO, TensorName::V, TensorName::Pattern, TensorName::AttnOut})
        entries.push_back(m_trace->find({name, tensor}));
    if (EntryPtr mlp = m_trace->find({blockOf(name), TensorName::MlpOut})) entries.push_back(std::move(mlp));
    return entries;
}

FlowStudy::Vector FlowStudy::row(const std::string& site, TensorName name) const {
    return m_trace->find({site, name})->get()->matrix().row(m_flow.query).transpose().cast<double>();
}

FlowWrite FlowStudy::write(FlowPart part, const Vector& vector) const {
    FlowWrite made;
    made.part = part;
    made.norm = vector.norm();
    made.projection = vector.dot(m_direction);
    return made;
}

/// Both ends are the trace's own tensors.
void FlowStudy::begin() {
    const Vector end = row(blockOf(m_sites.back()->name), TensorName::ResidPost);
    m_flow.end = end.norm();
    m_direction = m_flow.end > 0 ? Vector(end / m_flow.end) : Vector::Zero(end.size());
    const Vector start = row(m_sites.front()->name, TensorName::ResidPre);
    m_flow.start = start.norm();
    m_flow.startProjection = start.dot(m_direction);
}

/// ‖α_ij f(x_j)‖ for every key.
void FlowStudy::addSources(const SiteInfo& site, FlowWrite& head) const {
    if (ablationOfHead(m_trace->inputs().ablations, site.name, head.head)) return;
    const auto tensor = [&](TensorName name) { return m_trace->find({site.name, name})->get(); };
    const std::vector<float> norms =
        valueNorms(site, *tensor(TensorName::V), *tensor(TensorName::WO), head.head);
    const TensorPtr pattern = tensor(TensorName::Pattern);
    std::vector<FlowSource> sources;
    for (Index j = 0; j < site.keys; ++j) {
        const double norm = std::abs(static_cast<double>(pattern->at(head.head, m_flow.query, j))) *
                            static_cast<double>(norms[static_cast<std::size_t>(j)]);
        const Index place = placeOfToken(*m_shown, {site.name, TensorName::Pattern}, Axis::Keys, j);
        if (place < 0) {
            head.hiddenSources += norm;
        } else if (!sources.empty() && sources.back().key == place) {
            sources.back().norm += norm;
        } else if (norm > 0) {
            sources.push_back({place, norm});
        }
    }
    std::stable_sort(sources.begin(), sources.end(),
                     [](const FlowSource& a, const FlowSource& b) { return a.norm > b.norm; });
    const std::size_t listed = std::min(sources.size(), static_cast<std::size_t>(m_limits.sources));
    for (std::size_t i = listed; i < sources.size(); ++i) head.otherSources += sources[i].norm;
    sources.resize(listed);
    head.sources = std::move(sources);
}

/// z_h W_O^h of every head; `written` becomes their sum.
bool FlowStudy::addHeads(const SiteInfo& site, FlowStep& step, Vector& written,
                         const std::stop_token& stop) const {
    const TensorPtr z = m_trace->find({site.name, TensorName::Z})->get();
    const TensorPtr wO = m_trace->find({site.name, TensorName::WO})->get();
    std::vector<Vector> vectors;
    written = Vector::Zero(wO->cols());
    for (Index head = 0; head < site.heads; ++head) {
        if (stop.stop_requested()) return false;
        const MatrixView weight = wO->matrix(head);
        Vector vector = Vector::Zero(weight.cols());
        for (Index d = 0; d < weight.rows(); ++d)
            vector +=
                static_cast<double>(z->at(head, m_flow.query, d)) * weight.row(d).transpose().cast<double>();
        written += vector;
        step.heads.push_back(write(FlowPart::Head, vector));
        step.heads.back().head = head;
        vectors.push_back(std::move(vector));
    }
    std::stable_sort(step.heads.begin(), step.heads.end(),
                     [](const FlowWrite& a, const FlowWrite& b) { return a.norm > b.norm; });
    step.named = std::min(step.heads.size(), static_cast<std::size_t>(m_limits.heads));
    Vector others = Vector::Zero(wO->cols());
    for (std::size_t i = step.named; i < step.heads.size(); ++i)
        others += vectors[static_cast<std::size_t>(step.heads[i].head)];
    if (step.named < step.heads.size()) step.others.push_back(write(FlowPart::Others, others));
    for (std::size_t i = 0; i < step.named; ++i) {
        if (stop.stop_requested()) return false;
        addSources(site, step.heads[i]);
    }
    return true;
}

void FlowStudy::addRest(FlowStep& step, FlowPart part, const Vector& vector, double scale) const {
    if (vector.norm() > kRounding * scale) step.rest.push_back(write(part, vector));
}

/// A sum as the block hands it on: behind its norm, where it norms its sums.
FlowStudy::Vector FlowStudy::normed(const SiteInfo& site, const Vector& sum, bool mlp) const {
    const EffectiveParameters parameters = m_trace->parameters(site);
    if (parameters.block == BlockKind::Toy) {
        if (!parameters.layerNorm) return sum;
        constexpr double kEpsilon = 1e-5;
        const Vector centred = sum.array() - sum.mean();
        return centred / std::sqrt(centred.squaredNorm() / static_cast<double>(sum.size()) + kEpsilon);
    }
    const SiteSources* const sources = m_trace->sources(site.name);
    if (sources == nullptr || parameters.block != BlockKind::PostNorm) return sum;
    Matrix row = sum.transpose().cast<float>();
    const Eigen::OuterStride<> stride(row.cols());
    norm(MatrixView(row.data(), 1, row.cols(), stride), mlp ? sources->mlpNorm : sources->attentionNorm,
         sources->rootMeanSquare, sources->epsilon, MatrixSpan(row.data(), 1, row.cols(), stride));
    return row.row(0).transpose().cast<double>();
}

/// The stream between an attention and what follows it in the block. Between a block's own attention and its
/// MLP no tensor of the trace stands for it.
FlowStudy::Vector FlowStudy::afterAttention(std::size_t index, const Vector& normed) const {
    const SiteInfo& site = *m_sites[index];
    const bool crossFollows = index + 1 < m_sites.size() && blockOf(m_sites[index + 1]->name) == site.name;
    if (crossFollows) return row(m_sites[index + 1]->name, TensorName::ResidPre);
    const bool ownPost = blockOf(site.name) != site.name || !hasMlp(*m_trace, site);
    return ownPost ? row(site.name, TensorName::ResidPost) : normed;
}

bool FlowStudy::work(std::size_t index, const std::stop_token& stop) {
    if (stop.stop_requested()) return false;
    if (index == 0) begin();
    const SiteInfo& site = *m_sites[index];
    FlowStep step;
    step.site = site.name;
    const EffectiveParameters parameters = m_trace->parameters(site);
    step.carries = parameters.block != BlockKind::Toy || parameters.residual;
    const Vector before = row(site.name, TensorName::ResidPre), attnOut = row(site.name, TensorName::AttnOut);
    Vector ofHeads;
    if (!addHeads(site, step, ofHeads, stop)) return false;
    Vector bias = Vector::Zero(attnOut.size());
    if (const SiteSources* const sources = m_trace->sources(site.name); sources != nullptr && sources->o.bias)
        bias = sources->o.bias->matrix().row(0).transpose().cast<double>();
    addRest(step, FlowPart::Bias, bias, attnOut.norm());
    const Vector sum = step.carries ? Vector(before + attnOut) : attnOut;
    const Vector behind = normed(site, sum, false);
    addRest(step, FlowPart::Norm, behind - sum, sum.norm());
    const Vector middle = afterAttention(index, behind);
    Vector edit = attnOut - ofHeads - bias + middle - behind;
    if (index > 0) edit += before - m_stream;
    addRest(step, FlowPart::Edit, edit, sum.norm() + ofHeads.norm() + attnOut.norm());
    step.before = before.norm();
    step.after = middle.norm();
    m_flow.steps.push_back(std::move(step));
    m_stream = middle;
    const std::string block = blockOf(site.name);
    const bool endsBlock = index + 1 == m_sites.size() || blockOf(m_sites[index + 1]->name) != block;
    if (endsBlock && m_trace->find({block, TensorName::MlpOut})) addMlp(*m_trace->site(block), block, middle);
    return true;
}

void FlowStudy::addMlp(const SiteInfo& site, const std::string& block, const Vector& before) {
    FlowStep step;
    step.site = block;
    step.mlp = true;
    const Vector out = row(block, TensorName::MlpOut), after = row(block, TensorName::ResidPost);
    step.rest.push_back(write(FlowPart::Mlp, out));
    const Vector sum = before + out, behind = normed(site, sum, true);
    addRest(step, FlowPart::Norm, behind - sum, sum.norm());
    addRest(step, FlowPart::Edit, after - behind, sum.norm() + after.norm());
    step.before = before.norm();
    step.after = after.norm();
    m_flow.steps.push_back(std::move(step));
    m_stream = after;
}

}  // namespace attn
