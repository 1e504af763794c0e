// SPDX-License-Identifier: Apache-2.0
#include "modulus.h"

size_t eo_modulus_size(size_t n) { return 2 + 3 * n; }

void eo_modulus_init(eo_limb *modulus, const eo_limb *m, size_t n) {
    modulus[0] = n;
    // Newton's iteration doubles the correct bits of the inverse of m mod 2^64: 3, 6, 12, 24, 48, 96.
    eo_limb inverse = (m[0] * 3) ^ 2;
    for (int i = 0; i < 5; i++) inverse *= 2 - m[0] * inverse;
    modulus[1] = (eo_limb)0 - inverse;
    memcpy(modulus + 2, m, n * sizeof *m);

    mp_limb_t power[2 * EO_LIMBS_MAX + 1] = {0}, quotient[2 * EO_LIMBS_MAX + 1];
    mp_limb_t *one = (mp_limb_t *)modulus + 2 + n, *square = one + n;
    power[n] = 1;
    mpn_tdiv_qr(quotient, one, 0, power, n + 1, (const mp_limb_t *)m, n);
    power[n] = 0;
    power[2 * n] = 1;
    mpn_tdiv_qr(quotient, square, 0, power, 2 * n + 1, (const mp_limb_t *)m, n);
}

void eo_wipe(void *memory, size_t bytes) { explicit_bzero(memory, bytes); }
