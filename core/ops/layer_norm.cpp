#include "core/ops/layer_norm.h"

#include "core/base/parallel.h"
#include "core/ops/row_kernels.h"

#include <cassert>

namespace attn {

void layerNorm(const MatrixView& x, const MatrixView* residual, MatrixSpan y, double epsilon) {
    assert(x.rows() == y.rows() && x.cols() == y.cols());
    if (x.size() == 0) return;
    parallelRanges(static_cast<std::size_t>(x.rows()), 16, [&](std::size_t begin, std::size_t end) {
        for (auto i = static_cast<Index>(begin); i < static_cast<Index>(end); ++i) {
            rowKernels().norm(x.row(i).data(), residual == nullptr ? nullptr : residual->row(i).data(),
                              nullptr, nullptr, false, epsilon, y.row(i).data(),
                              static_cast<std::size_t>(x.cols()));
        }
    });
}

}  // namespace attn
