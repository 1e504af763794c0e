// SPDX-License-Identifier: Apache-2.0
//
// Montgomery multiplication and squaring of eight numbers, column by column.
//
// Column n of a * b + q * m is the sum of the low halves of all a_i b_j and q_i m_j with i + j = n, and of the high halves of
// those with i + j = n - 1. The columns below k come out as 0 modulo 2^52, by the choice of q_n; the k above them are the result.
// EO_BLOCK columns are summed at a time, in registers: nothing is stored but the quotients and the result, and while a block of
// quotients is computed, each waiting for the one before, the processor already works on the next block's products of a and b.
//
// No overflow: a sum of low or of high halves has at most 2k terms below 2^52 (for a square, k/2 doubled, one more, and k with q),
// so a column with its carry is below (4k + 1) 2^52 < 2^61.
#ifndef EO_IFMA_MULTIPLY_H
#define EO_IFMA_MULTIPLY_H

#include "ifma.h"

#if defined(__x86_64__)

// Sums of low and high halves in a block of columns. high[t] belongs to the column after low[t].
typedef struct { __m512i low[EO_BLOCK], high[EO_BLOCK]; } eo_columns;

EO_INLINE eo_columns eo_no_columns(void) {
    eo_columns s;
    EO_UNROLL for (int t = 0; t < EO_BLOCK; t++) s.low[t] = s.high[t] = _mm512_setzero_si512();
    return s;
}

EO_INLINE void eo_add_product(eo_columns *s, int column, __m512i a, __m512i b) {
    s->low[column] = _mm512_madd52lo_epu64(s->low[column], a, b);
    s->high[column] = _mm512_madd52hi_epu64(s->high[column], a, b);
}

// The digits of b that meet a block of a's digits in a block of columns: those less than EO_BLOCK away from b[0], on either side
// unless b begins or ends there.
#define EO_WHOLE 1 - EO_BLOCK, EO_BLOCK
#define EO_FROM_FIRST 0, EO_BLOCK
#define EO_BEFORE_LAST 1 - EO_BLOCK, 0

// Adds the products of a block of a with b[from..<to] that fall into the block of columns. `b` points at the digit that meets a[0]
// in the first column. Of a square only pairs a_i a_j with i < j count; `ahead` is how many digits b is ahead of a.
#define EO_DEFINE_TILE(NAME, TYPE, DIGIT)                                                                              \
    EO_INLINE void NAME##_ahead(eo_columns *s, const __m512i *a, const TYPE *b, int from, int to, int ahead) {         \
        __m512i block[EO_BLOCK];                                                                                       \
        EO_UNROLL for (int t = 0; t < EO_BLOCK; t++) block[t] = a[t];                                                  \
        EO_UNROLL for (int d = from; d < to; d++) {                                                                    \
            __m512i digit = DIGIT(b[d]);                                                                               \
            EO_UNROLL for (int t = 0; t < EO_BLOCK; t++)                                                               \
                if (0 <= t + d && t + d < EO_BLOCK && t < d + ahead) eo_add_product(s, t + d, block[t], digit);        \
        }                                                                                                              \
    }                                                                                                                  \
    EO_INLINE void NAME(eo_columns *s, const __m512i *a, const TYPE *b, int from, int to) {                            \
        NAME##_ahead(s, a, b, from, to, 2 * EO_BLOCK);                                                                 \
    }

EO_DEFINE_TILE(eo_tile_vector, __m512i, )
EO_DEFINE_TILE(eo_tile_scalar, eo_limb, eo_broadcast)

