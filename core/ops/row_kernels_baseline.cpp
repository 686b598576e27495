#define ATTN_KERNEL_NAMESPACE kernels_baseline
#include "core/ops/row_kernels.inl"
