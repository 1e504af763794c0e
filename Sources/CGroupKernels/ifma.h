// SPDX-License-Identifier: Apache-2.0
//
// Eight numbers at a time with AVX-512 IFMA, in digits of 52 bits, digit j of all eight in one vector: the types, and the ways between
// limbs and digits. ifma_multiply.h multiplies. For the files ifma_*.c; every function of theirs has the attribute EO_IFMA.
//
// Montgomery forms are with R = 2^(52 k) > 4m: numbers below 2m go in and come out (Walter's condition), so that no step ends in a
// comparison. A number below 2m times one below R / 2 stays below 2m as well: numbers from outside need not be below m. Only those
// from R / 2 on, which n limbs can hold where m takes little of its highest limb, are reduced first.
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
// Digits that the inner loops of a multiplication treat at once; k is a multiple. Ten divides the 40, 60 and 80 digits of 2048, 3072 and
// 4096 bits, and its twenty sums, ten factors and one more fill the 32 registers.
#define EO_BLOCK 10
// Digits of the largest modulus, 4096 bits.
#define EO_DIGITS_MAX 80

// Digits as scalars: a number that is the same in all lanes.
typedef struct { eo_limb digit[EO_DIGITS_MAX]; } eo_scalar_digits;
// Digit j of eight numbers.
typedef struct { __m512i digit[EO_DIGITS_MAX]; } eo_vector_digits;

typedef struct {
    size_t n, k;
    size_t top_bits; // a number of n limbs is below R / 2 if its highest limb is below 2^top_bits; 64: always
    const mp_limb_t *plain; // m in limbs
    __m512i inverse; // -m^-1 mod 2^52
    eo_scalar_digits m, one, r_square;
} eo_ifma_context;

// k for a modulus of so many bits.
static inline size_t eo_ifma_digits(size_t bits) {
    size_t digits = (bits + 2 + EO_DIGIT_BITS - 1) / EO_DIGIT_BITS;
    return (digits + EO_BLOCK - 1) / EO_BLOCK * EO_BLOCK;
}
// Digits that a number takes in tables: a multiple of eight, for whole transposes.
static inline size_t eo_ifma_row(size_t k) { return (k + 7) / 8 * 8; }

EO_INLINE __m512i eo_broadcast(eo_limb digit) { return _mm512_set1_epi64((long long)digit); }

// first, first + step, ..., first + 7 step
EO_INLINE __m512i eo_sequence(eo_limb first, eo_limb step) {
    return _mm512_add_epi64(
        eo_broadcast(first), _mm512_mul_epu32(eo_broadcast(step), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7)));
}

// The mask of those of eight places from `first` on that lie before `count`.
EO_INLINE __mmask8 eo_places(size_t first, size_t count) {
    return first >= count ? 0 : count - first >= 8 ? 0xff : (__mmask8)((1u << (count - first)) - 1);
}

// n limbs to k digits, and zeros up to eo_ifma_row(k): bit 52 j of the number is bit 0 of digit j.
EO_INLINE void eo_split_digits(eo_limb *digit, size_t k, const eo_limb *number, size_t n) {
    const __m512i sixty_four = eo_broadcast(64);
    for (size_t j = 0; j < k; j += 8) {
        size_t first = EO_DIGIT_BITS * j / 64;
        __m512i bit = eo_sequence(EO_DIGIT_BITS * j % 64, EO_DIGIT_BITS);
        __m512i limb = _mm512_srli_epi64(bit, 6), offset = _mm512_and_si512(bit, eo_broadcast(63));
        __m512i limbs = _mm512_maskz_loadu_epi64(eo_places(first, n), number + first);
        __m512i low = _mm512_permutexvar_epi64(limb, limbs);
        __m512i high = _mm512_permutexvar_epi64(_mm512_add_epi64(limb, eo_broadcast(1)), limbs);
        // A shift by 64 gives 0.
        __m512i both = _mm512_or_si512(
            _mm512_srlv_epi64(low, offset), _mm512_sllv_epi64(high, _mm512_sub_epi64(sixty_four, offset)));
        _mm512_storeu_si512(digit + j, _mm512_and_si512(both, eo_broadcast(EO_DIGIT_MASK)));
    }
}

// number mod m, which no number of this project needs but one that is out of its range.
static __attribute__((noinline, unused)) void eo_reduce_outlier(
    const eo_ifma_context *c, eo_limb *out, const eo_limb *number) {
    mp_limb_t quotient[1];
    mpn_tdiv_qr(
        quotient, (mp_limb_t *)out, 0, (const mp_limb_t *)number, (mp_size_t)c->n, c->plain, (mp_size_t)c->n);
}

// The digits of a number from outside, any n limbs.
EO_INLINE void eo_split_number(const eo_ifma_context *c, eo_limb *digit, const eo_limb *number) {
    if (c->top_bits < 64 && number[c->n - 1] >> c->top_bits != 0) {
        eo_limb reduced[EO_LIMBS_MAX];
        eo_reduce_outlier(c, reduced, number);
        eo_split_digits(digit, c->k, reduced, c->n);
    } else eo_split_digits(digit, c->k, number, c->n);
}

