// SPDX-License-Identifier: Apache-2.0
//
// Montgomery multiplication of eight numbers at a time with AVX-512 IFMA: digits of 52 bits, digit j of all eight numbers
// in one vector. For the files ifma_*.c; every function of theirs has the attribute EO_IFMA.
//
// With R = 2^(52 k) > 4m, numbers below 2m go in and come out (Walter's condition), so that no step ends in a comparison. A result is
// normalised to digits below 2^52.
#ifndef EO_IFMA_H
#define EO_IFMA_H

#include "modulus.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define EO_IFMA __attribute__((target("avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")))
#define EO_INLINE static inline __attribute__((always_inline)) EO_IFMA
#define EO_UNROLL _Pragma("clang loop unroll(full)")

#define EO_LANES 8
#define EO_DIGIT_BITS 52
#define EO_DIGIT_MASK (((eo_limb)1 << EO_DIGIT_BITS) - 1)
// Digits of the largest modulus, 4096 bits and two spare ones, in a multiple of four.
#define EO_DIGITS_MAX 80
// Zero digits behind a number, which the last sweep reads.
#define EO_PAD 8

// Digits as broadcast scalars: a number that is the same in all lanes.
typedef struct { eo_limb digit[EO_DIGITS_MAX + EO_PAD]; } eo_scalar_digits;
// Digit j of eight numbers.
typedef struct { __m512i digit[EO_DIGITS_MAX + EO_PAD]; } eo_vector_digits;

typedef struct {
    size_t n, k;
    __m512i inverse; // -m^-1 mod 2^52
    eo_scalar_digits m, one, r_square;
} eo_ifma_context;

// k for a modulus of that many bits, rounded up to a multiple of four.
static inline size_t eo_ifma_digits(size_t bits) { return ((bits + 2 + 51) / 52 + 3) / 4 * 4; }
// Digits that a number takes in tables: a multiple of eight, for whole transposes.
static inline size_t eo_ifma_row(size_t k) { return (k + 7) / 8 * 8; }

static inline void eo_split_digits(eo_limb *out, size_t k, const eo_limb *number, size_t n) {
    for (size_t j = 0; j < k; j++) {
        size_t bit = j * EO_DIGIT_BITS, limb = bit / 64, offset = bit % 64;
        eo_limb digit = limb < n ? number[limb] >> offset : 0;
        if (offset > 12 && limb + 1 < n) digit |= number[limb + 1] << (64 - offset);
        out[j] = digit & EO_DIGIT_MASK;
    }
}

static inline void eo_join_digits(eo_limb *out, size_t n, const eo_limb *digit, size_t k) {
    memset(out, 0, n * sizeof *out);
    for (size_t j = 0; j < k; j++) {
        size_t bit = j * EO_DIGIT_BITS, limb = bit / 64, offset = bit % 64;
        if (limb < n) out[limb] |= digit[j] << offset;
        if (offset > 12 && limb + 1 < n) out[limb + 1] |= digit[j] >> (64 - offset);
    }
}

EO_INLINE __m512i eo_low(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52lo_epu64(sum, a, b); }
EO_INLINE __m512i eo_high(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52hi_epu64(sum, a, b); }
EO_INLINE __m512i eo_broadcast(eo_limb digit) { return _mm512_set1_epi64((long long)digit); }

// Digit j of the right operand, from vectors or from scalars.
#define EO_DIGIT_OF_VECTOR(b, j) (b)[j]
#define EO_DIGIT_OF_SCALAR(b, j) eo_broadcast((b)[j])

