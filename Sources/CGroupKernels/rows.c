// SPDX-License-Identifier: Apache-2.0
//
// Powers of one base by GMP: a row's table has plain limbs in Montgomery form, and so have the products.
#include "kernels.h"
#include "modulus.h"

void eo_squares(const eo_limb *modulus, eo_limb *squares, const eo_limb *base, size_t count) {
    eo_context c = eo_open(modulus);
    mp_limb_t power[EO_LIMBS_MAX];
    eo_to_montgomery(&c, power, (const mp_limb_t *)base);
    for (size_t i = 0; i < count; i++) {
        eo_from_montgomery(&c, (mp_limb_t *)squares + i * c.n, power);
        eo_montgomery(&c, power, power, power);
    }
}

size_t eo_gmp_row_size(const eo_limb *modulus, size_t window) { return (size_t)modulus[0] << window; }

void eo_gmp_row_init(const eo_limb *modulus, eo_limb *table, const eo_limb *squares, size_t window) {
    eo_context c = eo_open(modulus);
    mp_limb_t *entry = (mp_limb_t *)table, *step = entry + c.n;
    memcpy(entry, c.one, c.n * sizeof *entry);
    eo_to_montgomery(&c, step, (const mp_limb_t *)squares);
    // A square costs less than a product.
    for (size_t digit = 2; digit < (size_t)1 << window; digit += 2) {
        const mp_limb_t *half = entry + digit / 2 * c.n;
        eo_montgomery(&c, entry + digit * c.n, half, half);
        eo_montgomery(&c, entry + (digit + 1) * c.n, entry + digit * c.n, step);
    }
}

size_t eo_gmp_row_products_size(const eo_limb *modulus, size_t count) { return (size_t)modulus[0] * count; }

void eo_gmp_row_multiply_vartime(
    const eo_limb *modulus, eo_limb *products, const eo_limb *table, size_t window, size_t shift, const eo_limb *e,
    size_t width, size_t count, bool begin) {
    eo_context c = eo_open(modulus);
    mp_limb_t *product = (mp_limb_t *)products;
    for (size_t i = 0; i < count; i++, product += c.n, e += width) {
        size_t digit = eo_digit(e, width, shift, window);
        const mp_limb_t *entry = (const mp_limb_t *)table + digit * c.n;
        if (begin) memcpy(product, entry, c.n * sizeof *product);
        else if (digit != 0) eo_montgomery(&c, product, product, entry);
    }
}

void eo_gmp_row_products_finish(
    const eo_limb *modulus, eo_limb *out, const eo_limb *products, size_t step, size_t sets, size_t count) {
    eo_context c = eo_open(modulus);
    mp_limb_t product[EO_LIMBS_MAX];
    for (size_t i = 0; i < count; i++) {
        const mp_limb_t *factor = (const mp_limb_t *)products + i * c.n;
        memcpy(product, factor, c.n * sizeof *product);
        for (size_t set = 1; set < sets; set++) eo_montgomery(&c, product, product, factor + set * step);
        eo_from_montgomery(&c, (mp_limb_t *)out + i * c.n, product);
    }
}
