// SPDX-License-Identifier: Apache-2.0
//
// Tables of buckets in eight lanes. Each lane has buckets of its own, so no product meets two of the same bucket: bucket d of
// lane l is the row d * 8 + l of digits, in Montgomery form. A lane serves one window, and a group of eight lanes eight
// windows of one base. A last group of at most four windows takes two, four or eight bases at a time instead of leaving lanes empty.
#include "ifma_multiply.h"
#include "kernels.h"

#if defined(__x86_64__)

// How many steps ahead buckets are fetched: one product takes longer than memory does.
#define EO_AHEAD 2

typedef struct {
    size_t windows; // lanes that one base takes: 8, or 1, 2 or 4 in a last group
    size_t used;    // of them, those that belong to a window of the table
    size_t bases;   // bases at a time
} lane_group;

static size_t group_count(size_t windows) { return (windows + EO_LANES - 1) / EO_LANES; }

static lane_group group_at(size_t group, size_t windows) {
    size_t used = windows - group * EO_LANES;
    if (used > EO_LANES / 2) return (lane_group){EO_LANES, used < EO_LANES ? used : EO_LANES, 1};
    size_t lanes = used > 2 ? 4 : used;
    return (lane_group){lanes, used, EO_LANES / lanes};
}

static size_t group_size(size_t row_size, size_t window) { return (EO_LANES << window) * row_size; }

size_t eo_ifma_buckets_size(const eo_limb *modulus, size_t window, size_t windows) {
    return group_count(windows) * group_size(eo_ifma_row((size_t)eo_vector_part(modulus)[0]), window);
}

EO_IFMA void eo_ifma_buckets_clear(const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t row_size = eo_ifma_row(c.k), rows = group_count(windows) * (EO_LANES << window);
    for (size_t i = 0; i < rows; i++, buckets += row_size) memcpy(buckets, c.one.digit, row_size * sizeof *buckets);
}

// The buckets that the bases from `first` on go into. Digit 0 has one too, which is never read; lanes without a base use it.
EO_INLINE void find_buckets(
    eo_limb *place[EO_LANES], eo_limb *table, size_t row_size, lane_group group, const eo_limb *e, size_t width,
    size_t shift, size_t window, size_t first, size_t count) {
    for (size_t lane = 0; lane < EO_LANES; lane++) {
        size_t index = first + lane / group.windows, place_in_base = lane % group.windows, digit = 0;
        if (index < count && place_in_base < group.used)
            digit = eo_digit(e + index * width, width, shift + place_in_base * window, window);
        place[lane] = table + (digit * EO_LANES + lane) * row_size;
        for (size_t j = 0; j < row_size; j += 8) __builtin_prefetch(place[lane] + j, 1);
    }
}

EO_INLINE void add_to_group(
    const eo_ifma_context *c, eo_limb *table, lane_group group, const eo_limb *base, size_t count, const eo_limb *e,
    size_t width, size_t shift, size_t window) {
    size_t row_size = eo_ifma_row(c->k);
    eo_vector_digits sum, several;
    eo_scalar_digits factor;
    _Alignas(64) eo_limb digits[EO_LANES][EO_DIGITS_MAX];
    // A ring of places: the steps that are fetched ahead are read only when their turn comes, after all stores before.
    eo_limb *place[EO_AHEAD + 1][EO_LANES];
    for (size_t step = 0; step < EO_AHEAD; step++)
        find_buckets(place[step], table, row_size, group, e, width, shift, window, step * group.bases, count);
    size_t now = 0, then = EO_AHEAD;
    for (size_t i = 0; i < count; i += group.bases) {
        find_buckets(place[then], table, row_size, group, e, width, shift, window, i + EO_AHEAD * group.bases, count);
        if (group.bases == 1) {
            eo_split_number(c, factor.digit, base + i * c->n);
            eo_gather(c, &sum, (const eo_limb *const *)place[now]);
            eo_multiply_scalar8(c, &sum, &sum, &factor);
        } else {
            const eo_limb *row[EO_LANES];
            for (size_t b = 0; b < group.bases; b++)
                eo_split_number(c, digits[b], base + (i + b < count ? i + b : i) * c->n);
            for (size_t lane = 0; lane < EO_LANES; lane++) row[lane] = digits[lane / group.windows];
            eo_gather(c, &several, row);
            eo_gather(c, &sum, (const eo_limb *const *)place[now]);
            eo_multiply8(c, &sum, &sum, &several);
        }
        eo_scatter(c, place[now], &sum);
        now = now == EO_AHEAD ? 0 : now + 1;
        then = then == EO_AHEAD ? 0 : then + 1;
    }
}