// One block of T digits of a: acc = (acc + a_block * b + quotients * m) / 2^(52 T). Quotients come from the lowest T digits, a triangle;
// the rest is swept four positions at a time, each loaded digit of b and m serving all of them.
#define EO_DEFINE_BLOCK(NAME, TYPE, T, DIGIT)                                                                          \
    EO_INLINE void NAME(const eo_ifma_context *c, __m512i *acc, const __m512i *a, const TYPE *b) {                     \
        const eo_limb *m = c->m.digit;                                                                        \
        __m512i A[T], Q[T], carry = _mm512_setzero_si512();                                                            \
        EO_UNROLL for (int t = 0; t < T; t++) A[t] = a[t];                                                             \
        EO_UNROLL for (int t = 0; t < T; t++) {                                                                        \
            __m512i s = _mm512_add_epi64(acc[t], carry), h = _mm512_setzero_si512();                                   \
            EO_UNROLL for (int u = 0; u <= t; u++) s = eo_low(s, A[u], DIGIT(b, t - u));                               \
            EO_UNROLL for (int u = 0; u < t; u++) {                                                                    \
                h = eo_high(h, A[u], DIGIT(b, t - 1 - u));                                                             \
                s = eo_low(s, Q[u], eo_broadcast(m[t - u]));                                                           \
                h = eo_high(h, Q[u], eo_broadcast(m[t - 1 - u]));                                                      \
            }                                                                                                          \
            s = _mm512_add_epi64(s, h);                                                                                \
            Q[t] = eo_low(_mm512_setzero_si512(), s, c->inverse);                                                      \
            carry = _mm512_srli_epi64(eo_low(s, Q[t], eo_broadcast(m[0])), EO_DIGIT_BITS);                             \
        }                                                                                                              \
        acc[T] = _mm512_add_epi64(acc[T], carry);                                                                      \
        for (size_t pos = T; pos < c->k + T; pos += 4) {                                                               \
            __m512i s[4], h[4];                                                                                        \
            EO_UNROLL for (int q = 0; q < 4; q++) {                                                                    \
                s[q] = acc[pos + (size_t)q];                                                                           \
                h[q] = _mm512_setzero_si512();                                                                         \
            }                                                                                                          \
            EO_UNROLL for (int d = -T; d < 4; d++) {                                                                   \
                __m512i bd = DIGIT(b + pos, d), md = eo_broadcast((m + pos)[d]);                                       \
                EO_UNROLL for (int q = 0; q < 4; q++) {                                                                \
                    if (q - d >= 0 && q - d < T) {                                                                     \
                        s[q] = eo_low(s[q], A[q - d], bd);                                                             \
                        s[q] = eo_low(s[q], Q[q - d], md);                                                             \
                    }                                                                                                  \
                    if (q - 1 - d >= 0 && q - 1 - d < T) {                                                             \
                        h[q] = eo_high(h[q], A[q - 1 - d], bd);                                                        \
                        h[q] = eo_high(h[q], Q[q - 1 - d], md);                                                        \
                    }                                                                                                  \
                }                                                                                                      \
            }                                                                                                          \
            EO_UNROLL for (int q = 0; q < 4; q++) acc[pos - T + (size_t)q] = _mm512_add_epi64(s[q], h[q]);             \
        }                                                                                                              \
    }

EO_DEFINE_BLOCK(eo_block8_vector, __m512i, 8, EO_DIGIT_OF_VECTOR)
EO_DEFINE_BLOCK(eo_block4_vector, __m512i, 4, EO_DIGIT_OF_VECTOR)
EO_DEFINE_BLOCK(eo_block8_scalar, eo_limb, 8, EO_DIGIT_OF_SCALAR)
EO_DEFINE_BLOCK(eo_block4_scalar, eo_limb, 4, EO_DIGIT_OF_SCALAR)

// Digits of up to 61 bits to digits of 52.
EO_INLINE void eo_normalise(const eo_ifma_context *c, eo_vector_digits *out, const __m512i *acc) {
    __m512i carry = _mm512_setzero_si512(), mask = eo_broadcast(EO_DIGIT_MASK);
    for (size_t j = 0; j < c->k; j++) {
        __m512i sum = _mm512_add_epi64(acc[j], carry);
        out->digit[j] = _mm512_and_si512(sum, mask);
        carry = _mm512_srli_epi64(sum, EO_DIGIT_BITS);
    }
}

#define EO_DEFINE_MULTIPLY(NAME, OPERAND, BLOCK8, BLOCK4)                                                              \
    static __attribute__((noinline, unused)) EO_IFMA void NAME(                                                                \
        const eo_ifma_context *c, eo_vector_digits *out, const eo_vector_digits *a, const OPERAND *b) {                \
        __m512i acc[EO_DIGITS_MAX + EO_PAD];                                                                       \
        for (size_t j = 0; j < c->k + EO_PAD; j++) acc[j] = _mm512_setzero_si512();                                \
        size_t i = 0;                                                                                                  \
        for (; i + 8 <= c->k; i += 8) BLOCK8(c, acc, a->digit + i, b->digit);                        \
        if (i < c->k) BLOCK4(c, acc, a->digit + i, b->digit);                                        \
        eo_normalise(c, out, acc);                                                                                     \
    }

// out = a * b / R. `out` may be `a` or `b`; the padding of b is zero, and so is that of out afterwards if it was before.
EO_DEFINE_MULTIPLY(eo_multiply8, eo_vector_digits, eo_block8_vector, eo_block4_vector)
EO_DEFINE_MULTIPLY(eo_multiply_scalar8, eo_scalar_digits, eo_block8_scalar, eo_block4_scalar)

EO_INLINE void eo_clear(const eo_ifma_context *c, eo_vector_digits *number) {
    for (size_t j = 0; j < c->k + EO_PAD; j++) number->digit[j] = _mm512_setzero_si512();
}

EO_INLINE void eo_spread(const eo_ifma_context *c, eo_vector_digits *out, const eo_scalar_digits *number) {
    for (size_t j = 0; j < c->k + EO_PAD; j++) out->digit[j] = eo_broadcast(number->digit[j]);
}

