#include "core/ops/positions.h"

#include <cassert>
#include <cmath>

namespace attn {

void sinusoidalPositions(double strength, MatrixSpan encoding) {
    const auto d = static_cast<double>(encoding.cols());
    for (Index c = 0; c < encoding.cols(); ++c) {
        const double frequency = std::pow(10000.0, -static_cast<double>(c - c % 2) / d);
        for (Index t = 0; t < encoding.rows(); ++t) {
            const double angle = static_cast<double>(t) * frequency;
            encoding(t, c) = static_cast<float>(strength * (c % 2 == 0 ? std::sin(angle) : std::cos(angle)));
        }
    }
}

void rotaryPositions(const MatrixView& x, double strength, double base, MatrixSpan rotated) {
    assert(x.rows() == rotated.rows() && x.cols() == rotated.cols());
    const Index half = x.cols() / 2;
    for (Index i = 0; i < half; ++i) {
        const double frequency =
            strength * std::pow(base, -2.0 * static_cast<double>(i) / static_cast<double>(2 * half));
        for (Index t = 0; t < x.rows(); ++t) {
            const double angle = static_cast<double>(t) * frequency;
            const auto cosine = static_cast<float>(std::cos(angle));
            const auto sine = static_cast<float>(std::sin(angle));
            const float a = x(t, i);
            const float b = x(t, i + half);
            rotated(t, i) = a * cosine - b * sine;
            rotated(t, i + half) = a * sine + b * cosine;
        }
    }
    if (x.cols() % 2 == 1) rotated.col(x.cols() - 1) = x.col(x.cols() - 1);
}

}  // namespace attn
