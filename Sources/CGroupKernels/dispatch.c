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

size_t eo_fixed_base_size(const eo_limb *modulus, size_t bits, size_t window) {
    return EO_CHOOSE(fixed_base_size(modulus, bits, window));
}

void eo_fixed_base_init(
    const eo_limb *modulus, eo_limb *table, const eo_limb *row, size_t window, size_t first, size_t last) {
    EO_CHOOSE(fixed_base_init(modulus, table, row, window, first, last));
}

void eo_fixed_base_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *table, size_t bits, size_t window, const eo_limb *e,
    size_t width, size_t count) {
    EO_CHOOSE(fixed_base_power_vartime(modulus, out, table, bits, window, e, width, count));
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
