// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic modulo one odd number on arrays of fixed-width numbers.
//
// A number is n limbs of 64 bits, least significant first. Where it goes out it is below the modulus m. Where it comes in as a factor
// or a base it may be any number of n limbs, and counts modulo m; where it comes in as a summand it is below m.
// An array is its numbers one after another. A modulus is one flat array made by eo_modulus_init, so that its owner
// decides where it lives. No function here allocates for its result; all are safe to call from many threads at once.
//
// Functions whose time depends on the numbers say so by the word "vartime"; those that end in "_secret" do not
// branch or look up memory by them.
#ifndef EO_GROUP_KERNELS_H
#define EO_GROUP_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned long eo_limb; // 64 bits; the type of GMP's limbs, so that Swift sees one type

// What computes: GMP, one number at a time, anywhere; or AVX-512 IFMA, eight at a time, where the processor has it and the
// modulus has 1024 to 4096 bits. Both give the same numbers.
typedef enum { EO_KERNEL_GMP = 0, EO_KERNEL_IFMA = 1 } eo_kernel;
// Whether this processor can run that kernel.
bool eo_kernel_is_available(eo_kernel kernel);

// Limbs that eo_modulus_init writes for a modulus of n limbs. An unavailable kernel, or one that does not take this modulus,
// becomes GMP.
size_t eo_modulus_size(size_t n);
void eo_modulus_init(eo_limb *modulus, const eo_limb *m, size_t n, eo_kernel kernel);
// The kernel that a modulus is computed with.
eo_kernel eo_modulus_kernel(const eo_limb *modulus);

// out[i] = a[i] * b[i], a[i] * b, a[i] + b[i], a[i] - b[i]. `out` may be `a` or `b`.
void eo_multiply(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count);
void eo_scale(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count);
void eo_add(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count);
void eo_subtract(const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, size_t count);

// The product and the sum of `count` numbers; 1 and 0 for none.
void eo_product(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count);
void eo_sum(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count);

// out[i] = a[i]^-1 for numbers coprime to the modulus: one inversion and three multiplications each. vartime
void eo_inverse_vartime(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t count);

// out = wide mod m for `count` wide numbers of `wide` limbs each. vartime in the width only
void eo_reduce(const eo_limb *modulus, eo_limb *out, const eo_limb *a, size_t wide, size_t count);

// out[i] = base[i]^e[i], exponents of `width` limbs, `step` limbs apart (0: the same exponent for all). vartime
void eo_power_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t width, size_t step,
    size_t count);

// out[i] = base[i]^e for one secret exponent of `bits` bits, which stay unknown to a neighbour's stopwatch and cache.
void eo_power_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *base, const eo_limb *e, size_t bits, size_t count);

// out = a * b + c for secret a, public or secret b and c.
void eo_multiply_add_secret(
    const eo_limb *modulus, eo_limb *out, const eo_limb *a, const eo_limb *b, const eo_limb *c);

// Powers of one base for a list of exponents, a row at a time: a row is one digit of all of them. The row's table of powers stays in the
// processor's cache while every product takes its factor from there, so that no table of all rows has to be made, cleared and kept.
// Rows are independent: threads share them, each with products of its own, which are multiplied in the end.
//
// squares[j] = base^(2^j) for j < count, of which the tables are made: one squaring each, one after another. vartime
void eo_squares(const eo_limb *modulus, eo_limb *squares, const eo_limb *base, size_t count);
// Limbs of a row's table, best at a multiple of 64 bytes, for digits of `window` bits, at least EO_ROW_WINDOW_MINIMUM.
#define EO_ROW_WINDOW_MINIMUM 3
size_t eo_row_size(const eo_limb *modulus, size_t window);
// table[d] = base^(d * 2^shift) for all d < 2^window, from the `window` squares from squares[shift] on. vartime
void eo_row_init(const eo_limb *modulus, eo_limb *table, const eo_limb *squares, size_t window);
// Limbs of the products of `count` numbers, best at a multiple of 64 bytes; those from a multiple of eight on lie
// from as many limbs on as that multiple has.
size_t eo_row_products_size(const eo_limb *modulus, size_t count);
// Multiplies product i by the entry of e[i]'s digit of `window` bits from bit `shift` on; or begins it so, with `begin`. Looks up memory
// by these digits: vartime
void eo_row_multiply_vartime(
    const eo_limb *modulus, eo_limb *products, const eo_limb *table, size_t window, size_t shift, const eo_limb *e,
    size_t width, size_t count, bool begin);
// out[i] = the product of the products i of all `sets`, which lie `step` limbs apart.
void eo_row_products_finish(
    const eo_limb *modulus, eo_limb *out, const eo_limb *products, size_t step, size_t sets, size_t count);

// A table of buckets: for each of `windows` windows of exponents, 2^window products, one for each value of a digit. What is added with
// e[i] multiplies, in window j, the bucket of the digit of `window` bits at shift + j * window. Lists may be added part by part. The
// numbers are read as if they were Montgomery forms. A table is made of eo_buckets_size limbs, best at a multiple of 64 bytes,
// and cleared before use; it costs and takes least with eight windows, or one, two or four (vector kernel). vartime
size_t eo_buckets_size(const eo_limb *modulus, size_t window, size_t windows);
void eo_buckets_clear(const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows);
void eo_buckets_add_vartime(
    const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows, const eo_limb *base, size_t count,
    const eo_limb *e, size_t width, size_t shift);
