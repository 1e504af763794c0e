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
        eo_leave_montgomery(&c, &power);
        eo_store(&c, out + i * c.n, &power, lanes);
    }
    eo_wipe(table, c.k * sizeof *table);
    eo_wipe(&selection, sizeof selection);
    eo_wipe(&factor, sizeof factor);
    eo_wipe(&power, sizeof power);
    free(table);
}

#endif
