// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"
#include "modulus.h"

void eo_gmp_power_vartime(
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

// Bits of an exponent's digit: a table of 32 powers, all of which are read for each digit.
#define EO_SECRET_WINDOW 5
#define EO_SECRET_TABLE ((size_t)1 << EO_SECRET_WINDOW)

void eo_gmp_power_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count) {
    eo_context c = eo_open(modulus);
    size_t n = c.n, width = (bits + 63) / 64, digits = (bits + EO_SECRET_WINDOW - 1) / EO_SECRET_WINDOW;
    size_t limbs = (EO_SECRET_TABLE + 2) * n + eo_montgomery_secret_itch(&c);
    mp_limb_t *table = malloc(limbs * sizeof *table);
    if (table == NULL) abort();
    mp_limb_t *power = table + EO_SECRET_TABLE * n, *factor = power + n, *scratch = factor + n;
    memcpy(table, c.one, n * sizeof *table);
    for (size_t i = 0; i < count; i++, out += n, base += n) {
        eo_montgomery_secret(&c, table + n, (const mp_limb_t *)base, c.r_square, scratch);
        for (size_t j = 2; j < EO_SECRET_TABLE; j++)
            eo_montgomery_secret(&c, table + j * n, table + (j - 1) * n, table + n, scratch);
        memcpy(power, c.one, n * sizeof *power);
        for (size_t j = digits; j-- > 0;) {
            if (j + 1 < digits)
                for (int square = 0; square < EO_SECRET_WINDOW; square++)
                    eo_montgomery_secret(&c, power, power, power, scratch);
            mpn_sec_tabselect(
                factor, table, (mp_size_t)n, (mp_size_t)EO_SECRET_TABLE,
                (mp_size_t)eo_digit(e, width, j * EO_SECRET_WINDOW, EO_SECRET_WINDOW));
            eo_montgomery_secret(&c, power, power, factor, scratch);
        }
        eo_from_montgomery(&c, (mp_limb_t *)out, power);
    }
    eo_wipe(table, limbs * sizeof *table);
    free(table);
}

void eo_multiply_add_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, const eo_limb *c) {
    eo_context context = eo_open(modulus);
    size_t itch = eo_montgomery_secret_itch(&context);
    mp_limb_t scaled[EO_LIMBS_MAX], *scratch = malloc(itch * sizeof *scratch);
    if (scratch == NULL) abort();
    eo_montgomery_secret(&context, scaled, (const mp_limb_t *)a, context.r_square, scratch);
    eo_montgomery_secret(&context, scaled, scaled, (const mp_limb_t *)b, scratch);
    eo_add(modulus, out, (const eo_limb *)scaled, c, 1);
    eo_wipe(scaled, sizeof scaled);
    eo_wipe(scratch, itch * sizeof *scratch);
    free(scratch);
}
