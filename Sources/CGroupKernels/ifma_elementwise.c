// SPDX-License-Identifier: Apache-2.0
#include "ifma_multiply.h"
#include "kernels.h"

#if defined(__x86_64__)

EO_IFMA void eo_ifma_multiply(
    const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    eo_vector_digits left, right;
    for (size_t i = 0; i < count; i += EO_LANES) {
        size_t lanes = count - i < EO_LANES ? count - i : EO_LANES;
        eo_load(&c, &left, a + i * c.n, lanes);
        eo_load(&c, &right, b + i * c.n, lanes);
        eo_multiply_scalar8(&c, &left, &left, &c.r_square);
        eo_multiply8(&c, &left, &left, &right);
        eo_store(&c, out + i * c.n, &left, lanes);
    }
}

EO_IFMA void eo_ifma_scale(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    eo_vector_digits factor, number;
    eo_scalar_digits digits;
    eo_split_number(&c, digits.digit, b);
    eo_spread(&c, &factor, &c.r_square);
    eo_multiply_scalar8(&c, &factor, &factor, &digits);
    for (size_t i = 0; i < count; i += EO_LANES) {
        size_t lanes = count - i < EO_LANES ? count - i : EO_LANES;
        eo_load(&c, &number, a + i * c.n, lanes);
        eo_multiply8(&c, &number, &number, &factor);
        eo_store(&c, out + i * c.n, &number, lanes);
    }
    eo_wipe(&digits, sizeof digits);
    eo_wipe(&factor, sizeof factor);
    eo_wipe(&number, sizeof number);
}

#endif
