#include "core/ops/layer_norm.h"

#include "core/base/parallel.h"

#include <cassert>
#include <cmath>

namespace attn {

void layerNorm(const MatrixView& x, const MatrixView* residual, MatrixSpan y, double epsilon) {
    assert(x.rows() == y.rows() && x.cols() == y.cols());
    if (x.size() == 0) return;
    using Row = Eigen::Array<double, 1, Eigen::Dynamic>;
    parallelRanges(static_cast<std::size_t>(x.rows()), 16, [&](std::size_t begin, std::size_t end) {
        Row sum(x.cols());
        for (auto i = static_cast<Index>(begin); i < static_cast<Index>(end); ++i) {
            sum = x.row(i).cast<double>().array();
            if (residual != nullptr) sum += residual->row(i).cast<double>().array();
            sum -= sum.mean();
            const double factor = 1 / std::sqrt(sum.square().mean() + epsilon);
            y.row(i) = (sum * factor).cast<float>().matrix();
        }
    });
}

}  // namespace attn
