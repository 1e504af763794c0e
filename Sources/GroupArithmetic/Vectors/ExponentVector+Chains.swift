// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

// Chains over a list, and folded exponents: what proofs over whole lists need beside sums and products.
extension ExponentVector {
    /// x_i = x_{i-1} e_i + b_i modulo q, where this vector is b and x_{-1} is given.
    package func accumulated(factors e: ExponentVector, behind first: Exponent) -> ExponentVector {
        chain(factors: e, behind: first, adding: widened)
    }

    /// y_i = y_{i-1} e_i modulo q, where this vector is e and y_{-1} is given.
    package func runningProducts(behind first: Exponent) -> ExponentVector {
        chain(factors: self, behind: first, adding: nil)
    }

    private func chain(factors: ExponentVector, behind first: Exponent, adding terms: ExponentVector?) -> ExponentVector
    {
        let (factors, q) = (factors.widened, group.exponents)
        precondition(factors.count == count, "vectors that do not match")
        let storage = LimbStorage(count: count * q.limbCount)
        factors.numbers.withLimbs(0..<count) { factor in
            first.limbs.withUnsafeBufferPointer { start in
                guard var last = start.baseAddress else { return }
                for index in 0..<count {
                    let place = storage.base + index * q.limbCount
                    eo_multiply(q.pointer, place, last, factor + index * q.limbCount, 1)
                    last = UnsafePointer(place)
                    guard let terms else { continue }
                    terms.numbers.withLimbs(index..<index + 1) { eo_add(q.pointer, place, place, $0, 1) }
                }
            }
        }
        return ExponentVector(storage: storage, bitCount: group.q.bitCount, in: group)
    }

    /// The exponents one place further back, `first` in front and the last one left out.
    package func shifted(behind first: Exponent) -> ExponentVector {
        guard count > 0 else { return self }
        let wide = widened
        let limbCount = wide.limbCount
        let storage = LimbStorage(count: count * limbCount)
        for (offset, limb) in first.limbs.enumerated() { storage.base[offset] = limb }
        wide.numbers.withLimbs(0..<count - 1) {
            (storage.base + limbCount).update(from: $0, count: (count - 1) * limbCount)
        }
        return ExponentVector(storage: storage, bitCount: group.q.bitCount, in: group)
    }

    /// 2^shift + factor · a_i - b_i · c_i as integers, where this vector is a.
    ///
    /// - Precondition: every b_i · c_i < 2^shift, and every result below q.
    package func folded(factor: Exponent, factorBits: Int, minus b: ExponentVector, times c: ExponentVector, shift: Int)
        -> ExponentVector
    {
        precondition(
            b.count == count && c.count == count && b.bitCount + c.bitCount <= shift, "exponents too long to fold")
        let bits = max(shift, bitCount + factorBits) + 1
        let factorLimbs = factor.value.limbs(count: (factorBits + 63) / 64)
        return ExponentVector(count: count, bitCount: bits, in: group, minimumChunk: 1024) { out, range in
            numbers.withLimbs(range) { a in
                b.numbers.withLimbs(range) { subtrahends in
                    c.numbers.withLimbs(range) { factors in
                        eo_integer_fold(
                            out, (bits + 63) / 64, shift, a, limbCount, factorLimbs, factorLimbs.count, subtrahends,
                            b.limbCount, factors, c.limbCount, range.count)
                    }
                }
            }
        }
    }

    /// Uniform exponents of `bitCount` bits; of all of q's bits in a group whose order is no longer than that.
    package static func weights(
        count: Int, bitCount: Int, in group: SafePrimeGroup, from source: inout some RandomSource & ~Copyable
    ) -> ExponentVector {
        let bits = min(bitCount, group.q.bitCount - 1)
        let limbCount = (bits + 63) / 64
        let storage = LimbStorage(count: count * limbCount)
        source.fill(
            UnsafeMutableRawBufferPointer(start: storage.base, count: storage.count * MemoryLayout<UInt>.stride))
        for index in 0..<count where bits % 64 != 0 {
            storage.base[(index + 1) * limbCount - 1] &= 1 << UInt(bits % 64) - 1
        }
        return ExponentVector(storage: storage, bitCount: bits, in: group)
    }
}

extension ExponentVector {
    /// The exponents one place further to the front, `last` behind them: e_1, …, e_{n-1}, last.
    package func rotated(closing last: Exponent) -> ExponentVector {
        guard count > 0 else { return self }
        let wide = widened
        let limbCount = wide.limbCount
        let storage = LimbStorage(count: count * limbCount)
        wide.numbers.withLimbs(1..<count) { storage.base.update(from: $0, count: (count - 1) * limbCount) }
        for (offset, limb) in last.limbs.enumerated() { storage.base[(count - 1) * limbCount + offset] = limb }
        return ExponentVector(storage: storage, bitCount: group.q.bitCount, in: group)
    }

    /// As many zeros.
    package var zeros: ExponentVector { ExponentVector(repeating: Exponent(reducing: 0, in: group), count: count) }
}
