#include "core/ops/row_kernels.h"

namespace attn {
namespace kernels_baseline {
const RowKernels& kernels(const char* name);
}
#ifdef ATTN_HAVE_AVX2_KERNELS
namespace kernels_avx2 {
const RowKernels& kernels(const char* name);
}
#endif

const RowKernels& baselineRowKernels() {
    return kernels_baseline::kernels("baseline");
}

const RowKernels& rowKernels() {
#ifdef ATTN_HAVE_AVX2_KERNELS
    static const bool hasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (hasAvx2) return kernels_avx2::kernels("AVX2");
#endif
    return baselineRowKernels();
}

}  // namespace attn
