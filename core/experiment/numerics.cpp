#include "core/experiment/numerics.h"

#include "core/experiment/half.h"
#include "core/experiment/saturation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

namespace attn::experiment {
namespace {

constexpr const char* tr(const char* text) {
    return translatable("core", text);
}

std::string decimal(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

/// exp x in decimal, also where no double holds it: "1.97e+434".
std::string decimalExp(double x) {
    const double logarithm = x / 2.302585092994045684;
    if (!(std::abs(logarithm) < 1e15)) return "e^" + decimal(x);
    if (std::abs(logarithm) < 300) return decimal(std::exp(x));
    const double whole = std::floor(logarithm);
    char text[64];
    std::snprintf(text, sizeof text, "%.2fe%+.0f", std::pow(10.0, logarithm - whole), whole);
    return text;
}

/// exp in higher precision, then one rounding into the format.
double roundedExp(NumberFormat format, double x) {
    if (format == NumberFormat::Float64) return static_cast<double>(std::exp(static_cast<long double>(x)));
    return roundTo(format, std::exp(x));
}

/// The product of scale and logit, and where it overflows, in the format.
void fillScores(NumericsCell& cell, const std::vector<double>& logits, double scale) {
    for (std::size_t i = 0; i < logits.size(); ++i) {
        cell.scores.push_back(roundTo(cell.format, scale * logits[i]));
        if (std::isfinite(cell.scores[i]) || cell.event != NumericsEvent::None) continue;
        cell.event = NumericsEvent::InputOverflow;
        cell.eventAt = i;
        cell.message =
            Error{tr("logit %1: %2 × %3 is beyond the largest %4, %5: the score is already infinite"),
                  {std::to_string(i + 1), decimal(scale), decimal(logits[i]), toString(cell.format),
                   decimal(largestFinite(cell.format))}};
    }
}

void fillExponentials(NumericsCell& cell) {
    const double maximum = *std::max_element(cell.scores.begin(), cell.scores.end());
    for (std::size_t i = 0; i < cell.scores.size(); ++i) {
        const double x = cell.scores[i];
        cell.shifted.push_back(cell.maximumSubtracted ? roundTo(cell.format, x - maximum) : x);
        cell.exponentials.push_back(roundedExp(cell.format, cell.shifted[i]));
        if (!std::isinf(cell.exponentials[i]) || cell.event != NumericsEvent::None) continue;
        cell.event = NumericsEvent::ExpOverflow;
        cell.eventAt = i;
        cell.message = Error{tr("logit %1: exp(%2) = %3 is larger than the largest %4, %5"),
                             {std::to_string(i + 1), decimal(cell.shifted[i]), decimalExp(cell.shifted[i]),
                              toString(cell.format), decimal(largestFinite(cell.format))}};
    }
}

void fillWeights(NumericsCell& cell) {
    for (const double e : cell.exponentials) cell.sum = roundTo(cell.format, cell.sum + e);
    if (cell.event == NumericsEvent::None && std::isinf(cell.sum)) {
        cell.event = NumericsEvent::SumOverflow;
        cell.message = Error{tr("the sum of the exponentials is larger than the largest %1, %2"),
                             {toString(cell.format), decimal(largestFinite(cell.format))}};
    } else if (cell.event == NumericsEvent::None && cell.sum == 0) {
        cell.event = NumericsEvent::SumZero;
        cell.message = Error{tr("every exponential is rounded to 0 in %1: the weights are 0/0"),
                             {toString(cell.format)}};
    }
    for (const double e : cell.exponentials) cell.weights.push_back(roundTo(cell.format, e / cell.sum));
}

NumericsCell cellOf(NumberFormat format, bool subtract, const std::vector<double>& logits, double scale,
                    const std::vector<double>& reference) {
    NumericsCell cell;
    cell.format = format;
    cell.maximumSubtracted = subtract;
    fillScores(cell, logits, scale);
    fillExponentials(cell);
    fillWeights(cell);
    for (std::size_t i = 0; i < reference.size(); ++i) {
        double error = std::abs(cell.weights[i] - reference[i]);
        if (std::isnan(error)) error = std::numeric_limits<double>::infinity();
        cell.largestError = std::max(cell.largestError, error);
    }
    return cell;
}

}  // namespace

const char* toString(NumberFormat format) {
    switch (format) {
        case NumberFormat::Float64:
            return "float64";
        case NumberFormat::Float32:
            return "float32";
        case NumberFormat::Float16:
            return "float16";
        case NumberFormat::Bfloat16:
            return "bfloat16";
    }
    return "";
}

double largestFinite(NumberFormat format) {
    switch (format) {
        case NumberFormat::Float64:
            return std::numeric_limits<double>::max();
        case NumberFormat::Float32:
            return static_cast<double>(std::numeric_limits<float>::max());
        case NumberFormat::Float16:
            return kLargestFloat16;
        case NumberFormat::Bfloat16:
            return kLargestBfloat16;
    }
    return 0;
}

// One operation on two values of a narrow format, done in double and then rounded, is the correctly rounded
// result: 53 bits are at least 2·24 + 2 (Figueroa, "When is double rounding innocuous?", 1995).
double roundTo(NumberFormat format, double value) {
    switch (format) {
        case NumberFormat::Float64:
            return value;
        case NumberFormat::Float32: {
            // Beyond the range of float the conversion is undefined in C++ without IEEE 754; here it is
            // infinity.
            const double limit =
                0x1.FFFFFFp127;  // largest float plus half a step: a tie that goes to infinity
            if (std::abs(value) >= limit)
                return std::copysign(std::numeric_limits<double>::infinity(), value);
            return static_cast<double>(static_cast<float>(value));
        }
        case NumberFormat::Float16:
            return doubleFromFloat16(float16FromDouble(value));
        case NumberFormat::Bfloat16:
            return doubleFromBfloat16(bfloat16FromDouble(value));
    }
    return value;
}

Result<std::vector<NumericsCell>> softmaxNumerics(const std::vector<double>& logits, double scale) {
    const Result<SaturationRow> exact = saturationRow(logits, scale);
    if (!exact) return tl::unexpected(exact.error());
    std::vector<NumericsCell> cells;
    for (const NumberFormat format : kNumberFormats) {
        for (const bool subtract : {false, true}) {
            cells.push_back(cellOf(format, subtract, logits, scale, exact->p));
        }
    }
    return cells;
}

}  // namespace attn::experiment