// The block of quotients that makes these columns 0 modulo 2^52, and the carry out of them. As m[0] * q = -sum modulo 2^52, the
// lowest digits carry 1 unless they are 0: the sum is divided rounding up.
EO_INLINE __m512i eo_quotients(const eo_ifma_context *c, __m512i *quotient, eo_columns *s, __m512i carry) {
    EO_UNROLL for (int t = 0; t < EO_BLOCK; t++) {
        __m512i sum = _mm512_add_epi64(s->low[t], carry);
        __m512i q = _mm512_madd52lo_epu64(_mm512_setzero_si512(), sum, c->inverse);
        quotient[t] = q;
        s->high[t] = _mm512_madd52hi_epu64(s->high[t], q, eo_broadcast(c->m.digit[0]));
        EO_UNROLL for (int u = t + 1; u < EO_BLOCK; u++) eo_add_product(s, u, q, eo_broadcast(c->m.digit[u - t]));
        __m512i up = _mm512_srli_epi64(_mm512_add_epi64(sum, eo_broadcast(EO_DIGIT_MASK)), EO_DIGIT_BITS);
        carry = _mm512_add_epi64(up, s->high[t]);
    }
    return carry;
}

// A block of columns as digits of the result, and the carry out of it.
EO_INLINE __m512i eo_emit(__m512i *out, const eo_columns *s, __m512i carry) {
    EO_UNROLL for (int t = 0; t < EO_BLOCK; t++) {
        __m512i sum = _mm512_add_epi64(s->low[t], carry);
        out[t] = _mm512_and_si512(sum, eo_broadcast(EO_DIGIT_MASK));
        carry = _mm512_add_epi64(_mm512_srli_epi64(sum, EO_DIGIT_BITS), s->high[t]);
    }
    return carry;
}

// Work that does not depend on a product, to be done while it is computed. It is called before each block of columns, 2k / EO_BLOCK
// times, when no sums are held in registers: the multipliers are busy with the block before, the processor's other parts are free.
typedef void (*eo_side_work)(void *context);
EO_INLINE void eo_no_side_work(void *context) { (void)context; }

#define EO_DEFINE_MULTIPLY(NAME, OPERAND, TILE)                                                                        \
    EO_INLINE void NAME##_beside(                                                                                      \
        const eo_ifma_context *c, eo_vector_digits *out, const eo_vector_digits *left, const OPERAND *right,           \
        eo_side_work work, void *work_context) {                                                                       \
        const size_t k = c->k, step = EO_BLOCK;                                                                        \
        const __m512i *a = left->digit;                                                                                \
        __m512i q[EO_DIGITS_MAX], carry = _mm512_setzero_si512();                                                      \
        for (size_t column = 0; column < k; column += step) {                                                          \
            work(work_context);                                                                                        \
            eo_columns s = eo_no_columns();                                                                            \
            for (size_t i = 0; i < column; i += step) TILE(&s, a + i, right->digit + (column - i), EO_WHOLE);          \
            TILE(&s, a + column, right->digit, EO_FROM_FIRST);                                                         \
            for (size_t i = 0; i < column; i += step) eo_tile_scalar(&s, q + i, c->m.digit + (column - i), EO_WHOLE);  \
            carry = eo_quotients(c, q + column, &s, carry);                                                            \
        }                                                                                                              \
        for (size_t column = k; column < 2 * k; column += step) {                                                      \
            work(work_context);                                                                                        \
            eo_columns s = eo_no_columns();                                                                            \
            size_t i = column - k;                                                                                     \
            TILE(&s, a + i, right->digit + k, EO_BEFORE_LAST);                                                         \
            eo_tile_scalar(&s, q + i, c->m.digit + k, EO_BEFORE_LAST);                                                 \
            for (i += step; i < k; i += step) {                                                                        \
                TILE(&s, a + i, right->digit + (column - i), EO_WHOLE);                                                \
                eo_tile_scalar(&s, q + i, c->m.digit + (column - i), EO_WHOLE);                                        \
            }                                                                                                          \
            /* No later column reads these digits of a or b. */                                                        \
            carry = eo_emit(out->digit + (column - k), &s, carry);                                                     \
        }                                                                                                              \
    }                                                                                                                  \
    static __attribute__((noinline, unused)) EO_IFMA void NAME(                                                        \
        const eo_ifma_context *c, eo_vector_digits *out, const eo_vector_digits *left, const OPERAND *right) {         \
        NAME##_beside(c, out, left, right, eo_no_side_work, NULL);                                                     \
    }

