// SPDX-License-Identifier: Apache-2.0
//
// The flat modulus, and Montgomery multiplication with it, for the files of this folder.
#ifndef EO_MODULUS_H
#define EO_MODULUS_H

#include <gmp.h>
#include <stdlib.h>
#include <string.h>

#include "group_kernels.h"

_Static_assert(sizeof(mp_limb_t) == sizeof(eo_limb) && GMP_NAIL_BITS == 0, "limbs are 64 bits");

typedef struct {
    size_t n;
    eo_limb negated_inverse;
    const mp_limb_t *m;
    const mp_limb_t *one;      // R mod m, the Montgomery form of 1
    const mp_limb_t *r_square; // R^2 mod m, the Montgomery form of R
} eo_context;

// n, -m^-1 mod 2^64, the kernel; then m, R mod m, R^2 mod m; then what the vector kernel needs.
#define EO_MODULUS_HEADER 3

static inline eo_context eo_open(const eo_limb *modulus) {
    size_t n = (size_t)modulus[0];
    const mp_limb_t *numbers = (const mp_limb_t *)(modulus + EO_MODULUS_HEADER);
    return (eo_context){n, modulus[1], numbers, numbers + n, numbers + 2 * n};
}

static inline bool eo_uses_ifma(const eo_limb *modulus) { return modulus[2] == EO_KERNEL_IFMA; }

// k; then R mod m and R^2 mod m for R = 2^(52 k).
static inline const eo_limb *eo_vector_part(const eo_limb *modulus) {
    return modulus + EO_MODULUS_HEADER + 3 * modulus[0];
}

// Largest modulus that the kernels take, in limbs: 8192 bits. Scratch numbers live on the stack.
#define EO_LIMBS_MAX 129

// out = wide * R^-1 mod m for the 2n limbs of `wide`, which are overwritten. The time depends on n alone.
void eo_redc(const eo_context *c, mp_limb_t *out, mp_limb_t *wide);

// out = a * b * R^-1 mod m in a time that depends on n and on whether a is b. Everything in between stays in `scratch`.
void eo_montgomery_secret(
    const eo_context *c, mp_limb_t *out, const mp_limb_t *a, const mp_limb_t *b, mp_limb_t *scratch);
// Limbs of its scratch.
size_t eo_montgomery_secret_itch(const eo_context *c);

// out = a * b * R^-1 mod m. `out` may be `a` or `b`.
static inline void eo_montgomery(const eo_context *c, mp_limb_t *out, const mp_limb_t *a, const mp_limb_t *b) {
    mp_limb_t wide[2 * EO_LIMBS_MAX];
    if (a == b) mpn_sqr(wide, a, c->n);
    else mpn_mul_n(wide, a, b, c->n);
    eo_redc(c, out, wide);
}

static inline void eo_to_montgomery(const eo_context *c, mp_limb_t *out, const mp_limb_t *a) {
    eo_montgomery(c, out, a, c->r_square);
}

static inline void eo_from_montgomery(const eo_context *c, mp_limb_t *out, const mp_limb_t *a) {
    mp_limb_t wide[2 * EO_LIMBS_MAX];
    memcpy(wide, a, c->n * sizeof *a);
    memset(wide + c->n, 0, c->n * sizeof *a);
    eo_redc(c, out, wide);
}

// `bits` (at most 32) bits of a number of `width` limbs, from bit `shift` on; bits beyond the number are 0.
static inline size_t eo_digit(const eo_limb *e, size_t width, size_t shift, size_t bits) {
    size_t limb = shift / 64, offset = shift % 64;
    if (limb >= width) return 0;
    eo_limb value = e[limb] >> offset;
    if (offset + bits > 64 && limb + 1 < width) value |= e[limb + 1] << (64 - offset);
    return (size_t)(value & (((eo_limb)1 << bits) - 1));
}

#endif
