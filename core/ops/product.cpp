#include "core/ops/product.h"

#include "core/base/parallel.h"
#include "core/ops/row_kernels.h"

#include <cassert>

#ifdef ATTN_HAVE_OPENBLAS
#include <cblas.h>
#endif

#include <algorithm>
#include <string>

namespace attn {
namespace {

#ifdef ATTN_HAVE_OPENBLAS
/// OpenBLAS's threads spin for milliseconds after each product and would take the cores from ours.
void keepBlasToOneThread() {
    static const bool done = [] {
        openblas_set_num_threads(1);
        return true;
    }();
    (void)done;
}

void gemm(const MatrixView& a, const MatrixView& b, CBLAS_TRANSPOSE transposeB, MatrixSpan& c) {
    keepBlasToOneThread();
    const auto stride = [](const auto& m) {
        return static_cast<blasint>(std::max<Index>(m.outerStride(), 1));
    };
    cblas_sgemm(CblasRowMajor, CblasNoTrans, transposeB, static_cast<blasint>(c.rows()),
                static_cast<blasint>(c.cols()), static_cast<blasint>(a.cols()), 1.0F, a.data(), stride(a),
                b.data(), stride(b), 0.0F, c.data(), stride(c));
}
#endif

/// BLAS copies both factors into an order of its own first, which with so few rows costs more than the
/// product. True where the own kernel has done it.
bool multiplyFewRows(const MatrixView& a, const MatrixView& b, bool transposed, MatrixSpan& c) {
    constexpr Index kMostRows = 16, kFewestNumbers = 1 << 12;
    const RowKernels& kernels = rowKernels();
    if (a.rows() > kMostRows || b.size() < kFewestNumbers || &kernels == &baselineRowKernels()) return false;
    const auto size = [](Index n) { return static_cast<std::size_t>(n); };
    kernels.fewRows(a.data(), size(a.outerStride()), size(a.rows()), b.data(), size(b.outerStride()),
                    transposed, c.data(), size(c.outerStride()), size(c.cols()), size(a.cols()));
    return true;
}

}  // namespace

void multiply(const MatrixView& a, const MatrixView& b, MatrixSpan c) {
    assert(a.cols() == b.rows() && a.rows() == c.rows() && b.cols() == c.cols());
    if (c.size() == 0) return;
    if (a.cols() == 0) {
        c.setZero();
        return;
    }
    if (multiplyFewRows(a, b, false, c)) return;
#ifdef ATTN_HAVE_OPENBLAS
    gemm(a, b, CblasNoTrans, c);
#else
    c.noalias() = a * b;
#endif
}

void multiplyTransposed(const MatrixView& a, const MatrixView& b, MatrixSpan c) {
    assert(a.cols() == b.cols() && a.rows() == c.rows() && b.rows() == c.cols());
    if (c.size() == 0) return;
    if (a.cols() == 0) {
        c.setZero();
        return;
    }
    if (multiplyFewRows(a, b, true, c)) return;
#ifdef ATTN_HAVE_OPENBLAS
    gemm(a, b, CblasTrans, c);
#else
    c.noalias() = a * b.transpose();
#endif
}

namespace {

/// Calls part(begin, count, byRows) for the pieces of an m × n result with k terms in each cell.
template <typename Part>
void splitProduct(Index m, Index n, Index k, const Part& part) {
    // Below this a product is done before another thread has heard of it.
    constexpr double kSmallProduct = 2e5;
    const double operations = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    const auto wanted = static_cast<std::size_t>(operations / kSmallProduct);
    const std::size_t parts = std::clamp<std::size_t>(wanted, 1, threadCount());
    if (parts == 1) {
        part(0, m, true);
        return;
    }
    // The longer side is split: BLAS likes both pieces fat. Pieces start at multiples of 16.
    const bool byRows = m >= n;
    const Index length = byRows ? m : n;
    const auto edge = [&](std::size_t i) {
        return i == parts
                   ? length
                   : length * static_cast<Index>(i) / static_cast<Index>(parts) / Index{16} * Index{16};
    };
    parallelFor(parts, [&](std::size_t i) {
        const Index begin = edge(i);
        part(begin, edge(i + 1) - begin, byRows);
    });
}

MatrixSpan columnsOf(MatrixSpan& c, Index begin, Index count) {
    return {c.data() + begin, c.rows(), count, Eigen::OuterStride<>(c.outerStride())};
}

}  // namespace

void multiplyParallel(const MatrixView& a, const MatrixView& b, MatrixSpan c) {
    splitProduct(c.rows(), c.cols(), a.cols(), [&](Index begin, Index count, bool byRows) {
        if (byRows) {
            multiply(rowsOf(a, begin, count), b, rowsOf(c, begin, count));
        } else {
            const MatrixView part(b.data() + begin, b.rows(), count, Eigen::OuterStride<>(b.outerStride()));
            multiply(a, part, columnsOf(c, begin, count));
        }
    });
}

void multiplyTransposedParallel(const MatrixView& a, const MatrixView& b, MatrixSpan c) {
    splitProduct(c.rows(), c.cols(), a.cols(), [&](Index begin, Index count, bool byRows) {
        if (byRows) {
            multiplyTransposed(rowsOf(a, begin, count), b, rowsOf(c, begin, count));
        } else {
            multiplyTransposed(a, rowsOf(b, begin, count), columnsOf(c, begin, count));
        }
    });
}

const char* productLibrary() {
#ifdef ATTN_HAVE_OPENBLAS
    static const std::string name =
        std::string(openblas_get_config()).substr(0, 15) + " (" + openblas_get_corename() + ")";
    return name.c_str();
#else
    return "Eigen";
#endif
}

}  // namespace attn