EO_IFMA void eo_ifma_buckets_add_vartime(
    const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows, const eo_limb *base, size_t count,
    const eo_limb *e, size_t width, size_t shift) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t size = group_size(eo_ifma_row(c.k), window);
    // One group after the other: its buckets stay in the cache for all bases, and splitting a base again costs a fiftieth of a product.
    for (size_t g = 0; g < group_count(windows); g++)
        add_to_group(
            &c, buckets + g * size, group_at(g, windows), base, count, e, width, shift + g * EO_LANES * window, window);
}

EO_INLINE void gather_buckets(const eo_ifma_context *c, eo_vector_digits *out, const eo_limb *table, size_t digit) {
    const eo_limb *place[EO_LANES];
    size_t row_size = eo_ifma_row(c->k);
    for (size_t lane = 0; lane < EO_LANES; lane++) place[lane] = table + (digit * EO_LANES + lane) * row_size;
    eo_gather(c, out, place);
}

// out[j] = the product of all lanes of window j, from products in the lanes. Plain numbers if `in` is in Montgomery form.
EO_INLINE void join_lanes(
    const eo_ifma_context *c, const eo_limb *modulus, eo_limb *out, eo_vector_digits *in, lane_group group) {
    eo_limb numbers[EO_LANES * EO_LIMBS_MAX];
    eo_scalar_digits unit = {{1}};
    eo_multiply_scalar8(c, in, in, &unit);
    eo_store(c, numbers, in, EO_LANES);
    for (size_t j = 0; j < group.used; j++) {
        eo_limb *product = out + j * c->n;
        memcpy(product, numbers + j * c->n, c->n * sizeof *product);
        for (size_t b = 1; b < group.bases; b++)
            eo_gmp_multiply(modulus, product, product, numbers + (b * group.windows + j) * c->n, 1);
    }
}

EO_IFMA void eo_ifma_buckets_powers_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *buckets, size_t window, size_t windows) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t size = group_size(eo_ifma_row(c.k), window);
    eo_vector_digits running, product, bucket;
    for (size_t g = 0; g < group_count(windows); g++, buckets += size) {
        // prod bucket[d]^d = prod over d of (bucket[top] * ... * bucket[d])
        eo_spread(&c, &running, &c.one);
        eo_spread(&c, &product, &c.one);
        for (size_t digit = ((size_t)1 << window) - 1; digit > 0; digit--) {
            gather_buckets(&c, &bucket, buckets, digit);
            eo_multiply8(&c, &running, &running, &bucket);
            eo_multiply8(&c, &product, &product, &running);
        }
        join_lanes(&c, modulus, out + g * EO_LANES * c.n, &product, group_at(g, windows));
    }
}

EO_IFMA void eo_ifma_buckets_subsets_vartime(
    const eo_limb *modulus, eo_limb *out, eo_limb *buckets, size_t window, size_t windows) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t row_size = eo_ifma_row(c.k), size = group_size(row_size, window);
    eo_vector_digits product, upper, lower;
    eo_limb *place[EO_LANES];
    for (size_t g = 0; g < group_count(windows); g++, buckets += size) {
        // The upper half of the buckets makes the highest bit's product, and falls onto the lower half for the bits below.
        for (size_t bit = window; bit-- > 0;) {
            size_t half = (size_t)1 << bit;
            eo_spread(&c, &product, &c.one);
            for (size_t digit = 0; digit < half; digit++) {
                gather_buckets(&c, &upper, buckets, half + digit);
                eo_multiply8(&c, &product, &product, &upper);
                if (digit == 0) continue;
                gather_buckets(&c, &lower, buckets, digit);
                eo_multiply8(&c, &lower, &lower, &upper);
                for (size_t lane = 0; lane < EO_LANES; lane++)
                    place[lane] = buckets + (digit * EO_LANES + lane) * row_size;
                eo_scatter(&c, place, &lower);
            }
            join_lanes(&c, modulus, out + (bit * windows + g * EO_LANES) * c.n, &product, group_at(g, windows));
        }
    }
}

#endif
