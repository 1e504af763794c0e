// SPDX-License-Identifier: Apache-2.0
//
// Which window of buckets is worth what.
#include "modulus.h"

#define EO_WINDOW_MAX 13

size_t eo_windows_at_once(const eo_limb *modulus) { return eo_uses_ifma(modulus) ? 8 : 1; }

// Products per base in eighths of a vector, or in numbers: what the layout of the lanes makes of so many windows.
static size_t lanes_of(const eo_limb *modulus, size_t windows) {
    if (!eo_uses_ifma(modulus)) return windows;
    size_t rest = windows % 8;
    return windows - rest + (rest > 4 ? 8 : rest == 3 ? 4 : rest);
}

size_t eo_buckets_cost(const eo_limb *modulus, size_t window, size_t bits, size_t count) {
    size_t windows = (bits + window - 1) / window, tables = eo_windows_at_once(modulus);
    size_t reduced = (windows + tables - 1) / tables * tables;
    return lanes_of(modulus, windows) * count + (reduced << (window + 1));
}

size_t eo_best_window(const eo_limb *modulus, size_t bits, size_t count) {
    size_t best = 1;
    for (size_t window = 2; window <= EO_WINDOW_MAX; window++)
        if (eo_buckets_cost(modulus, window, bits, count) < eo_buckets_cost(modulus, best, bits, count)) best = window;
    return best;
}

size_t eo_residue_batch_window(const eo_limb *modulus, size_t count) {
    return eo_best_window(modulus, 128, count);
}

// A Jacobi symbol takes about as long as 14 products of one number or 90 lanes; a batch ends in 128 of them.
size_t eo_residue_batch_minimum(const eo_limb *modulus) {
    return eo_uses_ifma(modulus) ? 512 : SIZE_MAX / 2;
}
