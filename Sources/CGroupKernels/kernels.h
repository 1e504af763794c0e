// SPDX-License-Identifier: Apache-2.0
//
// What both kernels implement; the functions of group_kernels.h choose by the modulus.
#ifndef EO_KERNELS_H
#define EO_KERNELS_H

#include "group_kernels.h"

#define EO_DECLARE_KERNEL(K)                                                                                           \
    void K##_multiply(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count);         \
    void K##_scale(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count);            \
    void K##_power_secret(                                                                                             \
        const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count);       \
    size_t K##_row_size(const eo_limb *modulus, size_t window);                                                        \
    void K##_row_init(const eo_limb *modulus, eo_limb *table, const eo_limb *squares, size_t window);                  \
    size_t K##_row_products_size(const eo_limb *modulus, size_t count);                                                \
    void K##_row_multiply_vartime(                                                                                     \
        const eo_limb *modulus, eo_limb *products, const eo_limb *table, size_t window, size_t shift,                  \
        const eo_limb *e, size_t width, size_t count, bool begin);                                                     \
    void K##_row_products_finish(                                                                                      \
        const eo_limb *modulus, eo_limb *out, const eo_limb *products, size_t step, size_t sets, size_t count);        \
    size_t K##_buckets_size(const eo_limb *modulus, size_t window, size_t windows);                                    \
    void K##_buckets_clear(const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows);                   \
    void K##_buckets_add_vartime(                                                                                      \
        const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows, const eo_limb *base, size_t count,    \
        const eo_limb *e, size_t width, size_t shift);                                                                 \
    void K##_buckets_powers_vartime(                                                                                   \
        const eo_limb *modulus, eo_limb *out, const eo_limb *buckets, size_t window, size_t windows);                  \
    void K##_buckets_subsets_vartime(                                                                                  \
        const eo_limb *modulus, eo_limb *out, eo_limb *buckets, size_t window, size_t windows);

// Powers with an exponent each, which only GMP has.
void eo_gmp_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t width, size_t step,
    size_t count);

EO_DECLARE_KERNEL(eo_gmp)
EO_DECLARE_KERNEL(eo_ifma)

#endif
