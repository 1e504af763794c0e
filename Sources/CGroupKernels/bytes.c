// SPDX-License-Identifier: Apache-2.0
#include "modulus.h"

size_t eo_from_big_endian(
    eo_limb *out, size_t n, const uint8_t *bytes, size_t width, size_t stride, size_t count) {
    for (size_t i = 0; i < count; i++, out += n, bytes += stride) {
        memset(out, 0, n * sizeof *out);
        for (size_t j = 0; j < width; j++) {
            uint8_t byte = bytes[width - 1 - j];
            if (j / 8 < n) out[j / 8] |= (eo_limb)byte << (8 * (j % 8));
            else if (byte != 0) return i;
        }
    }
    return count;
}

void eo_to_big_endian(uint8_t *bytes, size_t width, size_t stride, const eo_limb *a, size_t n, size_t count) {
    for (size_t i = 0; i < count; i++, a += n, bytes += stride)
        for (size_t j = 0; j < width; j++)
            bytes[width - 1 - j] = j / 8 < n ? (uint8_t)(a[j / 8] >> (8 * (j % 8))) : 0;
}

size_t eo_first_other_header(
    const uint8_t *bytes, const uint8_t *header, size_t header_width, size_t stride, size_t count) {
    for (size_t i = 0; i < count; i++, bytes += stride)
        if (memcmp(bytes, header, header_width) != 0) return i;
    return count;
}
