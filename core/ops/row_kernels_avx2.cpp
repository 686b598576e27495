#define ATTN_KERNEL_NAMESPACE kernels_avx2
#include "core/ops/row_kernels.inl"
