// SPDX-License-Identifier: Apache-2.0
#include "ifma.h"

bool eo_kernel_is_available(eo_kernel kernel) {
#if defined(__x86_64__)
    if (kernel == EO_KERNEL_IFMA)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512bw");
#endif
    return kernel == EO_KERNEL_GMP;
}

size_t eo_modulus_size(size_t n) { return EO_MODULUS_HEADER + 3 * n + 1 + 2 * n; }

eo_kernel eo_modulus_kernel(const eo_limb *modulus) { return (eo_kernel)modulus[2]; }

// out = 2^exponent mod m.
static void power_of_two(mp_limb_t *out, size_t exponent, const mp_limb_t *m, size_t n) {
    mpz_t power, modulus;
    mpz_init(power);
    mpz_setbit(power, exponent);
    mpz_roinit_n(modulus, m, (mp_size_t)n);
    mpz_mod(power, power, modulus);
    memset(out, 0, n * sizeof *out);
    memcpy(out, mpz_limbs_read(power), mpz_size(power) * sizeof *out);
    mpz_clear(power);
}

void eo_modulus_init(eo_limb *modulus, const eo_limb *m, size_t n, eo_kernel kernel) {
    modulus[0] = n;
    // Newton's iteration doubles the correct bits of the inverse of m mod 2^64: 5, 10, 20, 40, 80.
    eo_limb inverse = (m[0] * 3) ^ 2;
    for (int i = 0; i < 5; i++) inverse *= 2 - m[0] * inverse;
    modulus[1] = (eo_limb)0 - inverse;
    mp_limb_t *numbers = (mp_limb_t *)modulus + EO_MODULUS_HEADER;
    memcpy(numbers, m, n * sizeof *m);
    power_of_two(numbers + n, 64 * n, (const mp_limb_t *)m, n);
    power_of_two(numbers + 2 * n, 128 * n, (const mp_limb_t *)m, n);

    modulus[2] = EO_KERNEL_GMP;
    memset(numbers + 3 * n, 0, (1 + 2 * n) * sizeof *numbers);
#if defined(__x86_64__)
    size_t bits = 64 * n - (size_t)__builtin_clzl(m[n - 1]);
    size_t k = eo_ifma_digits(bits);
    if (kernel != EO_KERNEL_IFMA || !eo_kernel_is_available(kernel) || bits < 1024 || bits > 4096) return;
    modulus[2] = EO_KERNEL_IFMA;
    numbers[3 * n] = k;
    power_of_two(numbers + 3 * n + 1, EO_DIGIT_BITS * k, (const mp_limb_t *)m, n);
    power_of_two(numbers + 3 * n + 1 + n, 2 * EO_DIGIT_BITS * k, (const mp_limb_t *)m, n);
#else
    (void)kernel;
#endif
}

void eo_wipe(void *memory, size_t bytes) { explicit_bzero(memory, bytes); }
