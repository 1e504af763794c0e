// SPDX-License-Identifier: Apache-2.0
#include "ifma_multiply.h"
#include "kernels.h"

#if defined(__x86_64__)

// Bits of an exponent's digit for powers of any base: a table of 32 powers.
#define EO_POWER_WINDOW 5
#define EO_POWER_TABLE (1 << EO_POWER_WINDOW)

// One digit of every power of the table.
typedef struct { __m512i power[EO_POWER_TABLE]; } table_digit;

// A power on its way out of the table, digit by digit.
typedef struct {
    const table_digit *next;
    __m512i *out;
    __m512i keep[EO_POWER_TABLE]; // all ones for the power that is wanted, else 0
} selection;

EO_INLINE void put_power(const eo_ifma_context *c, table_digit *table, size_t index, const eo_vector_digits *power) {
    for (size_t j = 0; j < c->k; j++) table[j].power[index] = power->digit[j];
}

EO_INLINE void begin_selection(selection *s, eo_vector_digits *out, const table_digit *table, size_t wanted) {
    s->next = table;
    s->out = out->digit;
    for (size_t i = 0; i < EO_POWER_TABLE; i++)
        s->keep[i] = _mm512_movm_epi64(_mm512_cmpeq_epi64_mask(eo_broadcast(i), eo_broadcast(wanted)));
}

// The next digit of the wanted power. Reads that digit of all powers.
EO_INLINE void select_digit(void *context) {
    selection *s = context;
    __m512i digit[4];
    EO_UNROLL for (int i = 0; i < 4; i++) digit[i] = _mm512_setzero_si512();
    EO_UNROLL for (int i = 0; i < EO_POWER_TABLE; i++)
        digit[i % 4] = _mm512_or_si512(digit[i % 4], _mm512_and_si512(s->keep[i], s->next->power[i]));
    *s->out++ = _mm512_or_si512(_mm512_or_si512(digit[0], digit[1]), _mm512_or_si512(digit[2], digit[3]));
    s->next++;
}

EO_INLINE void from_montgomery(const eo_ifma_context *c, eo_vector_digits *number) {
    const eo_scalar_digits unit = {{1}};
    eo_multiply_scalar8(c, number, number, &unit);
}

// The squarings of one window have as many blocks of columns as a power has digits.
_Static_assert(2 * EO_POWER_WINDOW == EO_BLOCK, "a power is selected beside the squarings");

EO_IFMA void eo_ifma_power_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t width = (bits + 63) / 64, windows = (bits + EO_POWER_WINDOW - 1) / EO_POWER_WINDOW;
    table_digit *table = aligned_alloc(64, c.k * sizeof *table);
    if (table == NULL) abort();
    eo_vector_digits power, factor;
    selection selection;
    for (size_t i = 0; i < count; i += EO_LANES) {
        size_t lanes = count - i < EO_LANES ? count - i : EO_LANES;
        eo_load(&c, &factor, base + i * c.n, lanes);
        eo_multiply_scalar8(&c, &factor, &factor, &c.r_square);
        eo_spread(&c, &power, &c.one);
        for (size_t j = 0; j < EO_POWER_TABLE; j++) {
            put_power(&c, table, j, &power);
            eo_multiply8(&c, &power, &power, &factor);
        }
        eo_spread(&c, &power, &c.one);
        for (size_t j = windows; j-- > 0;) {
            begin_selection(&selection, &factor, table, eo_digit(e, width, j * EO_POWER_WINDOW, EO_POWER_WINDOW));
            for (int square = 0; square < EO_POWER_WINDOW; square++)
                eo_square8_beside(&c, &power, &power, select_digit, &selection);
            eo_multiply8(&c, &power, &power, &factor);
        }
        from_montgomery(&c, &power);
        eo_store(&c, out + i * c.n, &power, lanes);
    }
    eo_wipe(table, c.k * sizeof *table);
    eo_wipe(&selection, sizeof selection);
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

// The entries of eight exponents in one row of the table, on their way into vectors, eight digits at a time; those of the next
// row's entries are fetched into the cache meanwhile.
typedef struct {
    const eo_limb *entry[EO_LANES], *after[EO_LANES];
    size_t done, size;
    __m512i *out;
} row_gathering;

EO_INLINE void gather_digits(void *context) {
    row_gathering *g = context;
    if (g->done == g->size) return;
    __m512i block[8];
    EO_UNROLL for (int i = 0; i < 8; i++) {
        block[i] = _mm512_loadu_si512(g->entry[i] + g->done);
        __builtin_prefetch(g->after[i] + g->done);
    }
    eo_transpose(block);
    EO_UNROLL for (int i = 0; i < 8; i++) g->out[g->done + (size_t)i] = block[i];
    g->done += 8;
}

EO_IFMA void eo_ifma_fixed_base_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *table, size_t bits, size_t window, const eo_limb *e,
    size_t width, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    size_t entry_size = eo_ifma_row(c.k), row_size = entry_size << window, rows = row_count(bits, window);
    eo_vector_digits power, factor[2];
    row_gathering gathering = {.size = entry_size};
    for (size_t i = 0; i < count; i += EO_LANES) {
        size_t lanes = count - i < EO_LANES ? count - i : EO_LANES;
        eo_spread(&c, &power, &c.one);
        // Two rows ahead of the multiplication the entries are looked up, one row ahead they are gathered.
        for (size_t row = 0; row < rows + 2; row++) {
            memcpy(gathering.entry, gathering.after, sizeof gathering.entry);
            for (size_t lane = 0; lane < EO_LANES && row < rows; lane++) {
                size_t digit = lane < lanes ? eo_digit(e + (i + lane) * width, width, row * window, window) : 0;
                gathering.after[lane] = table + row * row_size + digit * entry_size;
            }
            if (row == 0) continue;
            gathering.out = factor[row % 2].digit;
            gathering.done = 0;
            if (row == 1) while (gathering.done < gathering.size) gather_digits(&gathering);
            else eo_multiply8_beside(&c, &power, &power, &factor[(row - 1) % 2], gather_digits, &gathering);
        }
        from_montgomery(&c, &power);
        eo_store(&c, out + i * c.n, &power, lanes);
    }
}

#endif
