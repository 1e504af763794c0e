// SPDX-License-Identifier: Apache-2.0
#include "ifma.h"
#include "kernels.h"

#if defined(__x86_64__)

// Bits of an exponent's digit for powers of any base: a table of 32 powers.
#define EO_POWER_WINDOW 5
#define EO_POWER_TABLE (1 << EO_POWER_WINDOW)

// out = table[digit], reading the whole table whatever the digit is.
EO_INLINE void select_entry(
    const eo_ifma_context *c, eo_vector_digits *out, const eo_vector_digits table[EO_POWER_TABLE], size_t digit) {
    __m512i wanted = eo_broadcast(digit);
    for (size_t j = 0; j < c->k; j++) out->digit[j] = _mm512_setzero_si512();
    for (size_t i = 0; i < EO_POWER_TABLE; i++) {
        __mmask8 hit = _mm512_cmpeq_epi64_mask(eo_broadcast(i), wanted);
        for (size_t j = 0; j < c->k; j++) out->digit[j] = _mm512_mask_mov_epi64(out->digit[j], hit, table[i].digit[j]);
    }
}

EO_IFMA void eo_ifma_power_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    eo_context plain = eo_open(modulus);
    size_t width = (bits + 63) / 64, top = (bits + EO_POWER_WINDOW - 1) / EO_POWER_WINDOW;
    eo_vector_digits *table = aligned_alloc(64, EO_POWER_TABLE * sizeof *table), power, factor;
    if (table == NULL) abort();
    eo_clear(&c, &factor);
    for (size_t i = 0; i < EO_POWER_TABLE; i++) eo_clear(&c, &table[i]);
    for (size_t i = 0; i < count; i += EO_LANES) {
        size_t lanes = count - i < EO_LANES ? count - i : EO_LANES;
        eo_spread(&c, &table[0], &c.one);
        eo_load(&c, &power, base + i * c.n, lanes);
        eo_multiply_scalar8(&c, &table[1], &power, &c.r_square);
        for (size_t j = 2; j < EO_POWER_TABLE; j++) eo_multiply8(&c, &table[j], &table[j - 1], &table[1]);
        eo_spread(&c, &power, &c.one);
        for (size_t j = top; j-- > 0;) {
            for (int square = 0; square < EO_POWER_WINDOW; square++) eo_multiply8(&c, &power, &power, &power);
            select_entry(&c, &factor, table, eo_digit(e, width, j * EO_POWER_WINDOW, EO_POWER_WINDOW));
            eo_multiply8(&c, &power, &power, &factor);
        }
        eo_scalar_digits unit = {{1}};
        eo_multiply_scalar8(&c, &power, &power, &unit);
        eo_store(&c, &plain, out + i * c.n, &power, lanes);
    }
    eo_wipe(table, EO_POWER_TABLE * sizeof *table);
    eo_wipe(&factor, sizeof factor);
    eo_wipe(&power, sizeof power);
    free(table);
}

static size_t row_count(size_t bits, size_t window) { return (bits + window - 1) / window; }

// Rows are made eight at a time, one a lane, so a table has a multiple of eight rows.
static size_t padded_rows(size_t bits, size_t window) { return (row_count(bits, window) + 7) / 8 * 8; }

size_t eo_ifma_fixed_base_size(const eo_limb *modulus, size_t bits, size_t window) {
    return (padded_rows(bits, window) << window) * eo_ifma_row((size_t)eo_vector_part(modulus)[0]);
}

EO_IFMA void eo_ifma_fixed_base_init(
    const eo_limb *modulus, eo_limb *table, const eo_limb *base, size_t bits, size_t window, size_t first,
    size_t last) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    eo_context plain = eo_open(modulus);
    size_t entry_size = eo_ifma_row(c.k), row_size = entry_size << window;
    (void)bits;

    mp_limb_t generator[EO_LIMBS_MAX];
    eo_to_montgomery(&plain, generator, (const mp_limb_t *)base);
    for (size_t i = 0; i < first * window; i++) eo_montgomery(&plain, generator, generator, generator);
    for (size_t row = first; row < last; row += EO_LANES) {
        size_t lanes = last - row < EO_LANES ? last - row : EO_LANES;
        eo_limb numbers[EO_LANES * EO_LIMBS_MAX];
        for (size_t lane = 0; lane < lanes; lane++) {
            eo_from_montgomery(&plain, (mp_limb_t *)numbers + lane * c.n, generator);
            for (size_t i = 0; i < window; i++) eo_montgomery(&plain, generator, generator, generator);
        }
        eo_vector_digits step, entry;
        eo_load(&c, &step, numbers, lanes);
        eo_multiply_scalar8(&c, &step, &step, &c.r_square);
        eo_spread(&c, &entry, &c.one);
        eo_limb unused[EO_DIGITS_MAX];
        for (size_t digit = 0; digit < (size_t)1 << window; digit++) {
            eo_limb *place[EO_LANES];
            for (size_t lane = 0; lane < EO_LANES; lane++)
                place[lane] = lane < lanes ? table + (row + lane) * row_size + digit * entry_size : unused;
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
    eo_context plain = eo_open(modulus);
    size_t entry_size = eo_ifma_row(c.k), row_size = entry_size << window, rows = row_count(bits, window);
    eo_vector_digits power, factor;
    eo_clear(&c, &factor);
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
        eo_scalar_digits unit = {{1}};
        eo_multiply_scalar8(&c, &power, &power, &unit);
        eo_store(&c, &plain, out + i * c.n, &power, lanes);
    }
}

#endif
