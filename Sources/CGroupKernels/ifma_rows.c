// SPDX-License-Identifier: Apache-2.0
//
// Powers of one base, eight at a time: a row's table has an entry's digits one after another, as they are looked up one by one;
// the products are vectors of digits.
#include "ifma_multiply.h"
#include "kernels.h"

#if defined(__x86_64__)

size_t eo_ifma_row_size(const eo_limb *modulus, size_t window) {
    return eo_ifma_row((size_t)eo_vector_part(modulus)[0]) << window;
}

_Static_assert(1 << EO_ROW_WINDOW_MINIMUM == EO_LANES, "eight entries are made at once");

EO_IFMA void eo_ifma_row_init(const eo_limb *modulus, eo_limb *table, const eo_limb *squares, size_t window) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    const size_t entry_size = eo_ifma_row(c.k);
    // The first four squares: three for the first eight entries, the fourth for the way to the next eight.
    eo_vector_digits entries, factor;
    eo_scalar_digits square[4] = {{{0}}}, unused;
    eo_load(&c, &factor, squares, window > EO_ROW_WINDOW_MINIMUM ? 4 : 3);
    eo_multiply_scalar8(&c, &factor, &factor, &c.r_square);
    eo_limb *to[EO_LANES];
    for (size_t i = 0; i < EO_LANES; i++) to[i] = i < 4 ? square[i].digit : unused.digit;
    eo_scatter(&c, to, &factor);
    eo_spread(&c, &entries, &c.one);
    for (size_t bit = 0; bit < EO_ROW_WINDOW_MINIMUM; bit++) {
        const eo_limb *from[EO_LANES];
        for (size_t i = 0; i < EO_LANES; i++) from[i] = i >> bit & 1 ? square[bit].digit : c.one.digit;
        eo_gather(&c, &factor, from);
        eo_multiply8(&c, &entries, &entries, &factor);
    }
    for (size_t digit = 0;; digit += EO_LANES) {
        for (size_t i = 0; i < EO_LANES; i++) to[i] = table + (digit + i) * entry_size;
        eo_scatter(&c, to, &entries);
        if (digit + EO_LANES == (size_t)1 << window) break;
        eo_multiply_scalar8(&c, &entries, &entries, &square[3]);
    }
}

size_t eo_ifma_row_products_size(const eo_limb *modulus, size_t count) {
    return (count + EO_LANES - 1) / EO_LANES * EO_LANES * (size_t)eo_vector_part(modulus)[0];
}

// The entries of eight exponents on their way into vectors, eight digits at a time; those of the next eight are fetched into the
// processor's first cache meanwhile.
typedef struct {
    const eo_limb *entry[EO_LANES], *after[EO_LANES];
    size_t done, size;
    __m512i *out;
} entry_gathering;

EO_INLINE void gather_digits(void *context) {
    entry_gathering *g = context;
    if (g->done == g->size) return;
    __m512i block[8];
    EO_UNROLL for (int i = 0; i < 8; i++) {
        block[i] = _mm512_loadu_si512(g->entry[i] + g->done);
        __builtin_prefetch(g->after[i] + g->done);
    }
    eo_transpose(block);
    EO_UNROLL for (int i = 0; i < 8; i++) g->out[g->done + (size_t)i] = block[i];
    g->done += 8;
}

EO_IFMA void eo_ifma_row_multiply_vartime(
    const eo_limb *modulus, eo_limb *products, const eo_limb *table, size_t window, size_t shift, const eo_limb *e,
    size_t width, size_t count, bool begin) {
    if (count == 0) return;
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    const size_t entry_size = eo_ifma_row(c.k), eights = (count + EO_LANES - 1) / EO_LANES;
    eo_vector_digits factor[2];
    entry_gathering gathering = {.size = entry_size};
    // Two eights ahead of the multiplication entries are looked up, one ahead they are gathered.
    for (size_t eight = 0; eight < eights + 2; eight++) {
        memcpy(gathering.entry, gathering.after, sizeof gathering.entry);
        for (size_t lane = 0; lane < EO_LANES && eight < eights; lane++) {
            size_t i = eight * EO_LANES + lane;
            gathering.after[lane] =
                table + (i < count ? eo_digit(e + i * width, width, shift, window) : 0) * entry_size;
        }
        if (eight == 0) continue;
        gathering.out = factor[eight % 2].digit;
        gathering.done = 0;
        if (eight == 1 || begin) while (gathering.done < gathering.size) gather_digits(&gathering);
        if (eight == 1) continue;
        const eo_vector_digits *ready = &factor[(eight - 1) % 2];
        eo_vector_digits *product = (eo_vector_digits *)(products + (eight - 2) * EO_LANES * c.k);
        if (begin) memcpy(product, ready, c.k * sizeof *ready->digit);
        else eo_multiply8_beside(&c, product, product, ready, gather_digits, &gathering);
    }
}

EO_IFMA void eo_ifma_row_products_finish(
    const eo_limb *modulus, eo_limb *out, const eo_limb *products, size_t step, size_t sets, size_t count) {
    eo_ifma_context c;
    eo_ifma_open(&c, modulus);
    eo_vector_digits product;
    for (size_t i = 0; i < count; i += EO_LANES) {
        const eo_limb *factor = products + i * c.k;
        memcpy(&product, factor, c.k * sizeof *product.digit);
        for (size_t set = 1; set < sets; set++)
            eo_multiply8(&c, &product, &product, (const eo_vector_digits *)(factor + set * step));
        eo_leave_montgomery(&c, &product);
        eo_store(&c, out + i * c.n, &product, count - i < EO_LANES ? count - i : EO_LANES);
    }
}

#endif
