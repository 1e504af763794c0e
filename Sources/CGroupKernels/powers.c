// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"
#include "modulus.h"

void eo_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t width, size_t step,
    size_t count) {
    eo_context c = eo_open(modulus);
    mpz_t m, power;
    mpz_roinit_n(m, c.m, (mp_size_t)c.n);
    mpz_init2(power, 64 * c.n + 64);
    for (size_t i = 0; i < count; i++, out += c.n, base += c.n, e += step) {
        mpz_t b, exponent;
        mpz_roinit_n(b, (const mp_limb_t *)base, (mp_size_t)c.n);
        mpz_roinit_n(exponent, (const mp_limb_t *)e, (mp_size_t)width);
        mpz_powm(power, b, exponent, m);
        size_t used = mpz_size(power);
        memcpy(out, mpz_limbs_read(power), used * sizeof *out);
        memset(out + used, 0, (c.n - used) * sizeof *out);
    }
    mpz_clear(power);
}

void eo_gmp_power_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count) {
    eo_context c = eo_open(modulus);
    size_t itch = (size_t)mpn_sec_powm_itch((mp_size_t)c.n, bits, (mp_size_t)c.n);
    mp_limb_t *scratch = malloc(itch * sizeof *scratch);
    if (scratch == NULL) abort();
    mp_limb_t power[EO_LIMBS_MAX];
    for (size_t i = 0; i < count; i++, out += c.n, base += c.n) {
        mpn_sec_powm(
            power, (const mp_limb_t *)base, (mp_size_t)c.n, (const mp_limb_t *)e, bits, c.m, (mp_size_t)c.n, scratch);
        memcpy(out, power, c.n * sizeof *out);
    }
    eo_wipe(scratch, itch * sizeof *scratch);
    free(scratch);
}

// a * b * R^-1 by schoolbook: mpn_mul_n may take paths that depend on the numbers.
static void montgomery_secret(
    const eo_context *c, mp_limb_t *out, const mp_limb_t *a, const mp_limb_t *b, mp_limb_t *scratch) {
    mp_limb_t wide[2 * EO_LIMBS_MAX];
    mpn_sec_mul(wide, a, (mp_size_t)c->n, b, (mp_size_t)c->n, scratch);
    eo_redc(c, out, wide);
    eo_wipe(wide, sizeof wide);
}

void eo_multiply_add_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, const eo_limb *c) {
    eo_context context = eo_open(modulus);
    size_t itch = (size_t)mpn_sec_mul_itch((mp_size_t)context.n, (mp_size_t)context.n) + 1;
    mp_limb_t scaled[EO_LIMBS_MAX], *scratch = malloc(itch * sizeof *scratch);
    if (scratch == NULL) abort();
    montgomery_secret(&context, scaled, (const mp_limb_t *)a, context.r_square, scratch);
    montgomery_secret(&context, scaled, scaled, (const mp_limb_t *)b, scratch);
    eo_add(modulus, out, (const eo_limb *)scaled, c, 1);
    eo_wipe(scaled, sizeof scaled);
    eo_wipe(scratch, itch * sizeof *scratch);
    free(scratch);
}

static size_t rows(size_t bits, size_t window) { return (bits + window - 1) / window; }

size_t eo_gmp_fixed_base_size(const eo_limb *modulus, size_t bits, size_t window) {
    return (rows(bits, window) << window) * (size_t)modulus[0];
}

void eo_fixed_base_rows(const eo_limb *modulus, eo_limb *row, const eo_limb *base, size_t bits, size_t window) {
    eo_context c = eo_open(modulus);
    mp_limb_t power[EO_LIMBS_MAX];
    eo_to_montgomery(&c, power, (const mp_limb_t *)base);
    for (size_t i = 0; i < rows(bits, window); i++, row += c.n) {
        eo_from_montgomery(&c, (mp_limb_t *)row, power);
        for (size_t j = 0; j < window; j++) eo_montgomery(&c, power, power, power);
    }
}

void eo_gmp_fixed_base_init(
    const eo_limb *modulus, eo_limb *table, const eo_limb *row, size_t window, size_t first, size_t last) {
    eo_context c = eo_open(modulus);
    size_t entries = (size_t)1 << window;
    mp_limb_t step[EO_LIMBS_MAX];
    for (size_t i = first; i < last; i++) {
        mp_limb_t *entry = (mp_limb_t *)table + i * entries * c.n;
        eo_to_montgomery(&c, step, (const mp_limb_t *)row + i * c.n);
        memcpy(entry, c.one, c.n * sizeof *entry);
        for (size_t digit = 1; digit < entries; digit++, entry += c.n) eo_montgomery(&c, entry + c.n, entry, step);
    }
}

void eo_gmp_fixed_base_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *table, size_t bits, size_t window, const eo_limb *e,
    size_t width, size_t count) {
    eo_context c = eo_open(modulus);
    size_t row_size = c.n << window, row_count = rows(bits, window);
    mp_limb_t power[EO_LIMBS_MAX];
    for (size_t i = 0; i < count; i++, out += c.n, e += width) {
        memcpy(power, c.one, c.n * sizeof *power);
        for (size_t row = 0; row < row_count; row++) {
            size_t digit = eo_digit(e, width, row * window, window);
            if (digit == 0) continue;
            eo_montgomery(&c, power, power, (const mp_limb_t *)table + row * row_size + digit * c.n);
        }
        eo_from_montgomery(&c, (mp_limb_t *)out, power);
    }
}
