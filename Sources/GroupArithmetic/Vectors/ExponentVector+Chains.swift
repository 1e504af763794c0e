// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

// Chains over a list, and folded exponents: what proofs over whole lists need beside sums and products.
extension ExponentVector {
    /// x_0 = b_0, x_i = x_{i-1} e_i + b_i: this vector is b. Modulo q.
    package func accumulated(factors e: ExponentVector) -> ExponentVector {
        let (terms, factors) = (widened, e.widened)
        let q = group.exponents
        let storage = LimbStorage(count: count * q.limbCount)
        for index in 0..<count {
            let place = storage.base + index * q.limbCount
            if index == 0 {
                place.update(from: terms.pointer(at: 0), count: q.limbCount)
            } else {
                eo_multiply(q.pointer, place, place - q.limbCount, factors.pointer(at: index), 1)
                eo_add(q.pointer, place, place, terms.pointer(at: index), 1)
            }
        }
        return ExponentVector(storage: storage, count: count, bitCount: group.q.bitCount, in: group)
    }

    /// y_i = e_0 · … · e_i modulo q.
    package var runningProducts: ExponentVector {
        let factors = widened
        let q = group.exponents
        let storage = LimbStorage(count: count * q.limbCount)
        for index in 0..<count {
            let place = storage.base + index * q.limbCount
            if index == 0 {
                place.update(from: factors.pointer(at: 0), count: q.limbCount)
            } else {
                eo_multiply(q.pointer, place, place - q.limbCount, factors.pointer(at: index), 1)
            }
        }
        return ExponentVector(storage: storage, count: count, bitCount: group.q.bitCount, in: group)
    }

    /// The exponents one place further back, `first` in front and the last one left out.
    package func shifted(behind first: Exponent) -> ExponentVector {
        guard count > 0 else { return self }
        let wide = widened
        let limbCount = wide.limbCount
        let storage = LimbStorage(count: count * limbCount)
        for (offset, limb) in first.limbs.enumerated() { storage.base[offset] = limb }
        (storage.base + limbCount).update(from: wide.pointer(at: 0), count: (count - 1) * limbCount)
        return ExponentVector(storage: storage, count: count, bitCount: group.q.bitCount, in: group)
    }

    /// The exponents in `range`.
    package func slice(_ range: Range<Int>) -> ExponentVector { selecting(Array(range)) }

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
            let first = range.lowerBound
            eo_integer_fold(
                out, (bits + 63) / 64, shift, pointer(at: first), limbCount, factorLimbs, factorLimbs.count,
                b.pointer(at: first), b.limbCount, c.pointer(at: first), c.limbCount, range.count)
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
        return ExponentVector(storage: storage, count: count, bitCount: bits, in: group)
    }
}

extension ExponentVector {
    /// The exponents one place further to the front, `last` behind them: e_1, …, e_{n-1}, last.
    package func rotated(closing last: Exponent) -> ExponentVector {
        let wide = widened
        let limbCount = wide.limbCount
        let storage = LimbStorage(count: count * limbCount)
        guard count > 0 else { return wide }
        storage.base.update(from: wide.pointer(at: min(1, count - 1)), count: (count - 1) * limbCount)
        for (offset, limb) in last.limbs.enumerated() { storage.base[(count - 1) * limbCount + offset] = limb }
        return ExponentVector(storage: storage, count: count, bitCount: group.q.bitCount, in: group)
    }

    /// As many zeros.
    package var zeros: ExponentVector {
        let limbCount = group.exponents.limbCount
        return ExponentVector(
            storage: LimbStorage(count: count * limbCount), count: count, bitCount: group.q.bitCount, in: group)
    }
}
