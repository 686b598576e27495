#define ATTN_KERNEL_NAMESPACE gaussian_baseline
#include "core/model/gaussian.inl"
