// SPDX-License-Identifier: Apache-2.0
#include "ifma_multiply.h"
#include "kernels.h"

#if defined(__x86_64__)

// Bits of an exponent's digit for powers of any base: a table of 32 powers.
#define EO_POWER_WINDOW 5
#define EO_POWER_TABLE (1 << EO_POWER_WINDOW)

// A block of digits of a power. The table has the blocks of all powers one after another, then the next block: in the order of reading.
typedef struct { __m512i digit[EO_BLOCK]; } table_block;

EO_INLINE void put_entry(const eo_ifma_context *c, table_block *table, size_t index, const eo_vector_digits *power) {
    for (size_t j = 0; j < c->k; j += EO_BLOCK, table += EO_POWER_TABLE)
        memcpy(&table[index], &power->digit[j], sizeof *table);
}

// out = table[wanted], reading the whole table whatever `wanted` is.
EO_INLINE void select_entry(const eo_ifma_context *c, eo_vector_digits *out, const table_block *table, size_t wanted) {
    __m512i keep[EO_POWER_TABLE];
    for (size_t i = 0; i < EO_POWER_TABLE; i++)
        keep[i] = _mm512_movm_epi64(_mm512_cmpeq_epi64_mask(eo_broadcast(i), eo_broadcast(wanted)));
    for (size_t j = 0; j < c->k; j += EO_BLOCK, table += EO_POWER_TABLE) {
        table_block sum;
        EO_UNROLL for (int t = 0; t < EO_BLOCK; t++) sum.digit[t] = _mm512_setzero_si512();
        for (size_t i = 0; i < EO_POWER_TABLE; i++)
            EO_UNROLL for (int t = 0; t < EO_BLOCK; t++)
                sum.digit[t] = _mm512_or_si512(sum.digit[t], _mm512_and_si512(keep[i], table[i].digit[t]));
        EO_UNROLL for (int t = 0; t < EO_BLOCK; t++) out->digit[j + (size_t)t] = sum.digit[t];
    }
    eo_wipe(keep, sizeof keep);
}

EO_INLINE void from_montgomery(const eo_ifma_context *c, eo_vector_digits *number) {
    const eo_scalar_digits unit = {{1}};
    eo_multiply_scalar8(c, number, number, &unit);
}

EO_IFMA void eo_ifma_power_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t width = (bits + 63) / 64, top = (bits + EO_POWER_WINDOW - 1) / EO_POWER_WINDOW;
    size_t table_size = EO_POWER_TABLE * (c.k / EO_BLOCK) * sizeof(table_block);
    table_block *table = aligned_alloc(64, table_size);
    if (table == NULL) abort();
    eo_vector_digits first, power, factor;
    for (size_t i = 0; i < count; i += EO_LANES) {
        size_t lanes = count - i < EO_LANES ? count - i : EO_LANES;
        eo_spread(&c, &power, &c.one);
        put_entry(&c, table, 0, &power);
        eo_load(&c, &first, base + i * c.n, lanes);
        eo_multiply_scalar8(&c, &first, &first, &c.r_square);
        for (size_t j = 1; j < EO_POWER_TABLE; j++) {
            eo_multiply8(&c, &power, &power, &first);
            put_entry(&c, table, j, &power);
        }
        for (size_t j = top; j-- > 0;) {
            size_t digit = eo_digit(e, width, j * EO_POWER_WINDOW, EO_POWER_WINDOW);
            if (j + 1 == top) {
                select_entry(&c, &power, table, digit);
                continue;
            }
            for (int square = 0; square < EO_POWER_WINDOW; square++) eo_square8(&c, &power, &power);
            select_entry(&c, &factor, table, digit);
            eo_multiply8(&c, &power, &power, &factor);
        }
        from_montgomery(&c, &power);
        eo_store(&c, out + i * c.n, &power, lanes);
    }
    eo_wipe(table, table_size);
    eo_wipe(&factor, sizeof factor);
    eo_wipe(&power, sizeof power);
    free(table);
}

static size_t row_count(size_t bits, size_t window) { return (bits + window - 1) / window; }

size_t eo_ifma_fixed_base_size(const eo_limb *modulus, size_t bits, size_t window) {
    return (row_count(bits, window) << window) * eo_ifma_row((size_t)eo_vector_part(modulus)[0]);
}

EO_IFMA void eo_ifma_fixed_base_init(
    const eo_limb *modulus, eo_limb *table, const eo_limb *row, size_t window, size_t first, size_t last) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t entry_size = eo_ifma_row(c.k), row_size = entry_size << window;
    eo_vector_digits step, entry;
    eo_limb unused[EO_DIGITS_MAX];
    for (size_t i = first; i < last; i += EO_LANES) {
        size_t lanes = last - i < EO_LANES ? last - i : EO_LANES;
        eo_load(&c, &step, row + i * c.n, lanes);
        eo_multiply_scalar8(&c, &step, &step, &c.r_square);
        eo_spread(&c, &entry, &c.one);
        for (size_t digit = 0; digit < (size_t)1 << window; digit++) {
            eo_limb *place[EO_LANES];
            for (size_t lane = 0; lane < EO_LANES; lane++)
                place[lane] = lane < lanes ? table + (i + lane) * row_size + digit * entry_size : unused;
            eo_scatter(&c, place, &entry);
            eo_multiply8(&c, &entry, &entry, &step);
        }
    }
}

EO_IFMA void eo_ifma_fixed_base_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *table, size_t bits, size_t window, const eo_limb *e,
    size_t width, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t entry_size = eo_ifma_row(c.k), row_size = entry_size << window, rows = row_count(bits, window);
    eo_vector_digits power, factor;
    for (size_t i = 0; i < count; i += EO_LANES) {
        size_t lanes = count - i < EO_LANES ? count - i : EO_LANES;
        eo_spread(&c, &power, &c.one);
        for (size_t row = 0; row < rows; row++) {
            const eo_limb *place[EO_LANES];
            for (size_t lane = 0; lane < EO_LANES; lane++) {
                size_t digit = lane < lanes ? eo_digit(e + (i + lane) * width, width, row * window, window) : 0;
                place[lane] = table + row * row_size + digit * entry_size;
                // The next row's entry is on its way while this one is multiplied.
                if (row + 1 < rows && lane < lanes) {
                    size_t next = eo_digit(e + (i + lane) * width, width, (row + 1) * window, window);
                    const eo_limb *ahead = table + (row + 1) * row_size + next * entry_size;
                    for (size_t j = 0; j < entry_size; j += 8) __builtin_prefetch(ahead + j);
                }
            }
            eo_gather(&c, &factor, place);
            eo_multiply8(&c, &power, &power, &factor);
        }
        from_montgomery(&c, &power);
        eo_store(&c, out + i * c.n, &power, lanes);
    }
}

#endif
