#include "core/analysis/weights.h"

#include "core/analysis/description.h"
#include "core/ops/product.h"
#include "core/trace/site_name.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace attn {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

constexpr Descriptions<WeightKind, kWeightKindCount> kDescriptions({{
    {"pattern", tr("As computed"), tr("The head's weights: what its softmax makes of the scores.")},
    {"value_norms", tr("Times value norms"),
     tr("Each weight times the length of what the head would write for that key: a large weight on a "
        "short vector counts little (Kobayashi et al. 2020).")},
    {"layer_value_norms", tr("Value norms, all heads"),
     tr("What all heads of the layer write together for that key, as the length of the sum of their "
        "vectors (Kobayashi et al. 2020).")},
    {"mean_of_heads", tr("Mean of the heads"), tr("The mean of the weights of this layer's heads.")},
    {"mean_of_all", tr("Mean of all"), tr("The mean of the weights of all heads in all layers.")},
    {"rollout", tr("Rollout"),
     tr("How the input tokens are mixed after this layer: half of each layer's mean attention, half the "
        "token itself, multiplied layer by layer (Abnar and Zuidema 2020).")},
    {"flow", tr("Flow"),
     tr("For one query: the most that can flow to it from each input token, if each layer's mean "
        "attention and the residual path are pipes of that width (Abnar and Zuidema 2020).")},
}});

/// The sites of the same stack: all of them, or those up to the site.
std::vector<const SiteInfo*> stackOf(const Trace& trace, const SiteInfo& site, bool upToSite) {
    const SitePlace place = sitePlace(site.name);
    std::vector<const SiteInfo*> sites;
    for (const SiteInfo& each : trace.sites()) {
        const SitePlace other = sitePlace(each.name);
        if (other.stack == place.stack && (!upToSite || other.layer < place.layer) && each.name != site.name)
            sites.push_back(&each);
    }
    sites.push_back(&site);
    return sites;
}

bool isAlongLayers(WeightKind kind) {
    return kind == WeightKind::Rollout || kind == WeightKind::Flow;
}

bool isMean(WeightKind kind) {
    return kind == WeightKind::MeanOfHeads || kind == WeightKind::MeanOfAll;
}

/// f(x_j) of a head for every key: Tk × d_model.
Matrix transformedValues(const SiteInfo& site, const Tensor& v, const Tensor& wO, Index head) {
    Matrix out(v.rows(), wO.cols());
    multiply(v.matrix(site.matrixOf(v.heads(), head)), wO.matrix(head), span(out));
    return out;
}

}  // namespace

const char* toString(WeightKind kind) {
    return kDescriptions.of(kind).name;
}

std::optional<WeightKind> weightKindFromString(std::string_view text) {
    return kDescriptions.withName(text);
}

const char* title(WeightKind kind) {
    return kDescriptions.of(kind).title;
}

const char* explanation(WeightKind kind) {
    return kDescriptions.of(kind).explanation;
}

bool isOfHead(WeightKind kind) {
    return kind == WeightKind::Pattern || kind == WeightKind::ValueNorms;
}

const char* whyNone(const Trace& trace, const SiteInfo& site, WeightKind kind) {
    if (site.queries == 0 || site.keys == 0) return tr("There are no tokens.");
    if (!isAlongLayers(kind)) return nullptr;
    if (site.cross)
        return tr(
            "It follows tokens down through the layers of one sequence; here the keys come from "
            "another one.");
    const auto layers = static_cast<Index>(stackOf(trace, site, true).size());
    if (kind == WeightKind::Flow && layers * site.keys * site.keys > kMostFlowArcs)
        return tr("With so many tokens and layers the exact flow would take more than some seconds.");
    return nullptr;
}

std::vector<float> valueNorms(const SiteInfo& site, const Tensor& v, const Tensor& wO, Index head) {
    const Matrix vectors = transformedValues(site, v, wO, head);
    std::vector<float> norms(static_cast<std::size_t>(vectors.rows()));
    for (Index j = 0; j < vectors.rows(); ++j)
        norms[static_cast<std::size_t>(j)] =
            static_cast<float>(std::sqrt(vectors.row(j).cast<double>().squaredNorm()));
    return norms;
}

