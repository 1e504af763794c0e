// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"
#include "modulus.h"

void eo_gmp_multiply(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    eo_context c = eo_open(modulus);
    mp_limb_t scaled[EO_LIMBS_MAX];
    for (size_t i = 0; i < count; i++, out += c.n, a += c.n, b += c.n) {
        eo_to_montgomery(&c, scaled, a);
        eo_montgomery(&c, out, scaled, b);
    }
}

void eo_gmp_scale(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    eo_context c = eo_open(modulus);
    mp_limb_t scaled[EO_LIMBS_MAX];
    eo_to_montgomery(&c, scaled, b);
    for (size_t i = 0; i < count; i++, out += c.n, a += c.n) eo_montgomery(&c, out, a, scaled);
    eo_wipe(scaled, sizeof scaled);
}

void eo_add(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    eo_context c = eo_open(modulus);
    mp_limb_t reduced[EO_LIMBS_MAX];
    for (size_t i = 0; i < count; i++, out += c.n, a += c.n, b += c.n) {
        mp_limb_t carry = mpn_add_n(out, a, b, c.n);
        mp_limb_t borrow = mpn_sub_n(reduced, out, c.m, c.n);
        mp_limb_t keep = (mp_limb_t)0 - (borrow & (carry ^ 1));
        for (size_t j = 0; j < c.n; j++) out[j] = (out[j] & keep) | (reduced[j] & ~keep);
    }
}

void eo_subtract(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
    eo_context c = eo_open(modulus);
    for (size_t i = 0; i < count; i++, out += c.n, a += c.n, b += c.n) {
        mp_limb_t borrow = mpn_sub_n(out, a, b, c.n);
        mpn_cnd_add_n(borrow, out, out, c.m, c.n);
    }
}

// Products that eo_product computes side by side, for a vector kernel's sake.
#define EO_PARTIAL_PRODUCTS 16

void eo_product(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count) {
    size_t n = (size_t)modulus[0];
    eo_limb partial[EO_PARTIAL_PRODUCTS * EO_LIMBS_MAX];
    memset(partial, 0, sizeof partial);
    for (size_t i = 0; i < EO_PARTIAL_PRODUCTS; i++) partial[i * n] = 1;
    for (size_t i = 0; i < count; i += EO_PARTIAL_PRODUCTS) {
        size_t length = count - i < EO_PARTIAL_PRODUCTS ? count - i : EO_PARTIAL_PRODUCTS;
        eo_multiply(modulus, partial, partial, a + i * n, length);
    }
    for (size_t half = EO_PARTIAL_PRODUCTS / 2; half > 0; half /= 2)
        eo_multiply(modulus, partial, partial, partial + half * n, half);
    memcpy(out, partial, n * sizeof *out);
}

void eo_sum(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count) {
    size_t n = (size_t)modulus[0];
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < count; i++) eo_add(modulus, out, out, a + i * n, 1);
}

static void invert_one(const eo_context *c, eo_limb *out, const eo_limb *a) {
    mpz_t number, m, inverse;
    mpz_roinit_n(number, (const mp_limb_t *)a, (mp_size_t)c->n);
    mpz_roinit_n(m, c->m, (mp_size_t)c->n);
    mpz_init(inverse);
    mpz_invert(inverse, number, m);
    memset(out, 0, c->n * sizeof *out);
    memcpy(out, mpz_limbs_read(inverse), mpz_size(inverse) * sizeof *out);
    mpz_clear(inverse);
}

// Inverts the products of the first half of the numbers with the second, whole arrays at a time for a vector kernel's sake: each half's
// inverses are those times the other half. `scratch` holds twice the numbers.
static void invert_halves(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count, eo_limb *scratch) {
    eo_context c = eo_open(modulus);
    if (count == 1) return invert_one(&c, out, a);
    // A number in the middle of an odd count stands alone.
    size_t half = (count + 1) / 2, pairs = count / 2, n = c.n;
    const eo_limb *second = a + half * n;
    eo_limb *inverse = scratch, *rest = scratch + half * n;
    eo_multiply(modulus, inverse, a, second, pairs);
    if (half > pairs) memcpy(inverse + pairs * n, a + pairs * n, n * sizeof *a);
    invert_halves(modulus, inverse, inverse, half, rest);
    eo_multiply(modulus, rest, inverse, a, pairs);
    eo_multiply(modulus, out, inverse, second, pairs);
    if (half > pairs) memcpy(out + pairs * n, inverse + pairs * n, n * sizeof *a);
    memcpy(out + half * n, rest, pairs * n * sizeof *a);
}

void eo_inverse_vartime(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count) {
    if (count == 0) return;
    size_t size = 2 * (count + 64) * (size_t)modulus[0] * sizeof(eo_limb);
    eo_limb *scratch = malloc(size);
    if (scratch == NULL) abort();
    invert_halves(modulus, out, a, count, scratch);
    eo_wipe(scratch, size);
    free(scratch);
}

void eo_reduce(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t wide, size_t count) {
    eo_context c = eo_open(modulus);
    if (wide < c.n) {
        for (size_t i = 0; i < count; i++) {
            memmove(out + i * c.n, a + i * wide, wide * sizeof *a);
            memset(out + i * c.n + wide, 0, (c.n - wide) * sizeof *a);
        }
        return;
    }
    mp_size_t itch = mpn_sec_div_r_itch((mp_size_t)wide, (mp_size_t)c.n);
    mp_limb_t *number = malloc((wide + (size_t)itch) * sizeof *number);
    if (number == NULL) abort();
    for (size_t i = 0; i < count; i++) {
        memcpy(number, a + i * wide, wide * sizeof *a);
        mpn_sec_div_r(number, (mp_size_t)wide, c.m, (mp_size_t)c.n, number + wide);
        memcpy(out + i * c.n, number, c.n * sizeof *out);
    }
    eo_wipe(number, (wide + (size_t)itch) * sizeof *number);
    free(number);
}

static void multiply_any(mp_limb_t *out, const mp_limb_t *a, size_t a_width, const mp_limb_t *b, size_t b_width) {
    if (a_width >= b_width) mpn_mul(out, a, (mp_size_t)a_width, b, (mp_size_t)b_width);
    else mpn_mul(out, b, (mp_size_t)b_width, a, (mp_size_t)a_width);
}

void eo_integer_fold(
    eo_limb *out, size_t width, size_t shift, const eo_limb *a, size_t a_width, const eo_limb *factor,
    size_t factor_width, const eo_limb *b, size_t b_width, const eo_limb *c, size_t c_width, size_t count) {
    mp_limb_t product[2 * EO_LIMBS_MAX], sum[2 * EO_LIMBS_MAX];
    for (size_t i = 0; i < count; i++, out += width, a += a_width, b += b_width, c += c_width) {
        memset(sum, 0, sizeof sum);
        memset(product, 0, sizeof product);
        sum[shift / 64] = (mp_limb_t)1 << (shift % 64);
        multiply_any(product, a, a_width, factor, factor_width);
        mpn_add_n(sum, sum, product, (mp_size_t)width);
        memset(product, 0, sizeof product);
        multiply_any(product, b, b_width, c, c_width);
        mpn_sub_n(sum, sum, product, (mp_size_t)width);
        memcpy(out, sum, width * sizeof *out);
    }
}
