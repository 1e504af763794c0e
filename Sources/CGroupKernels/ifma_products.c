// SPDX-License-Identifier: Apache-2.0
#include "ifma_multiply.h"
#include "kernels.h"

#if defined(__x86_64__)

// Eight windows, one a lane. Bucket `digit` of lane `lane` is the row digit * 8 + lane.
size_t eo_ifma_product_of_powers_scratch(const eo_limb *modulus, size_t window) {
    return (EO_LANES << window) * eo_ifma_row((size_t)eo_vector_part(modulus)[0]);
}

// The buckets that a base goes into. Digit 0 has one too, which is never read.
EO_INLINE void find_buckets(
    eo_limb *place[EO_LANES], eo_limb *bucket, size_t row_size, const eo_limb *e, size_t width, size_t shift,
    size_t window, size_t windows) {
    for (size_t lane = 0; lane < EO_LANES; lane++) {
        size_t digit = lane < windows ? eo_digit(e, width, shift + lane * window, window) : 0;
        place[lane] = bucket + (digit * EO_LANES + lane) * row_size;
    }
}

EO_IFMA void eo_ifma_product_of_powers_windows_vartime(
    const eo_limb *modulus, eo_limb *out, eo_limb *scratch, const eo_limb *base, const eo_limb *e, size_t width,
    size_t shift, size_t window, size_t windows, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t row_size = eo_ifma_row(c.k), buckets = (size_t)1 << window;
    for (size_t i = 0; i < buckets * EO_LANES; i++) memcpy(scratch + i * row_size, c.one.digit, row_size * sizeof *scratch);

    eo_vector_digits sum;
    eo_scalar_digits factor;
    memset(&factor, 0, sizeof factor);
    eo_limb *place[EO_LANES], *ahead[EO_LANES];
    if (count > 0) find_buckets(place, scratch, row_size, e, width, shift, window, windows);
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count) {
            find_buckets(ahead, scratch, row_size, e + (i + 1) * width, width, shift, window, windows);
            for (size_t lane = 0; lane < windows; lane++)
                for (size_t j = 0; j < row_size; j += 8) __builtin_prefetch(ahead[lane] + j, 1);
        }
        eo_split_digits(factor.digit, c.k, base + i * c.n, c.n);
        eo_gather(&c, &sum, (const eo_limb *const *)place);
        eo_multiply_scalar8(&c, &sum, &sum, &factor);
        eo_scatter(&c, place, &sum);
        memcpy(place, ahead, sizeof place);
    }

    // prod bucket[d]^d = prod over d of (bucket[top] * ... * bucket[d])
    eo_vector_digits running, product;
    eo_spread(&c, &running, &c.one);
    eo_spread(&c, &product, &c.one);
    for (size_t digit = buckets - 1; digit > 0; digit--) {
        for (size_t lane = 0; lane < EO_LANES; lane++) place[lane] = scratch + (digit * EO_LANES + lane) * row_size;
        eo_gather(&c, &sum, (const eo_limb *const *)place);
        eo_multiply8(&c, &running, &running, &sum);
        eo_multiply8(&c, &product, &product, &running);
    }
    eo_scalar_digits unit = {{1}};
    eo_multiply_scalar8(&c, &product, &product, &unit);
    eo_store(&c, out, &product, windows);
}

#endif
