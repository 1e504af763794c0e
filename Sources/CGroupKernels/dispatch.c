// SPDX-License-Identifier: Apache-2.0
//
// Each operation that both kernels have, by the kernel of its modulus.
#include "kernels.h"
#include "modulus.h"

#if defined(__x86_64__)
#define EO_CHOOSE(CALL) (eo_uses_ifma(modulus) ? eo_ifma_##CALL : eo_gmp_##CALL)
#else
#define EO_CHOOSE(CALL) eo_gmp_##CALL
#endif

// Eight numbers at once cost a little more than one alone.
#define EO_WORTH_A_VECTOR 2

void eo_multiply(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    if (count < EO_WORTH_A_VECTOR) eo_gmp_multiply(modulus, out, a, b, count);
    else EO_CHOOSE(multiply(modulus, out, a, b, count));
}

void eo_scale(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    if (count < EO_WORTH_A_VECTOR) eo_gmp_scale(modulus, out, a, b, count);
    else EO_CHOOSE(scale(modulus, out, a, b, count));
}

void eo_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t width, size_t step,
    size_t count) {
    // The vector kernel's only power of any base takes one exponent for all.
    if (step == 0 && count >= EO_WORTH_A_VECTOR && eo_uses_ifma(modulus))
        EO_CHOOSE(power_secret(modulus, out, base, e, 64 * width, count));
    else eo_gmp_power_vartime(modulus, out, base, e, width, step, count);
}

void eo_power_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count) {
    if (count < EO_WORTH_A_VECTOR) eo_gmp_power_secret(modulus, out, base, e, bits, count);
    else EO_CHOOSE(power_secret(modulus, out, base, e, bits, count));
}

size_t eo_row_size(const eo_limb *modulus, size_t window) { return EO_CHOOSE(row_size(modulus, window)); }

void eo_row_init(const eo_limb *modulus, eo_limb *table, const eo_limb *squares, size_t window) {
    EO_CHOOSE(row_init(modulus, table, squares, window));
}

size_t eo_row_products_size(const eo_limb *modulus, size_t count) {
    return EO_CHOOSE(row_products_size(modulus, count));
}

void eo_row_multiply_vartime(
    const eo_limb *modulus, eo_limb *products, const eo_limb *table, size_t window, size_t shift, const eo_limb *e,
    size_t width, size_t count, bool begin) {
    EO_CHOOSE(row_multiply_vartime(modulus, products, table, window, shift, e, width, count, begin));
}

void eo_row_products_finish(
    const eo_limb *modulus, eo_limb *out, const eo_limb *products, size_t step, size_t sets, size_t count) {
    EO_CHOOSE(row_products_finish(modulus, out, products, step, sets, count));
}

size_t eo_buckets_size(const eo_limb *modulus, size_t window, size_t windows) {
    return EO_CHOOSE(buckets_size(modulus, window, windows));
}

void eo_buckets_clear(const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows) {
    EO_CHOOSE(buckets_clear(modulus, buckets, window, windows));
}

void eo_buckets_add_vartime(
    const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows, const eo_limb *base, size_t count,
    const eo_limb *e, size_t width, size_t shift) {
    EO_CHOOSE(buckets_add_vartime(modulus, buckets, window, windows, base, count, e, width, shift));
}

void eo_buckets_powers_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *buckets, size_t window, size_t windows) {
    EO_CHOOSE(buckets_powers_vartime(modulus, out, buckets, window, windows));
}

void eo_buckets_subsets_vartime(
    const eo_limb *modulus, eo_limb *out, eo_limb *buckets, size_t window, size_t windows) {
    EO_CHOOSE(buckets_subsets_vartime(modulus, out, buckets, window, windows));
}
