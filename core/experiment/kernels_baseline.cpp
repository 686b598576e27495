#define ATTN_KERNEL_NAMESPACE kernels_baseline
#include "core/experiment/kernels.inl"
