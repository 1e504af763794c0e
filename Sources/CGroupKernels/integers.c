// SPDX-License-Identifier: Apache-2.0
//
// Products of plain integers, modulo nothing: what random weights of folded equations are made with.
#include "modulus.h"

static void multiply(mp_limb_t *out, const eo_limb *a, size_t a_width, const eo_limb *b, size_t b_width) {
    const mp_limb_t *left = (const mp_limb_t *)a, *right = (const mp_limb_t *)b;
    if (a_width >= b_width) mpn_mul(out, left, (mp_size_t)a_width, right, (mp_size_t)b_width);
    else mpn_mul(out, right, (mp_size_t)b_width, left, (mp_size_t)a_width);
}

void eo_integer_products(
    eo_limb *out, const eo_limb *a, size_t a_width, const eo_limb *b, size_t b_width, size_t count) {
    for (size_t i = 0; i < count; i++, out += a_width + b_width, a += a_width, b += b_width)
        multiply((mp_limb_t *)out, a, a_width, b, b_width);
}

void eo_integer_inner_product(
    eo_limb *out, size_t width, const eo_limb *a, size_t a_width, const eo_limb *b, size_t b_width, size_t count) {
    mp_limb_t product[2 * EO_LIMBS_MAX];
    memset(out, 0, width * sizeof *out);
    for (size_t i = 0; i < count; i++, a += a_width, b += b_width) {
        multiply(product, a, a_width, b, b_width);
        mpn_add((mp_limb_t *)out, (mp_limb_t *)out, (mp_size_t)width, product, (mp_size_t)(a_width + b_width));
    }
}
