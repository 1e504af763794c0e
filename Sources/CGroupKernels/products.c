// SPDX-License-Identifier: Apache-2.0
#include "modulus.h"

// R of the kernel that made the windows, as a plain number.
static const mp_limb_t *montgomery_radix(const eo_limb *modulus, const eo_context *c) {
    return eo_uses_ifma(modulus) ? (const mp_limb_t *)eo_vector_part(modulus) + 1 : c->one;
}

void eo_product_of_powers_finish_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *windows, size_t window, size_t count, const eo_limb *s,
    size_t s_width) {
    eo_context c = eo_open(modulus);
    mp_limb_t product[EO_LIMBS_MAX], factor[EO_LIMBS_MAX];
    memcpy(product, c.one, c.n * sizeof *product);
    for (size_t i = count; i-- > 0;) {
        for (size_t j = 0; j < window && i + 1 < count; j++) eo_montgomery(&c, product, product, product);
        eo_to_montgomery(&c, factor, (const mp_limb_t *)windows + i * c.n);
        eo_montgomery(&c, product, product, factor);
    }
    // Every base was read as b * R^-1, so the product lacks R^s.
    eo_limb correction[EO_LIMBS_MAX];
    eo_power_vartime(modulus, correction, (const eo_limb *)montgomery_radix(modulus, &c), s, s_width, 0, 1);
    eo_montgomery(&c, (mp_limb_t *)out, product, (const mp_limb_t *)correction);
}