// Eight rows of eight digits to eight vectors, and, being its own inverse, back.
EO_INLINE void eo_transpose(__m512i row[8]) {
    __m512i pair[8], quad[8];
    EO_UNROLL for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm512_unpacklo_epi64(row[i], row[i + 1]);
        pair[i + 1] = _mm512_unpackhi_epi64(row[i], row[i + 1]);
    }
    EO_UNROLL for (int i = 0; i < 8; i += 4) {
        quad[i] = _mm512_shuffle_i64x2(pair[i], pair[i + 2], 0x88);
        quad[i + 1] = _mm512_shuffle_i64x2(pair[i + 1], pair[i + 3], 0x88);
        quad[i + 2] = _mm512_shuffle_i64x2(pair[i], pair[i + 2], 0xdd);
        quad[i + 3] = _mm512_shuffle_i64x2(pair[i + 1], pair[i + 3], 0xdd);
    }
    EO_UNROLL for (int i = 0; i < 4; i++) {
        row[i] = _mm512_shuffle_i64x2(quad[i], quad[i + 4], 0x88);
        row[i + 4] = _mm512_shuffle_i64x2(quad[i], quad[i + 4], 0xdd);
    }
}

// Eight numbers from rows of digits, and back. Rows have eo_ifma_row(k) digits.
EO_INLINE void eo_gather(const eo_ifma_context *c, eo_vector_digits *out, const eo_limb *const row[8]) {
    for (size_t j = 0; j < c->k; j += 8) {
        __m512i block[8];
        EO_UNROLL for (int i = 0; i < 8; i++) block[i] = _mm512_loadu_si512(row[i] + j);
        eo_transpose(block);
        EO_UNROLL for (int i = 0; i < 8; i++) out->digit[j + (size_t)i] = block[i];
    }
}

EO_INLINE void eo_scatter(const eo_ifma_context *c, eo_limb *const row[8], const eo_vector_digits *number) {
    for (size_t j = 0; j < c->k; j += 8) {
        __m512i block[8];
        EO_UNROLL for (int i = 0; i < 8; i++) block[i] = number->digit[j + (size_t)i];
        eo_transpose(block);
        EO_UNROLL for (int i = 0; i < 8; i++) _mm512_storeu_si512(row[i] + j, block[i]);
    }
}

// The context of a flat modulus.
EO_INLINE void eo_ifma_open(eo_ifma_context *c, const eo_limb *modulus) {
    eo_context plain = eo_open(modulus);
    const eo_limb *vector = eo_vector_part(modulus);
    memset(c, 0, sizeof *c);
    c->n = plain.n;
    c->k = (size_t)vector[0];
    c->inverse = eo_broadcast((eo_limb)plain.negated_inverse & EO_DIGIT_MASK);
    eo_split_digits(c->m.digit, c->k, (const eo_limb *)plain.m, c->n);
    eo_split_digits(c->one.digit, c->k, vector + 1, c->n);
    eo_split_digits(c->r_square.digit, c->k, vector + 1 + c->n, c->n);
}

// Eight plain numbers, of which the first `count` are given, to vectors of digits. The rest are 0.
EO_INLINE void eo_load(const eo_ifma_context *c, eo_vector_digits *out, const eo_limb *numbers, size_t count) {
    eo_limb digits[EO_LANES][EO_DIGITS_MAX] = {{0}};
    const eo_limb *row[8];
    for (size_t i = 0; i < EO_LANES; i++) {
        row[i] = digits[i];
        if (i < count) eo_split_digits(digits[i], c->k, numbers + i * c->n, c->n);
    }
    eo_clear(c, out);
    eo_gather(c, out, row);
}

// The first `count` of eight numbers, fully reduced, to plain numbers. Branches on none of them.
EO_INLINE void eo_store(const eo_ifma_context *c, const eo_context *plain, eo_limb *numbers, const eo_vector_digits *in, size_t count) {
    eo_limb digits[EO_LANES][EO_DIGITS_MAX];
    eo_limb *row[8];
    for (size_t i = 0; i < EO_LANES; i++) row[i] = digits[i];
    eo_scatter(c, row, in);
    for (size_t i = 0; i < count; i++) {
        // Below 2m, which may take one bit more than n limbs.
        eo_limb wide[EO_LIMBS_MAX + 1];
        mp_limb_t reduced[EO_LIMBS_MAX];
        eo_join_digits(wide, c->n + 1, digits[i], c->k);
        mp_limb_t borrow = mpn_sub_n(reduced, (mp_limb_t *)wide, plain->m, (mp_size_t)c->n);
        mp_limb_t keep = (mp_limb_t)0 - (borrow & (wide[c->n] ^ 1));
        for (size_t j = 0; j < c->n; j++) numbers[i * c->n + j] = (wide[j] & keep) | (reduced[j] & ~keep);
    }
    eo_wipe(digits, sizeof digits);
}

#endif
#endif