WeightStudy::WeightStudy(TracePtr trace, const std::string& site, WeightKind kind, Index head, Index query)
    : WeightStudy(std::move(trace), site, kind, std::vector<Index>{head}, query) {}

WeightStudy::WeightStudy(TracePtr trace, const std::string& site, WeightKind kind, std::vector<Index> heads,
                         Index query)
    : m_trace(std::move(trace)), m_kind(kind), m_heads(std::move(heads)), m_query(query) {
    const SiteInfo* const info = m_trace->site(site);
    assert(info != nullptr && whyNone(*m_trace, *info, kind) == nullptr);
    assert(!isOfHead(kind) || !m_heads.empty());
    assert(!isOfHead(kind) || std::all_of(m_heads.begin(), m_heads.end(),
                                          [&](Index head) { return head >= 0 && head < info->heads; }));
    assert(kind != WeightKind::Flow || (query >= 0 && query < info->queries));
    const bool several = isAlongLayers(kind) || kind == WeightKind::MeanOfAll;
    m_sites = several ? stackOf(*m_trace, *info, isAlongLayers(kind)) : std::vector<const SiteInfo*>{info};
}

std::size_t WeightStudy::steps() const {
    // The flow: every layer, then every input token.
    const std::size_t targets = m_kind == WeightKind::Flow ? static_cast<std::size_t>(site().keys) : 0;
    return m_sites.size() + targets;
}

std::vector<EntryPtr> WeightStudy::needs(std::size_t step) const {
    if (step >= m_sites.size()) return {};
    const std::string& name = m_sites[step]->name;
    std::vector<EntryPtr> entries{m_trace->find({name, TensorName::Pattern})};
    if (m_kind == WeightKind::ValueNorms || m_kind == WeightKind::LayerValueNorms) {
        entries.push_back(m_trace->find({name, TensorName::V}));
        entries.push_back(m_trace->find({name, TensorName::WO}));
    }
    return entries;
}

TensorPtr WeightStudy::tensor(const SiteInfo& from, TensorName name) const {
    return m_trace->find({from.name, name})->get();
}

void WeightStudy::keep(const Matrix& weights) {
    Tensor made = Tensor::allocate(m_pool, weights.rows(), weights.cols());
    made.span() = weights;
    m_result = std::make_shared<const Tensor>(std::move(made));
}

void WeightStudy::addHeads(const SiteInfo& from) {
    const TensorPtr pattern = tensor(from, TensorName::Pattern);
    if (m_sum.size() == 0) m_sum = Matrix::Zero(pattern->rows(), pattern->cols());
    for (Index head = 0; head < pattern->heads(); ++head) m_sum += pattern->matrix(head);
    m_summed += pattern->heads();
}

/// A = ½ (mean of the heads) + ½ I, rows brought to sum 1.
void WeightStudy::mixLayer(const SiteInfo& from) {
    m_sum.resize(0, 0);
    m_summed = 0;
    addHeads(from);
    Matrix mix = m_sum / static_cast<float>(2 * m_summed);
    mix.diagonal().array() += 0.5F;
    for (Index i = 0; i < mix.rows(); ++i) {
        // Weights set by hand may be negative: there is no share of less than nothing.
        mix.row(i) = mix.row(i).cwiseMax(0);
        const float sum = mix.row(i).sum();
        if (sum > 0) {
            mix.row(i) /= sum;
        } else {
            mix(i, i) = 1;
        }
    }
    m_mixes.push_back(std::move(mix));
}

