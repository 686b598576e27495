#include "core/experiment/saturation.h"

#include <cmath>
#include <string>

namespace attn::experiment {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

/// NaN and infinities as a person writes them; finite numbers do not come here.
std::string nameOf(double notFinite) {
    if (std::isnan(notFinite)) return "NaN";
    return notFinite > 0 ? "∞" : "−∞";
}

Result<void> checkScale(double scale, std::size_t place) {
    if (!std::isfinite(scale)) {
        return fail(tr("scale %1 is %2: scales are finite numbers"), {std::to_string(place), nameOf(scale)});
    }
    if (scale <= 0) return fail(tr("scale %1 is not above 0"), {std::to_string(place)});
    return {};
}

SaturationRow rowOf(const std::vector<double>& logits, double scale) {
    SaturationRow row;
    row.scale = scale;
    row.p.resize(logits.size());
    row.measures = softmaxRow(logits, scale, row.p);
    return row;
}

}  // namespace

Result<void> checkLogits(const std::vector<double>& logits) {
    if (logits.empty()) return fail(tr("there are no logits: two or more are needed"));
    if (logits.size() == 1) return fail(tr("there is one logit: two or more are needed"));
    if (logits.size() > kMaxLogits) {
        return fail(tr("%1 logits are too many (at most %2)"),
                    {std::to_string(logits.size()), std::to_string(kMaxLogits)});
    }
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (!std::isfinite(logits[i])) {
            return fail(tr("logit %1 is %2: logits are finite numbers"),
                        {std::to_string(i + 1), nameOf(logits[i])});
        }
    }
    return {};
}

Result<SaturationRow> saturationRow(const std::vector<double>& logits, double scale) {
    if (Result<void> good = checkLogits(logits); !good) return tl::unexpected(std::move(good.error()));
    if (Result<void> good = checkScale(scale, 1); !good) return tl::unexpected(std::move(good.error()));
    return rowOf(logits, scale);
}

Result<std::vector<SaturationRow>> saturationCurves(const std::vector<double>& logits,
                                                    const std::vector<double>& scales) {
    if (Result<void> good = checkLogits(logits); !good) return tl::unexpected(std::move(good.error()));
    if (scales.empty()) return fail(tr("there are no scales: one or more are needed"));
    if (scales.size() > kMaxScales) {
        return fail(tr("%1 scales are too many (at most %2)"),
                    {std::to_string(scales.size()), std::to_string(kMaxScales)});
    }
    for (std::size_t i = 0; i < scales.size(); ++i) {
        if (Result<void> good = checkScale(scales[i], i + 1); !good) {
            return tl::unexpected(std::move(good.error()));
        }
    }
    std::vector<SaturationRow> rows;
    rows.reserve(scales.size());
    for (const double scale : scales) rows.push_back(rowOf(logits, scale));
    return rows;
}

std::vector<double> logarithmicScales(std::size_t count) {
    std::vector<double> scales(count, kLeastScale);
    const double step = std::log(kLargestScale / kLeastScale) / static_cast<double>(count - 1);
    for (std::size_t i = 1; i < count; ++i) scales[i] = kLeastScale * std::exp(step * static_cast<double>(i));
    if (count > 1) scales.back() = kLargestScale;  // not one rounding beyond it
    return scales;
}

}  // namespace attn::experiment
