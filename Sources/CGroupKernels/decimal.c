// SPDX-License-Identifier: Apache-2.0
#include "modulus.h"

size_t eo_decimal_size(size_t n) { return 64 * n * 30103 / 100000 + 2; }

size_t eo_to_decimal(uint8_t *text, const eo_limb *a, size_t n) {
    mp_limb_t operand[EO_LIMBS_MAX + 1]; // mpn_get_str overwrites it
    while (n > 0 && a[n - 1] == 0) n--;
    if (n == 0) {
        text[0] = '0';
        return 1;
    }
    memcpy(operand, a, n * sizeof *a);
    size_t used = mpn_get_str(text, 10, operand, (mp_size_t)n), zeros = 0;
    while (zeros + 1 < used && text[zeros] == 0) zeros++;
    for (size_t i = zeros; i < used; i++) text[i - zeros] = (uint8_t)(text[i] + '0');
    return used - zeros;
}

bool eo_from_decimal(eo_limb *out, size_t n, const uint8_t *text, size_t length) {
    uint8_t digits[64 * EO_LIMBS_MAX * 30103 / 100000 + 2], largest = 0;
    if (length == 0 || n > EO_LIMBS_MAX || length >= eo_decimal_size(n)) return false;
    if (text[0] == '0' && length > 1) return false;
    for (size_t i = 0; i < length; i++) {
        digits[i] = (uint8_t)(text[i] - '0');
        largest = digits[i] > largest ? digits[i] : largest;
    }
    if (largest > 9) return false;
    mp_limb_t number[EO_LIMBS_MAX + 2];
    size_t used = (size_t)mpn_set_str(number, digits, length, 10);
    while (used > 0 && number[used - 1] == 0) used--;
    if (used > n) return false;
    memcpy(out, number, used * sizeof *out);
    memset(out + used, 0, (n - used) * sizeof *out);
    return true;
}

bool eo_is_below(const eo_limb *a, const eo_limb *limit, size_t n) {
    return mpn_cmp((const mp_limb_t *)a, (const mp_limb_t *)limit, (mp_size_t)n) < 0;
}