// Digits below 2^52 to n limbs: a limb takes bits from up to three digits. Reads 16 digits from the one that holds a limb's first bit on.
EO_INLINE void eo_join_digits(eo_limb *number, size_t n, const eo_limb *digit) {
    const __m512i width = eo_broadcast(EO_DIGIT_BITS), one = eo_broadcast(1);
    for (size_t i = 0; i < n; i += 8) {
        size_t first = 64 * i / EO_DIGIT_BITS;
        __m512i bit = eo_sequence(64 * i % EO_DIGIT_BITS, 64);
        // bit / 52, for bits up to 499
        __m512i index = _mm512_srli_epi64(_mm512_mul_epu32(bit, eo_broadcast(1261)), 16);
        __m512i shift = _mm512_sub_epi64(bit, _mm512_mul_epu32(index, width));
        __m512i low = _mm512_loadu_si512(digit + first), high = _mm512_loadu_si512(digit + first + 8);
        __m512i limb = _mm512_srlv_epi64(_mm512_permutex2var_epi64(low, index, high), shift);
        EO_UNROLL for (int more = 0; more < 2; more++) {
            index = _mm512_add_epi64(index, one);
            // From the second digit on, up: by 52 - shift, then by 104 - shift. A shift by 64 and more gives 0.
            shift = more == 0 ? _mm512_sub_epi64(width, shift) : _mm512_add_epi64(width, shift);
            limb = _mm512_or_si512(limb, _mm512_sllv_epi64(_mm512_permutex2var_epi64(low, index, high), shift));
        }
        _mm512_mask_storeu_epi64(number + i, eo_places(i, n), limb);
    }
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
EO_INLINE void eo_gather(const eo_ifma_context *c, eo_vector_digits *out, const eo_limb *const row[EO_LANES]) {
    for (size_t j = 0; j < c->k; j += 8) {
        __m512i block[8];
        EO_UNROLL for (int i = 0; i < 8; i++) block[i] = _mm512_loadu_si512(row[i] + j);
        eo_transpose(block);
        EO_UNROLL for (int i = 0; i < 8; i++) out->digit[j + (size_t)i] = block[i];
    }
}

EO_INLINE void eo_scatter(const eo_ifma_context *c, eo_limb *const row[EO_LANES], const eo_vector_digits *number) {
    for (size_t j = 0; j < c->k; j += 8) {
        __m512i block[8];
        EO_UNROLL for (int i = 0; i < 8; i++) block[i] = number->digit[j + (size_t)i];
        eo_transpose(block);
        EO_UNROLL for (int i = 0; i < 8; i++) _mm512_storeu_si512(row[i] + j, block[i]);
    }
}

EO_INLINE void eo_spread(const eo_ifma_context *c, eo_vector_digits *out, const eo_scalar_digits *number) {
    for (size_t j = 0; j < c->k; j++) out->digit[j] = eo_broadcast(number->digit[j]);
}

// The context of a flat modulus.
EO_INLINE void eo_ifma_open(eo_ifma_context *c, const eo_limb *modulus) {
    eo_context plain = eo_open(modulus);
    const eo_limb *vector = eo_vector_part(modulus);
    c->n = plain.n;
    c->k = (size_t)vector[0];
    size_t room = EO_DIGIT_BITS * c->k - 1 - 64 * (c->n - 1);
    c->top_bits = room < 64 ? room : 64;
    c->plain = plain.m;
    c->inverse = eo_broadcast((eo_limb)plain.negated_inverse & EO_DIGIT_MASK);
    eo_split_digits(c->m.digit, c->k, (const eo_limb *)plain.m, c->n);
    eo_split_digits(c->one.digit, c->k, vector + 1, c->n);
    eo_split_digits(c->r_square.digit, c->k, vector + 1 + c->n, c->n);
}

// Eight plain numbers, of which the first `count` are given, to vectors of digits. The rest are 0.
EO_INLINE void eo_load(const eo_ifma_context *c, eo_vector_digits *out, const eo_limb *numbers, size_t count) {
    eo_limb digits[EO_LANES][EO_DIGITS_MAX];
    const eo_limb *row[EO_LANES];
    for (size_t i = 0; i < EO_LANES; i++) {
        row[i] = digits[i];
        if (i < count) eo_split_number(c, digits[i], numbers + i * c->n);
        else eo_split_digits(digits[i], c->k, numbers, 0);
    }
    eo_gather(c, out, row);
}

// The first `count` of eight numbers below 2m, reduced, to plain numbers. Branches on none of them.
EO_INLINE void eo_store(const eo_ifma_context *c, eo_limb *numbers, const eo_vector_digits *in, size_t count) {
    eo_vector_digits reduced;
    __m512i borrow = _mm512_setzero_si512(), mask = eo_broadcast(EO_DIGIT_MASK);
    for (size_t j = 0; j < c->k; j++) {
        __m512i difference = _mm512_add_epi64(_mm512_sub_epi64(in->digit[j], eo_broadcast(c->m.digit[j])), borrow);
        reduced.digit[j] = _mm512_and_si512(difference, mask);
        borrow = _mm512_srai_epi64(difference, EO_DIGIT_BITS);
    }
    // What is below m borrowed in the end and stays.
    __mmask8 below = _mm512_movepi64_mask(borrow);
    for (size_t j = 0; j < c->k; j++) reduced.digit[j] = _mm512_mask_mov_epi64(reduced.digit[j], below, in->digit[j]);
    // n limbs may reach beyond k digits.
    for (size_t j = c->k; j < eo_ifma_row(c->k); j++) reduced.digit[j] = _mm512_setzero_si512();
    eo_limb digits[EO_LANES][EO_DIGITS_MAX + 16] = {{0}};
    eo_limb *row[EO_LANES];
    for (size_t i = 0; i < EO_LANES; i++) row[i] = digits[i];
    eo_scatter(c, row, &reduced);
    for (size_t i = 0; i < count; i++) eo_join_digits(numbers + i * c->n, c->n, digits[i]);
}

#endif
#endif
