#include "core/model/toy_model.h"

#include "core/base/parallel.h"
#include "core/model/gaussian.h"

#include <algorithm>
#include <cmath>

namespace attn {
namespace {

/// Rows of one tensor's stream are numbered by head and row; embeddings by the token's text.
enum Stream : std::uint64_t { kEmbeddingStream = 100 };

std::uint64_t weightKey(std::uint32_t seed, ToyWeight weight, Index head, Index row) {
    std::uint64_t hash = mixHash(seed, static_cast<std::uint64_t>(weight));
    hash = mixHash(hash, static_cast<std::uint64_t>(head));
    return mixHash(hash, static_cast<std::uint64_t>(row));
}

Tensor drawWeight(BufferPool& pool, ToyWeight weight, std::uint32_t seed, Index heads, Index rows, Index cols,
                  float gain) {
    Tensor tensor = Tensor::allocate(pool, heads, rows, cols, Tensor::Layout::HeadsInterleaved);
    const auto lines = static_cast<std::size_t>(heads * rows);
    constexpr std::size_t kGrain = 16384;  // numbers worth another thread
    parallelRanges(lines, kGrain / static_cast<std::size_t>(std::max<Index>(cols, 1)),
                   [&](std::size_t begin, std::size_t end) {
                       for (std::size_t i = begin; i < end; ++i) {
                           const Index head = static_cast<Index>(i) / rows;
                           const Index row = static_cast<Index>(i) % rows;
                           fillGaussian(weightKey(seed, weight, head, row), 0, gain,
                                        tensor.span(head).row(row).data(), static_cast<std::size_t>(cols));
                       }
                   });
    return tensor;
}

float projectionGain(const EffectiveParameters& p) {
    const double strength = p.positions == PositionsKind::Sinusoidal ? p.positionStrength : 0;
    return static_cast<float>(1 / std::sqrt(static_cast<double>(p.dModel) * (1 + strength * strength / 2)));
}

void fillWordVector(const WordVectors& words, Index index, MatrixSpan& out, Index row) {
    const Index shared = std::min(words.dimensions(), out.cols());
    out.row(row).setZero();
    out.row(row).head(shared) = words.row(index).head(shared);
    const float norm = out.row(row).norm();
    if (norm > 0) out.row(row) *= std::sqrt(static_cast<float>(out.cols())) / norm;
}

}  // namespace

Tensor toyTokenEmbed(BufferPool& pool, std::span<const Token> tokens, const EffectiveParameters& p,
                     const WordVectors* words) {
    Tensor tensor = Tensor::allocate(pool, static_cast<Index>(tokens.size()), p.dModel);
    MatrixSpan rows = tensor.span();
    parallelRanges(tokens.size(), 8, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const auto row = static_cast<Index>(i);
            const Index known = words == nullptr ? -1 : words->find(tokens[i].text);
            if (known >= 0) {
                fillWordVector(*words, known, rows, row);
            } else {
                const std::uint64_t key = mixHash(mixHash(p.seed, kEmbeddingStream), tokens[i].text);
                fillGaussian(key, 0, 1.0F, rows.row(row).data(), static_cast<std::size_t>(p.dModel));
            }
        }
    });
    return tensor;
}

Tensor toyWeight(BufferPool& pool, ToyWeight weight, const EffectiveParameters& p) {
    switch (weight) {
        case ToyWeight::V:
            return drawWeight(pool, weight, p.seed, p.heads, p.dModel, p.dV, projectionGain(p));
        case ToyWeight::O: {
            const float gain = 1 / std::sqrt(static_cast<float>(p.dModel));
            // Heads stacked: one (H·d_v) × d_model matrix, as the product with the concatenated heads wants
            // it.
            Tensor stacked = Tensor::allocate(pool, p.heads * p.dV, p.dModel);
            MatrixSpan rows = stacked.span();
            parallelRanges(static_cast<std::size_t>(rows.rows()), 64,
                           [&](std::size_t begin, std::size_t end) {
                               for (std::size_t i = begin; i < end; ++i) {
                                   const auto line = static_cast<Index>(i);
                                   fillGaussian(weightKey(p.seed, weight, line / p.dV, line % p.dV), 0, gain,
                                                rows.row(line).data(), static_cast<std::size_t>(p.dModel));
                               }
                           });
            return stacked.splitRows(p.heads);
        }
        default:
            return drawWeight(pool, weight, p.seed, p.heads, p.dModel, p.dK, projectionGain(p));
    }
}

Tensor toyScoreWeight(BufferPool& pool, ToyWeight weight, const EffectiveParameters& p) {
    const float perKeyEntry = 1 / std::sqrt(static_cast<float>(p.dK));
    switch (weight) {
        case ToyWeight::AdditiveOut:
            return drawWeight(pool, weight, p.seed, p.heads, 1, p.scoreWidth, 1.0F);
        case ToyWeight::Bilinear:
            return drawWeight(pool, weight, p.seed, p.heads, p.dK, p.dK, perKeyEntry);
        default:
            return drawWeight(pool, weight, p.seed, p.heads, p.dK, p.scoreWidth, perKeyEntry);
    }
}

}  // namespace attn
