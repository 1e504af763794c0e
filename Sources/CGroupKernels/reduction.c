// SPDX-License-Identifier: Apache-2.0
//
// Montgomery reduction and products of one number at a time. Distributions build GMP for the oldest processors; where mulx is there,
// rows of eight limbs by it take four fifths of the time of mpn_addmul_1. No path and no place in memory depends on the numbers.
#include "modulus.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define EO_MULX __attribute__((target("bmi2")))
#define EO_UNROLL _Pragma("clang loop unroll(full)")
#define EO_ROW 8

typedef unsigned long long wide_limb; // what the intrinsics call a limb

static bool has_rows(size_t n) { return n >= EO_ROW && __builtin_cpu_supports("bmi2"); }

// sum += a * b + carry for eight limbs. Returns the carry.
static inline __attribute__((always_inline)) EO_MULX wide_limb add_row(
    wide_limb *sum, const wide_limb *a, wide_limb b, wide_limb carry) {
    wide_limb low[EO_ROW], high[EO_ROW], out;
    EO_UNROLL for (int i = 0; i < EO_ROW; i++) low[i] = _mulx_u64(b, a[i], &high[i]);
    unsigned char bit = _addcarry_u64(0, low[0], carry, &low[0]);
    EO_UNROLL for (int i = 1; i < EO_ROW; i++) bit = _addcarry_u64(bit, low[i], high[i - 1], &low[i]);
    _addcarry_u64(bit, high[EO_ROW - 1], 0, &out);
    bit = 0;
    EO_UNROLL for (int i = 0; i < EO_ROW; i++) bit = _addcarry_u64(bit, sum[i], low[i], &sum[i]);
    _addcarry_u64(bit, out, 0, &out);
    return out;
}

// sum += a * b + carry for n limbs: whole rows, and the limbs that are left.
static inline __attribute__((always_inline)) EO_MULX wide_limb add_rows(
    wide_limb *sum, const wide_limb *a, size_t n, wide_limb b, wide_limb carry) {
    size_t j = 0;
    for (; j + EO_ROW <= n; j += EO_ROW) carry = add_row(sum + j, a + j, b, carry);
    for (; j < n; j++) {
        unsigned __int128 term = (unsigned __int128)a[j] * b + sum[j] + carry;
        sum[j] = (wide_limb)term;
        carry = (wide_limb)(term >> 64);
    }
    return carry;
}

static EO_MULX mp_limb_t reduce_by_rows(const eo_context *c, mp_limb_t *wide) {
    wide_limb *w = (wide_limb *)wide;
    const wide_limb *m = (const wide_limb *)c->m;
    size_t n = c->n;
    wide_limb top = 0;
    for (size_t i = 0; i < n; i++) {
        wide_limb carry = add_rows(w + i, m, n, w[i] * c->negated_inverse, 0);
        unsigned char bit = _addcarry_u64(0, w[i + n], carry, &w[i + n]);
        unsigned char more = _addcarry_u64(0, w[i + n], top, &w[i + n]);
        top = (wide_limb)(bit + more);
    }
    return (mp_limb_t)top;
}

static EO_MULX void multiply_by_rows(mp_limb_t *out, const mp_limb_t *a, const mp_limb_t *b, size_t n) {
    wide_limb *w = (wide_limb *)out;
    memset(w, 0, n * sizeof *w);
    for (size_t i = 0; i < n; i++) w[i + n] = add_rows(w + i, (const wide_limb *)a, n, b[i], 0);
}

#else
static bool has_rows(size_t n) { (void)n; return false; }
static mp_limb_t reduce_by_rows(const eo_context *c, mp_limb_t *wide) { (void)c; (void)wide; return 0; }
static void multiply_by_rows(mp_limb_t *out, const mp_limb_t *a, const mp_limb_t *b, size_t n) {
    (void)out; (void)a; (void)b; (void)n;
}
#endif

void eo_redc(const eo_context *c, mp_limb_t *out, mp_limb_t *wide) {
    size_t n = c->n;
    mp_limb_t carry, *sum = wide + n;
    if (has_rows(n)) carry = reduce_by_rows(c, wide);
    else {
        for (size_t i = 0; i < n; i++) wide[i] = mpn_addmul_1(wide + i, c->m, (mp_size_t)n, wide[i] * c->negated_inverse);
        carry = mpn_add_n(sum, sum, wide, (mp_size_t)n);
    }
    mp_limb_t borrow = mpn_sub_n(wide, sum, c->m, (mp_size_t)n);
    mp_limb_t keep = (mp_limb_t)0 - (borrow & (carry ^ 1));
    for (size_t i = 0; i < n; i++) out[i] = (sum[i] & keep) | (wide[i] & ~keep);
}

void eo_montgomery_secret(
    const eo_context *c, mp_limb_t *out, const mp_limb_t *a, const mp_limb_t *b, mp_limb_t *scratch) {
    mp_size_t n = (mp_size_t)c->n;
    mp_limb_t *wide = scratch;
    scratch += 2 * n;
    if (a == b) mpn_sec_sqr(wide, a, n, scratch);
    else if (has_rows(c->n)) multiply_by_rows(wide, a, b, c->n);
    else mpn_sec_mul(wide, a, n, b, n, scratch);
    eo_redc(c, out, wide);
}

size_t eo_montgomery_secret_itch(const eo_context *c) {
    mp_size_t n = (mp_size_t)c->n, product = mpn_sec_mul_itch(n, n), square = mpn_sec_sqr_itch(n);
    return (size_t)(2 * n + (product > square ? product : square));
}
