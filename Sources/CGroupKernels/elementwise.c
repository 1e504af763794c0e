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

void eo_scale(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count) {
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

void eo_product(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count) {
    eo_context c = eo_open(modulus);
    mp_limb_t product[EO_LIMBS_MAX], scaled[EO_LIMBS_MAX];
    memset(product, 0, sizeof product);
    product[0] = 1;
    for (size_t i = 0; i < count; i++, a += c.n) {
        eo_to_montgomery(&c, scaled, a);
        eo_montgomery(&c, product, product, scaled);
    }
    memcpy(out, product, c.n * sizeof *out);
}

void eo_sum(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count) {
    size_t n = (size_t)modulus[0];
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < count; i++) eo_add(modulus, out, out, a + i * n, 1);
}

void eo_inverse_vartime(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count) {
    if (count == 0) return;
    eo_context c = eo_open(modulus);
    size_t n = c.n;
    // Montgomery's trick: out[i] = a[0] * ... * a[i], then one inversion, then walk back.
    mp_limb_t *prefix = malloc(count * n * sizeof *prefix);
    if (prefix == NULL) abort();
    memcpy(prefix, a, n * sizeof *a);
    for (size_t i = 1; i < count; i++) eo_multiply(modulus, (eo_limb *)prefix + i * n, (eo_limb *)prefix + (i - 1) * n, a + i * n, 1);

    mpz_t all, m, inverse;
    mpz_roinit_n(all, prefix + (count - 1) * n, (mp_size_t)n);
    mpz_roinit_n(m, c.m, (mp_size_t)n);
    mpz_init(inverse);
    mpz_invert(inverse, all, m);
    eo_limb rest[EO_LIMBS_MAX] = {0}, number[EO_LIMBS_MAX];
    memcpy(rest, mpz_limbs_read(inverse), mpz_size(inverse) * sizeof *rest);
    for (size_t i = count - 1; i > 0; i--) {
        memcpy(number, a + i * n, n * sizeof *a);
        eo_multiply(modulus, out + i * n, rest, (eo_limb *)prefix + (i - 1) * n, 1);
        eo_multiply(modulus, rest, rest, number, 1);
    }
    memcpy(out, rest, n * sizeof *out);
    mpz_clear(inverse);
    eo_wipe(prefix, count * n * sizeof *prefix);
    free(prefix);
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
