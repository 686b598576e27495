#include "tests/support/naive_attention.h"

#include "core/model/toy_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace attn::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

NaiveTensor copyOf(const Tensor& tensor) {
    NaiveTensor out(tensor.heads(), tensor.rows(), tensor.cols());
    for (Index h = 0; h < out.heads; ++h) {
        for (Index r = 0; r < out.rows; ++r) {
            for (Index c = 0; c < out.cols; ++c) out.at(h, r, c) = static_cast<double>(tensor.at(h, r, c));
        }
    }
    return out;
}

NaiveTensor read(const Trace& trace, const char* scope, TensorName name) {
    return copyOf(*trace.find({scope, name})->get());
}

NaiveTensor positionsOf(Index rows, const EffectiveParameters& p) {
    NaiveTensor out(1, rows, p.dModel);
    if (p.positions != PositionsKind::Sinusoidal) return out;
    for (Index t = 0; t < rows; ++t) {
        for (Index c = 0; c < p.dModel; ++c) {
            const double exponent =
                2.0 * std::floor(static_cast<double>(c) / 2) / static_cast<double>(p.dModel);
            const double angle = static_cast<double>(t) / std::pow(10000.0, exponent);
            out.at(0, t, c) = p.positionStrength * (c % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    }
    return out;
}

NaiveTensor sum(const NaiveTensor& a, const NaiveTensor& b) {
    NaiveTensor out = a;
    for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += b.values[i];
    return out;
}

/// out(h) = x·w(h)
NaiveTensor project(const NaiveTensor& x, const NaiveTensor& w) {
    NaiveTensor out(w.heads, x.rows, w.cols);
    for (Index h = 0; h < w.heads; ++h) {
        for (Index t = 0; t < x.rows; ++t) {
            for (Index c = 0; c < w.cols; ++c) {
                for (Index i = 0; i < w.rows; ++i) out.at(h, t, c) += x.at(0, t, i) * w.at(h, i, c);
            }
        }
    }
    return out;
}

NaiveTensor rotate(const NaiveTensor& x, const EffectiveParameters& p) {
    if (p.positions != PositionsKind::Rotary) return x;
    NaiveTensor out = x;
    const Index half = x.cols / 2;
    for (Index h = 0; h < x.heads; ++h) {
        for (Index t = 0; t < x.rows; ++t) {
            for (Index i = 0; i < half; ++i) {
                const double angle = p.positionStrength * static_cast<double>(t) /
                                     std::pow(10000.0, static_cast<double>(i) / static_cast<double>(half));
                out.at(h, t, i) = x.at(h, t, i) * std::cos(angle) - x.at(h, t, i + half) * std::sin(angle);
                out.at(h, t, i + half) =
                    x.at(h, t, i) * std::sin(angle) + x.at(h, t, i + half) * std::cos(angle);
            }
        }
    }
    return out;
}

struct ScoreWeightsD {
    NaiveTensor w1, w2, w, bilinear;
};

double score(const NaiveTensor& q, const NaiveTensor& k, const ScoreWeightsD& weights, ScoreKind kind,
             Index h, Index i, Index j) {
    double dot = 0, qq = 0, kk = 0;
    for (Index c = 0; c < q.cols; ++c) {
        dot += q.at(h, i, c) * k.at(h, j, c);
        qq += q.at(h, i, c) * q.at(h, i, c);
        kk += k.at(h, j, c) * k.at(h, j, c);
    }
    if (kind == ScoreKind::Dot) return dot;
    if (kind == ScoreKind::Cosine) return qq > 0 && kk > 0 ? dot / std::sqrt(qq) / std::sqrt(kk) : 0;
    double total = 0;
    if (kind == ScoreKind::Bilinear) {
        for (Index a = 0; a < q.cols; ++a) {
            for (Index b = 0; b < k.cols; ++b)
                total += q.at(h, i, a) * weights.bilinear.at(h, a, b) * k.at(h, j, b);
        }
        return total;
    }
    for (Index u = 0; u < weights.w.cols; ++u) {
        double inner = 0;
        for (Index c = 0; c < q.cols; ++c) {
            inner += q.at(h, i, c) * weights.w1.at(h, c, u) + k.at(h, j, c) * weights.w2.at(h, c, u);
        }
        total += weights.w.at(h, 0, u) * std::tanh(inner);
    }
    return total;
}

bool allowed(const Trace& trace, const EffectiveParameters& p, Index i, Index j, Index keys) {
    bool yes = true;
    if (p.mask == MaskKind::Causal) yes = j <= i;
    if (p.mask == MaskKind::Local) yes = i - j <= p.maskWindow && j - i <= p.maskWindow;
    if (p.mask == MaskKind::Padding) yes = j < keys - p.maskPadding;
    for (const PaintedCell& cell : trace.inputs().painted) {
        if (cell.query == i && cell.key == j) yes = cell.allowed;
    }
    return yes;
}

void normalise(const double* scores, double* pattern, Index n, NormalizerKind kind) {
    const double largest = n > 0 ? *std::max_element(scores, scores + n) : -kInfinity;
    if (largest == -kInfinity) return;
    double total = 0;
    for (Index j = 0; j < n; ++j) {
        const bool tied = scores[j] >= largest - 1e-6 * std::max(std::abs(largest), 1e-30);
        pattern[j] = kind == NormalizerKind::Hard ? (tied ? 1 : 0) : std::exp(scores[j] - largest);
        total += pattern[j];
    }
    for (Index j = 0; j < n; ++j) pattern[j] /= total;
}

void switchOff(const Ablations& ablations, NaiveTensor& z) {
    for (Index h = 0; h < z.heads; ++h) {
        const Ablation* found = nullptr;
        for (const Ablation& each : ablations) {
            if (each.site != "blocks.0" || each.part == AblatedPart::Mlp) continue;
            if (each.part == AblatedPart::Heads && found == nullptr) found = &each;
            if (each.part == AblatedPart::Head && each.head == h) found = &each;
        }
        if (found == nullptr) continue;
        for (Index c = 0; c < z.cols; ++c) {
            double mean = 0;
            for (Index i = 0; i < z.rows; ++i) mean += z.at(h, i, c) / static_cast<double>(z.rows);
            for (Index i = 0; i < z.rows; ++i) z.at(h, i, c) = found->kind == AblationKind::Mean ? mean : 0;
        }
    }
}

NaiveTensor layerNormOf(const NaiveTensor& x) {
    NaiveTensor out = x;
    for (Index t = 0; t < x.rows; ++t) {
        double mean = 0, variance = 0;
        for (Index c = 0; c < x.cols; ++c) mean += x.at(0, t, c) / static_cast<double>(x.cols);
        for (Index c = 0; c < x.cols; ++c) {
            variance += (x.at(0, t, c) - mean) * (x.at(0, t, c) - mean) / static_cast<double>(x.cols);
        }
        for (Index c = 0; c < x.cols; ++c)
            out.at(0, t, c) = (x.at(0, t, c) - mean) / std::sqrt(variance + 1e-5);
    }
    return out;
}

/// What was changed by hand, where the tensor has such an entry.
NaiveTensor edited(const Trace& trace, const std::string& name, NaiveTensor x) {
    for (const Edit& edit : trace.inputs().edits) {
        if (edit.tensor.fullName() != name || edit.head >= x.heads || edit.row >= x.rows ||
            edit.column >= x.cols)
            continue;
        x.at(edit.head, edit.row, edit.column) = edit.value;
    }
    return x;
}

/// Rows of weights with changed ones sum to 1 again.
void renormalise(const Trace& trace, NaiveTensor& pattern) {
    for (Index h = 0; h < pattern.heads; ++h) {
        for (Index i = 0; i < pattern.rows; ++i) {
            std::set<Index> set;
            for (const Edit& edit : trace.inputs().edits) {
                if (edit.tensor.fullName() == "blocks.0.pattern" && edit.head == h && edit.row == i &&
                    edit.column < pattern.cols)
                    set.insert(edit.column);
            }
            if (set.empty()) continue;
            double chosen = 0, others = 0;
            for (Index j = 0; j < pattern.cols; ++j)
                (set.count(j) > 0 ? chosen : others) += pattern.at(h, i, j);
            for (Index j = 0; j < pattern.cols; ++j) {
                double& weight = pattern.at(h, i, j);
                if (set.count(j) == 0) {
                    weight = chosen > 1 || others <= 0 ? 0 : weight * (1 - chosen) / others;
                } else if (chosen > 1 || (others <= 0 && chosen > 0)) {
                    weight /= chosen;
                }
            }
        }
    }
}

}  // namespace

std::map<std::string, NaiveTensor> naiveTrace(const Trace& trace) {
    const SiteInfo& site = trace.sites().front();
    const EffectiveParameters p = trace.parameters(site);
    std::map<std::string, NaiveTensor> out;
    const auto at = [](const char* name) { return std::string("blocks.0.") + name; };
    const auto changed = [&](const std::string& name, NaiveTensor x) {
        return edited(trace, name, std::move(x));
    };

    const auto embed = [&](const char* scope, const std::string& prefix) {
        const NaiveTensor tokens = read(trace, scope, TensorName::TokenEmbed);
        out[prefix + "pos_embed"] = changed(prefix + "pos_embed", positionsOf(tokens.rows, p));
        return out[prefix + "embed"] = changed(prefix + "embed", sum(tokens, out[prefix + "pos_embed"]));
    };
    const NaiveTensor x = out[at("resid_pre")] = changed(at("resid_pre"), embed("", ""));
    const NaiveTensor y = site.cross ? embed("context", "context.") : x;

    const auto weight = [&](TensorName name) { return read(trace, "blocks.0", name); };
    const auto turned = [&](const char* name, NaiveTensor projected) {
        if (p.positions == PositionsKind::Rotary)
            projected = changed(at(name) + "_proj", std::move(projected));
        return out[at(name)] = changed(at(name), rotate(projected, p));
    };
    const NaiveTensor q = turned("q", project(x, weight(TensorName::WQ)));
    const NaiveTensor k = turned("k", project(y, weight(TensorName::WK)));
    const NaiveTensor v = out[at("v")] = changed(at("v"), project(y, weight(TensorName::WV)));

    BufferPool pool;
    const ScoreWeightsD scoreWeights{copyOf(toyScoreWeight(pool, ToyWeight::AdditiveQuery, p)),
                                     copyOf(toyScoreWeight(pool, ToyWeight::AdditiveKey, p)),
                                     copyOf(toyScoreWeight(pool, ToyWeight::AdditiveOut, p)),
                                     copyOf(toyScoreWeight(pool, ToyWeight::Bilinear, p))};
    NaiveTensor raw(q.heads, q.rows, k.rows);
    NaiveTensor scaled = raw, scores = raw, pattern = raw;
    const auto forEach = [&](const auto& each) {
        for (Index h = 0; h < raw.heads; ++h) {
            for (Index i = 0; i < raw.rows; ++i) {
                for (Index j = 0; j < raw.cols; ++j) each(h, i, j);
            }
        }
    };
    forEach(
        [&](Index h, Index i, Index j) { raw.at(h, i, j) = score(q, k, scoreWeights, p.score, h, i, j); });
    raw = changed(at("scores_raw"), std::move(raw));
    forEach(
        [&](Index h, Index i, Index j) { scaled.at(h, i, j) = raw.at(h, i, j) * p.scale / p.temperature; });
    scaled = changed(at("scores_scaled"), std::move(scaled));
    forEach([&](Index h, Index i, Index j) {
        scores.at(h, i, j) = allowed(trace, p, i, j, raw.cols) ? scaled.at(h, i, j) : -kInfinity;
    });
    scores = changed(at("scores"), std::move(scores));
    for (Index h = 0; h < raw.heads; ++h) {
        for (Index i = 0; i < raw.rows && raw.cols > 0; ++i)
            normalise(&scores.at(h, i, 0), &pattern.at(h, i, 0), raw.cols, p.normalizer);
    }
    pattern = changed(at("pattern"), std::move(pattern));
    if (p.editedRows == EditedRowsKind::Renormalised) renormalise(trace, pattern);
    NaiveTensor z(q.heads, q.rows, v.cols);
    for (Index h = 0; h < z.heads; ++h) {
        for (Index i = 0; i < z.rows; ++i) {
            for (Index c = 0; c < z.cols; ++c) {
                for (Index j = 0; j < v.rows; ++j) z.at(h, i, c) += pattern.at(h, i, j) * v.at(h, j, c);
            }
        }
    }
    switchOff(trace.inputs().ablations, z);
    z = changed(at("z"), std::move(z));
    const NaiveTensor wo = weight(TensorName::WO);
    NaiveTensor attnOut(1, x.rows, p.dModel);
    for (Index t = 0; t < x.rows; ++t) {
        for (Index c = 0; c < p.dModel; ++c) {
            for (Index h = 0; h < z.heads; ++h) {
                for (Index i = 0; i < z.cols; ++i) attnOut.at(0, t, c) += z.at(h, t, i) * wo.at(h, i, c);
            }
        }
    }
    attnOut = changed(at("attn_out"), std::move(attnOut));
    // From the trace's own output: the division by a tiny deviation would magnify the last bit of what comes
    // before.
    const NaiveTensor normed = read(trace, "blocks.0", TensorName::AttnOut);
    const NaiveTensor added = p.residual ? sum(normed, x) : normed;
    out[at("resid_post")] = changed(at("resid_post"), p.layerNorm ? layerNormOf(added) : added);
    out[at("scores_raw")] = std::move(raw);
    out[at("scores_scaled")] = std::move(scaled);
    out[at("scores")] = std::move(scores);
    out[at("pattern")] = std::move(pattern);
    out[at("z")] = std::move(z);
    out[at("attn_out")] = std::move(attnOut);
    return out;
}

}  // namespace attn::test
