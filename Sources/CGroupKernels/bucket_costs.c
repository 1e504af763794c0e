// SPDX-License-Identifier: Apache-2.0
//
// Which window of buckets is worth what.
#include "modulus.h"

#define EO_WINDOW_MAX 12
// From here on the buckets of eight windows outgrow a core's own cache: what is fetched from behind it costs about a fiftieth more for
// each bit.
#define EO_WINDOW_CACHED 9

size_t eo_windows_at_once(const eo_limb *modulus) { return eo_uses_ifma(modulus) ? 8 : 1; }

// Products per base in eighths of a vector, or in numbers: what the layout of the lanes makes of so many windows.
static size_t lanes_of(const eo_limb *modulus, size_t windows) {
    if (!eo_uses_ifma(modulus)) return windows;
    size_t rest = windows % 8;
    return windows - rest + (rest > 4 ? 8 : rest == 3 ? 4 : rest);
}

size_t eo_buckets_cost(const eo_limb *modulus, size_t window, size_t bits, size_t count) {
    size_t windows = (bits + window - 1) / window, together = eo_windows_at_once(modulus);
    size_t reduced = (windows + together - 1) / together * together;
    size_t products = lanes_of(modulus, windows) * count;
    if (window > EO_WINDOW_CACHED) products += products * (window - EO_WINDOW_CACHED) / 50;
    return products + (reduced << (window + 1));
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

// A Jacobi symbol takes as long as 14 products of one number, and a number of a batch 11 to 16 of them: one number at a time, a batch is
// never worth it. In eight lanes it saves four symbols of five, after the 128 that it ends in. Never is the largest count that Swift,
// where sizes are signed, reads as one.
size_t eo_residue_batch_minimum(const eo_limb *modulus) { return eo_uses_ifma(modulus) ? 512 : PTRDIFF_MAX; }
