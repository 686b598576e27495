#pragma once
/// Attention on arrays: the core that the pipeline and `attention-lab attend` both go through.

#include "core/tensor/matrix.h"

#include <cstdint>
#include <optional>
#include <string>

namespace attn {

/// How raw scores become scores. One row: s = softcap(raw · multiplier), then + bias, then −∞ where not
/// allowed.
struct ScoreAdjustment {
    float multiplier = 1;                   ///< scale / temperature
    float softcap = 0;                      ///< c: c·tanh(s/c); 0: none
    const std::uint8_t* allowed = nullptr;  ///< Tq × Tk, 1 = allowed; null: all
    const float* bias = nullptr;            ///< Tq × Tk, added (−∞ masks); null: none
};

/// scores = mask(softcap(scores_raw · multiplier)). Finite results stay finite (clamped to ±FLT_MAX); masked
/// is −∞.
void adjustScores(const MatrixView& scoresRaw, const ScoreAdjustment& adjustment, MatrixSpan scores);

/// pattern = softmax(scores) along keys, from the raw scores in one pass. A masked cell, or one more than 87
/// below its row's maximum, gets weight exactly 0. A fully masked row gives zeros.
void softmaxScores(const MatrixView& scoresRaw, const ScoreAdjustment& adjustment, MatrixSpan pattern);

/// All weight on the largest score; keys within 1e-6 relative of it share the weight equally.
void hardmaxScores(const MatrixView& scoresRaw, const ScoreAdjustment& adjustment, MatrixSpan pattern);

/// Whether a dot product of rows of q and k, or a partial sum of one, could leave the range of float.
[[nodiscard]] bool dotsMayOverflow(const MatrixView& q, const MatrixView& k);
/// The same from the largest magnitudes in q and k and the number of terms of a product.
[[nodiscard]] bool dotsMayOverflow(double largestQ, double largestK, Index terms);
[[nodiscard]] double largestMagnitude(const MatrixView& m);

/// scores_raw = q·kᵀ. With `mayOverflow` worked in double and clamped to ±FLT_MAX.
void dotScores(const MatrixView& q, const MatrixView& k, MatrixSpan scoresRaw, bool mayOverflow);

}  // namespace attn
