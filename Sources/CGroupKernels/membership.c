// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"
#include "modulus.h"

static bool is_zero(const eo_limb *a, size_t n) {
    eo_limb any = 0;
    for (size_t j = 0; j < n; j++) any |= a[j];
    return any == 0;
}

size_t eo_first_nonresidue_vartime(const eo_limb *modulus, const eo_limb *a, size_t count) {
    eo_context c = eo_open(modulus);
    mpz_t m, number;
    mpz_roinit_n(m, c.m, (mp_size_t)c.n);
    for (size_t i = 0; i < count; i++, a += c.n) {
        mpz_roinit_n(number, (const mp_limb_t *)a, (mp_size_t)c.n);
        if (mpz_sgn(number) <= 0 || mpz_cmp(number, m) >= 0 || mpz_jacobi(number, m) != 1) return i;
    }
    return count;
}

// Random subset products. Test t multiplies the numbers whose mask has bit t and asks for the Jacobi symbol of the product. The
// symbol is multiplicative, so it is the product of the numbers' symbols, each 1 or -1 (0, for a number that shares a factor with
// m, makes one of the tests' products 0 as well, unless bit t is clear). Let number i have another symbol than 1. Whatever the others'
// bits t are, at most one of the two values of its own bit t lets test t pass: a test passes with probability at most 1/2. Bits
// of a mask are independent, so all 128 pass with probability at most 2^-128, if whoever made the numbers knows nothing of the masks.
//
// Numbers are read as if they were Montgomery forms, so a product of s of them lacks R^s, or has it in excess. R is a power of 4
// in both kernels, thus a square, and every symbol stays what it is. A product of random powers with one symbol would test
// nothing but the parity of the exponents.
#define EO_MASK_BITS 128
#define EO_MASK_LIMBS 2

static size_t windows_of(size_t window) { return (EO_MASK_BITS + window - 1) / window; }

size_t eo_residue_batch_scratch(const eo_limb *modulus, size_t count) {
    size_t window = eo_residue_batch_window(modulus, count);
    return eo_buckets_size(modulus, window, windows_of(window));
}

bool eo_all_residues_vartime(
    const eo_limb *modulus, eo_limb *scratch, const eo_limb *a, const eo_limb *masks, size_t count) {
    size_t n = (size_t)modulus[0];
    if (eo_first_not_reduced(modulus, a, count) < count) return false;
    for (size_t i = 0; i < count; i++)
        if (is_zero(a + i * n, n)) return false;
    size_t window = eo_residue_batch_window(modulus, count), windows = windows_of(window);
    eo_buckets_clear(modulus, scratch, window, windows);
    eo_buckets_add_vartime(modulus, scratch, window, windows, a, count, masks, EO_MASK_LIMBS, 0);
    return eo_buckets_subsets_are_residues_vartime(modulus, scratch, window, windows);
}

bool eo_buckets_subsets_are_residues_vartime(
    const eo_limb *modulus, eo_limb *buckets, size_t window, size_t windows) {
    size_t n = (size_t)modulus[0], tests = window * windows;
    eo_limb *products = malloc(tests * n * sizeof *products);
    if (products == NULL) abort();
    eo_buckets_subsets_vartime(modulus, products, buckets, window, windows);
    bool all = eo_first_nonresidue_vartime(modulus, products, tests) == tests;
    free(products);
    return all;
}
