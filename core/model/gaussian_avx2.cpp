#define ATTN_KERNEL_NAMESPACE gaussian_avx2
#include "core/model/gaussian.inl"