/// The heads' own weights, times the norms of what they read where that is asked for.
bool WeightStudy::takeHeads(const std::stop_token& stop) {
    const TensorPtr pattern = tensor(site(), TensorName::Pattern);
    const auto count = static_cast<Index>(m_heads.size());
    Tensor made = count == 1 ? Tensor::allocate(m_pool, pattern->rows(), pattern->cols())
                             : Tensor::allocate(m_pool, count, pattern->rows(), pattern->cols(),
                                                Tensor::Layout::HeadsFirst);
    for (Index place = 0; place < count; ++place) {
        if (stop.stop_requested()) return false;
        const Index head = m_heads[static_cast<std::size_t>(place)];
        MatrixSpan out = made.span(place);
        out = pattern->matrix(head);
        if (m_kind != WeightKind::ValueNorms) continue;
        out = out.cwiseAbs();  // set by hand it may be negative; a length is not
        const std::vector<float> norms =
            valueNorms(site(), *tensor(site(), TensorName::V), *tensor(site(), TensorName::WO), head);
        for (Index j = 0; j < out.cols(); ++j) out.col(j) *= norms[static_cast<std::size_t>(j)];
    }
    m_result = std::make_shared<const Tensor>(std::move(made));
    return true;
}

/// ‖Σ_h α^h f^h‖² = Σ_hh' α^h α^h' (f^h · f^h'): the products of a key's vectors serve all queries.
bool WeightStudy::sumVectors(const std::stop_token& stop) {
    const TensorPtr pattern = tensor(site(), TensorName::Pattern), v = tensor(site(), TensorName::V),
                    wO = tensor(site(), TensorName::WO);
    const Index heads = site().heads, queries = pattern->rows(), keys = pattern->cols();
    std::vector<Matrix> vectors;
    for (Index head = 0; head < heads; ++head) {
        if (stop.stop_requested()) return false;
        vectors.push_back(transformedValues(site(), *v, *wO, head));
    }
    Matrix out(queries, keys);
    MatrixD ofKey(heads, wO->cols());
    Eigen::VectorXd weights(heads);
    for (Index j = 0; j < keys; ++j) {
        if (stop.stop_requested()) return false;
        for (Index head = 0; head < heads; ++head)
            ofKey.row(head) = vectors[static_cast<std::size_t>(head)].row(j).cast<double>();
        const MatrixD products = ofKey * ofKey.transpose();
        for (Index i = 0; i < queries; ++i) {
            for (Index head = 0; head < heads; ++head)
                weights(head) = static_cast<double>(pattern->at(head, i, j));
            out(i, j) = static_cast<float>(std::sqrt(std::max(0.0, weights.dot(products * weights))));
        }
    }
    keep(out);
    return true;
}

void WeightStudy::flowTo(std::size_t target) {
    if (!m_flow) {
        m_flow = std::make_unique<LayeredFlow>(m_mixes);
        m_sum = Matrix::Zero(1, site().keys);
    }
    const auto key = static_cast<Index>(target);
    m_sum(0, key) = static_cast<float>(m_flow->maximum(m_query, key));
    if (key + 1 == site().keys) keep(m_sum);
}

bool WeightStudy::work(std::size_t step, const std::stop_token& stop) {
    if (stop.stop_requested()) return false;
    if (step >= m_sites.size()) {
        flowTo(step - m_sites.size());
        return true;
    }
    const bool last = step + 1 == m_sites.size();
    if (isMean(m_kind)) {
        addHeads(*m_sites[step]);
        if (last) keep(m_sum / static_cast<float>(m_summed));
    } else if (m_kind == WeightKind::Rollout) {
        mixLayer(*m_sites[step]);
        if (m_mixes.size() > 1) {
            Matrix product(m_mixes[0].rows(), m_mixes[0].cols());
            multiply(view(m_mixes[1]), view(m_mixes[0]), span(product));
            m_mixes = {std::move(product)};
        }
        if (last) keep(m_mixes.front());
    } else if (m_kind == WeightKind::Flow) {
        mixLayer(*m_sites[step]);
    } else if (m_kind == WeightKind::LayerValueNorms) {
        return sumVectors(stop);
    } else {
        return takeHeads(stop);
    }
    return true;
}

}  // namespace attn