// out = a * b / R. `out` may be `a` or `b`.
EO_DEFINE_MULTIPLY(eo_multiply8, eo_vector_digits, eo_tile_vector)
EO_DEFINE_MULTIPLY(eo_multiply_scalar8, eo_scalar_digits, eo_tile_scalar)

EO_INLINE void eo_leave_montgomery(const eo_ifma_context *c, eo_vector_digits *number) {
    const eo_scalar_digits unit = {{1}};
    eo_multiply_scalar8(c, number, number, &unit);
}

// The block of columns of a^2: the products of different digits once, then doubled.
EO_INLINE eo_columns eo_square_columns(const __m512i *a, size_t k, size_t column) {
    const size_t step = EO_BLOCK;
    eo_columns s = eo_no_columns();
    size_t i = 0;
    if (column >= k) {
        i = column - k;
        if (column + step < 2 * k) eo_tile_vector(&s, a + i, a + k, EO_BEFORE_LAST);
        else eo_tile_vector_ahead(&s, a + i, a + k, EO_BEFORE_LAST, EO_BLOCK);
        i += step;
    }
    for (; 2 * i + step < column; i += step) eo_tile_vector(&s, a + i, a + (column - i), EO_WHOLE);
    if (2 * i == column) eo_tile_vector_ahead(&s, a + i, a + i, EO_WHOLE, 0);
    else if (2 * i + step == column) eo_tile_vector_ahead(&s, a + i, a + i + step, EO_WHOLE, EO_BLOCK);
    EO_UNROLL for (int t = 0; t < EO_BLOCK; t++) {
        s.low[t] = _mm512_add_epi64(s.low[t], s.low[t]);
        s.high[t] = _mm512_add_epi64(s.high[t], s.high[t]);
    }
    _Static_assert(EO_BLOCK % 2 == 0, "the first column of a block has a square in it");
    EO_UNROLL for (int t = 0; t < EO_BLOCK; t += 2) {
        __m512i digit = a[(column + (size_t)t) / 2];
        eo_add_product(&s, t, digit, digit);
    }
    return s;
}

// out = a^2 / R with three quarters of the multiplications. `out` may be `a`.
EO_INLINE void eo_square8_beside(
    const eo_ifma_context *c, eo_vector_digits *out, const eo_vector_digits *a, eo_side_work work, void *work_context) {
    const size_t k = c->k, step = EO_BLOCK;
    __m512i q[EO_DIGITS_MAX], carry = _mm512_setzero_si512();
    for (size_t column = 0; column < k; column += step) {
        work(work_context);
        eo_columns s = eo_square_columns(a->digit, k, column);
        for (size_t i = 0; i < column; i += step) eo_tile_scalar(&s, q + i, c->m.digit + (column - i), EO_WHOLE);
        carry = eo_quotients(c, q + column, &s, carry);
    }
    for (size_t column = k; column < 2 * k; column += step) {
        work(work_context);
        eo_columns s = eo_square_columns(a->digit, k, column);
        size_t i = column - k;
        eo_tile_scalar(&s, q + i, c->m.digit + k, EO_BEFORE_LAST);
        for (i += step; i < k; i += step) eo_tile_scalar(&s, q + i, c->m.digit + (column - i), EO_WHOLE);
        carry = eo_emit(out->digit + (column - k), &s, carry);
    }
}

static __attribute__((noinline, unused)) EO_IFMA void eo_square8(
    const eo_ifma_context *c, eo_vector_digits *out, const eo_vector_digits *a) {
    eo_square8_beside(c, out, a, eo_no_side_work, NULL);
}

#endif
#endif
