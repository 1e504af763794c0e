// SPDX-License-Identifier: Apache-2.0
//
// Tables of buckets, one number at a time: for each window, a mark for each bucket that holds anything, then the buckets in
// Montgomery form.
#include "kernels.h"
#include "modulus.h"

typedef struct {
    eo_limb *full;
    mp_limb_t *bucket;
} window_table;

static size_t table_size(size_t n, size_t window) { return (n + 1) << window; }

static window_table table_at(eo_limb *buckets, size_t n, size_t window, size_t index) {
    eo_limb *start = buckets + index * table_size(n, window);
    return (window_table){start, (mp_limb_t *)start + ((size_t)1 << window)};
}

size_t eo_gmp_buckets_size(const eo_limb *modulus, size_t window, size_t windows) {
    return windows * table_size((size_t)modulus[0], window);
}

void eo_gmp_buckets_clear(const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows) {
    for (size_t j = 0; j < windows; j++)
        memset(table_at(buckets, (size_t)modulus[0], window, j).full, 0, sizeof *buckets << window);
}

// Multiplies a bucket by a number. What comes first is copied: read as a Montgomery form, it is the product already.
static void put(const eo_context *c, window_table table, size_t digit, const mp_limb_t *number) {
    mp_limb_t *bucket = table.bucket + digit * c->n;
    if (table.full[digit]) eo_montgomery(c, bucket, bucket, number);
    else memcpy(bucket, number, c->n * sizeof *bucket);
    table.full[digit] = 1;
}

void eo_gmp_buckets_add_vartime(
    const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows, const eo_limb *base, size_t count,
    const eo_limb *e, size_t width, size_t shift) {
    eo_context c = eo_open(modulus);
    for (size_t j = 0; j < windows; j++) {
        window_table table = table_at(buckets, c.n, window, j);
        for (size_t i = 0; i < count; i++) {
            size_t digit = eo_digit(e + i * width, width, shift + j * window, window);
            if (digit != 0) put(&c, table, digit, (const mp_limb_t *)base + i * c.n);
        }
    }
}

void eo_gmp_buckets_powers_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *buckets, size_t window, size_t windows) {
    eo_context c = eo_open(modulus);
    mp_limb_t running[EO_LIMBS_MAX], product[EO_LIMBS_MAX];
    for (size_t j = 0; j < windows; j++, out += c.n) {
        window_table table = table_at((eo_limb *)buckets, c.n, window, j);
        // prod bucket[d]^d = prod over d of (bucket[top] * ... * bucket[d])
        size_t digit = ((size_t)1 << window) - 1;
        while (digit > 0 && !table.full[digit]) digit--;
        memcpy(running, digit > 0 ? table.bucket + digit * c.n : c.one, c.n * sizeof *running);
        memcpy(product, running, c.n * sizeof *product);
        while (digit-- > 1) {
            if (table.full[digit]) eo_montgomery(&c, running, running, table.bucket + digit * c.n);
            eo_montgomery(&c, product, product, running);
        }
        eo_from_montgomery(&c, (mp_limb_t *)out, product);
    }
}

void eo_gmp_buckets_subsets_vartime(
    const eo_limb *modulus, eo_limb *out, eo_limb *buckets, size_t window, size_t windows) {
    eo_context c = eo_open(modulus);
    mp_limb_t product[EO_LIMBS_MAX];
    for (size_t j = 0; j < windows; j++) {
        window_table table = table_at(buckets, c.n, window, j);
        // The upper half of the buckets makes the highest bit's product, and falls onto the lower half for the bits below.
        for (size_t bit = window; bit-- > 0;) {
            size_t half = (size_t)1 << bit;
            memcpy(product, c.one, c.n * sizeof *product);
            for (size_t digit = 0; digit < half; digit++) {
                if (!table.full[half + digit]) continue;
                const mp_limb_t *upper = table.bucket + (half + digit) * c.n;
                eo_montgomery(&c, product, product, upper);
                if (digit > 0) put(&c, table, digit, upper);
            }
            eo_from_montgomery(&c, (mp_limb_t *)out + (bit * windows + j) * c.n, product);
        }
    }
}