// out[j] = prod base[i]^digit(e[i]) for each window. The whole product lacks R^(sum of exponents): see eo_product_of_powers_finish.
void eo_buckets_powers_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *buckets, size_t window, size_t windows);
// out[bit * windows + j] = the product of the numbers whose digit in window j has that bit, times an unknown power of R.
// Overwrites the buckets.
void eo_buckets_subsets_vartime(
    const eo_limb *modulus, eo_limb *out, eo_limb *buckets, size_t window, size_t windows);
// Whether each of those products has Jacobi symbol 1. Overwrites the buckets.
bool eo_buckets_subsets_are_residues_vartime(
    const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows);
// The window with the least work for `count` numbers with exponents of `bits` bits in one table, and that work, to compare.
size_t eo_best_window(const eo_limb *modulus, size_t bits, size_t count);
size_t eo_buckets_cost(const eo_limb *modulus, size_t window, size_t bits, size_t count);

// Windows that a table of buckets computes at once.
size_t eo_windows_at_once(const eo_limb *modulus);
// out = product of the windows' results, least significant first, times R^s for the sum s of all exponents. vartime
void eo_product_of_powers_finish_vartime(
    const eo_limb *modulus, eo_limb *out, const eo_limb *windows, size_t window, size_t count, const eo_limb *s,
    size_t s_width);

// Index of the first of `count` numbers that is not in 1..<m or has no Jacobi symbol 1, or `count` if all are. vartime
size_t eo_first_nonresidue_vartime(const eo_limb *modulus, const eo_limb *a, size_t count);
// Index of the first of `count` numbers that is not below the modulus, or `count`. vartime
size_t eo_first_not_reduced(const eo_limb *modulus, const eo_limb *a, size_t count);

// Whether all of `count` numbers are in 1..<m and have Jacobi symbol 1, by 128 products of random subsets. A list with another number
// passes with probability at most 2^-128 if the masks, two limbs a number, are uniformly random and unknown to whoever made
// the numbers. Worth it from eo_residue_batch_minimum numbers on. `scratch` holds eo_residue_batch_scratch limbs. vartime
size_t eo_residue_batch_minimum(const eo_limb *modulus);
size_t eo_residue_batch_scratch(const eo_limb *modulus, size_t count);
bool eo_all_residues_vartime(
    const eo_limb *modulus, eo_limb *scratch, const eo_limb *a, const eo_limb *masks, size_t count);
// The window of the table of buckets in which to put numbers with their masks as exponents, when a list comes part by part.
size_t eo_residue_batch_window(const eo_limb *modulus, size_t count);

// Fixed-width big-endian bytes to limbs and back; the numbers lie `stride` bytes apart. Reading returns the index of the
// first that does not fit n limbs, or `count`.
size_t eo_from_big_endian(eo_limb *out, size_t n, const uint8_t *bytes, size_t width, size_t stride, size_t count);
void eo_to_big_endian(uint8_t *bytes, size_t width, size_t stride, const eo_limb *a, size_t n, size_t count);
// Index of the first of `count` records, `stride` bytes apart, that does not begin with `header`, or `count`.
size_t eo_first_other_header(
    const uint8_t *bytes, const uint8_t *header, size_t header_width, size_t stride, size_t count);

// out[i] = 2^shift + a[i] * factor - b[i] * c[i] as plain integers in `width` limbs: exponents of a folded equation, made
// positive. b and c are arrays of b_width and c_width limbs a number, a is one of a_width.
// The caller makes sure that 2^shift exceeds every b[i] * c[i] and the result fits.
void eo_integer_fold(
    eo_limb *out, size_t width, size_t shift, const eo_limb *a, size_t a_width, const eo_limb *factor,
    size_t factor_width, const eo_limb *b, size_t b_width, const eo_limb *c, size_t c_width, size_t count);

// out[i] = a[i] * b[i] as plain integers in a_width + b_width limbs each.
void eo_integer_products(
    eo_limb *out, const eo_limb *a, size_t a_width, const eo_limb *b, size_t b_width, size_t count);
// out = the sum of all a[i] * b[i] as a plain integer in `width` limbs, which the caller makes enough of.
void eo_integer_inner_product(
    eo_limb *out, size_t width, const eo_limb *a, size_t a_width, const eo_limb *b, size_t b_width, size_t count);

// Bytes that the decimal digits of n limbs need at most, and one more.
size_t eo_decimal_size(size_t n);
// Writes a number's ASCII digits, without leading zeros, into eo_decimal_size(n) bytes; returns how many. vartime
size_t eo_to_decimal(uint8_t *text, const eo_limb *a, size_t n);
// Reads such digits: false for any other byte, for leading zeros, for none, and for more than n limbs hold. vartime
bool eo_from_decimal(eo_limb *out, size_t n, const uint8_t *text, size_t length);
// Whether a < limit. vartime
bool eo_is_below(const eo_limb *a, const eo_limb *limit, size_t n);

// Overwrites memory in a way that no optimiser removes.
void eo_wipe(void *memory, size_t bytes);

#endif
