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

RotaryTable rotaryTable(Index positions, const std::vector<double>& frequencies) {
    const auto half = static_cast<Index>(frequencies.size());
    RotaryTable table{Matrix(positions, half), Matrix(positions, half)};
    for (Index t = 0; t < positions; ++t) {
        for (Index i = 0; i < half; ++i) {
            const double angle = static_cast<double>(t) * frequencies[static_cast<std::size_t>(i)];
            table.cosine(t, i) = static_cast<float>(std::cos(angle));
            table.sine(t, i) = static_cast<float>(std::sin(angle));
        }
    }
    return table;
}

std::vector<double> rotaryFrequencies(Index d, double strength, double base) {
    const Index half = d / 2;
    std::vector<double> frequencies(static_cast<std::size_t>(half));
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        frequencies[i] =
            strength * std::pow(base, -2.0 * static_cast<double>(i) / static_cast<double>(2 * half));
    }
    return frequencies;
}

void rotaryPositions(const MatrixView& x, const RotaryTable& table, MatrixSpan rotated) {
    const Index half = x.cols() / 2;
    assert(x.rows() == rotated.rows() && x.cols() == rotated.cols());
    assert(table.cosine.rows() >= x.rows() && table.cosine.cols() == half);
    for (Index t = 0; t < x.rows(); ++t) {
        for (Index i = 0; i < half; ++i) {
            const float cosine = table.cosine(t, i);
            const float sine = table.sine(t, i);
            const float a = x(t, i);
            const float b = x(t, i + half);
            rotated(t, i) = a * cosine - b * sine;
            rotated(t, i + half) = a * sine + b * cosine;
        }
    }
    if (x.cols() % 2 == 1) rotated.col(x.cols() - 1) = x.col(x.cols() - 1);
}

}  // namespace attn
