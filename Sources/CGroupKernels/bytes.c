// SPDX-License-Identifier: Apache-2.0
#include "modulus.h"

static inline eo_limb load_limb(const uint8_t *bytes) {
    eo_limb limb;
    memcpy(&limb, bytes, sizeof limb);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    limb = __builtin_bswap64(limb);
#endif
    return limb;
}

static inline void store_limb(uint8_t *bytes, eo_limb limb) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    limb = __builtin_bswap64(limb);
#endif
    memcpy(bytes, &limb, sizeof limb);
}

// Lists are converted each time that a chunk of them is read, so whole limbs go at the speed of copying.
size_t eo_from_big_endian(
    eo_limb *out, size_t n, const uint8_t *bytes, size_t width, size_t stride, size_t count) {
    size_t whole = width / 8 < n ? width / 8 : n, rest = width - 8 * whole;
    for (size_t i = 0; i < count; i++, out += n, bytes += stride) {
        for (size_t j = 0; j < whole; j++) out[j] = load_limb(bytes + width - 8 * (j + 1));
        if (whole < n) {
            eo_limb top = 0;
            for (size_t j = 0; j < rest; j++) top = top << 8 | bytes[j];
            out[whole] = top;
            for (size_t j = whole + 1; j < n; j++) out[j] = 0;
        } else {
            uint8_t any = 0;
            for (size_t j = 0; j < rest; j++) any |= bytes[j];
            if (any != 0) return i;
        }
    }
    return count;
}

void eo_to_big_endian(uint8_t *bytes, size_t width, size_t stride, const eo_limb *a, size_t n, size_t count) {
    size_t whole = width / 8 < n ? width / 8 : n, rest = width - 8 * whole;
    for (size_t i = 0; i < count; i++, a += n, bytes += stride) {
        for (size_t j = 0; j < whole; j++) store_limb(bytes + width - 8 * (j + 1), a[j]);
        eo_limb top = whole < n ? a[whole] : 0;
        // Fewer than eight bytes of a last limb, or as many as the number is wider than its limbs.
        for (size_t j = 0; j < rest; j++) bytes[rest - 1 - j] = j < 8 ? (uint8_t)(top >> (8 * j)) : 0;
    }
}

size_t eo_first_other_header(
    const uint8_t *bytes, const uint8_t *header, size_t header_width, size_t stride, size_t count) {
    for (size_t i = 0; i < count; i++, bytes += stride)
        if (memcmp(bytes, header, header_width) != 0) return i;
    return count;
}

size_t eo_first_not_reduced(const eo_limb *modulus, const eo_limb *a, size_t count) {
    eo_context c = eo_open(modulus);
    for (size_t i = 0; i < count; i++, a += c.n)
        if (mpn_cmp((const mp_limb_t *)a, c.m, (mp_size_t)c.n) >= 0) return i;
    return count;
}
