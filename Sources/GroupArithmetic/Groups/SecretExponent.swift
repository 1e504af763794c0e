// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// An integer modulo q that lives long or answers for one that does: a key share, a coefficient of a sharing polynomial, the
/// nonce of a proof about them.
///
/// It cannot be copied or printed, stands in memory that is locked and wiped at the end of its life, and meets only code whose
/// time and memory accesses do not depend on it.
public struct SecretExponent: ~Copyable, Sendable {
    public let group: SafePrimeGroup
    private let storage: LimbStorage

    /// Uniform in 0..<q from `source`.
    ///
    /// Takes 128 bits more than q has and reduces, which is uniform but for 2^-128.
    public init(in group: SafePrimeGroup, from source: inout some RandomSource & ~Copyable) {
        self.group = group
        let wide = LimbStorage(secretCount: group.exponents.limbCount + 2)
        source.fill(UnsafeMutableRawBufferPointer(start: wide.base, count: wide.count * MemoryLayout<UInt>.stride))
        storage = LimbStorage(secretCount: group.exponents.limbCount)
        eo_reduce(group.exponents.pointer, storage.base, wide.base, wide.count, 1)
    }

    /// Reads κ_q big-endian bytes from `offset` on; `nil` if they are not all there or the number is not below q.
    public init?(_ bytes: borrowing SecretBytes, at offset: Int = 0, in group: SafePrimeGroup) {
        let (width, limbCount) = (group.exponentByteCount, group.exponents.limbCount)
        guard offset >= 0, bytes.count - offset >= width else { return nil }
        let (storage, reduced) = (LimbStorage(secretCount: limbCount), LimbStorage(secretCount: limbCount))
        let fits = bytes.withBytes { buffer in
            let place = buffer[offset...].withMemoryRebound(to: UInt8.self) { $0.baseAddress }
            return eo_from_big_endian(storage.base, limbCount, place, width, width, 1) == 1
        }
        eo_reduce(group.exponents.pointer, reduced.base, storage.base, limbCount, 1)
        var difference: UInt = fits ? 0 : 1
        for index in 0..<limbCount { difference |= reduced.base[index] ^ storage.base[index] }
        guard difference == 0 else { return nil }
        self.init(storage: storage, in: group)
    }

    /// For vectors, whose secrets are public.
    package init(_ exponent: Exponent) {
        let storage = LimbStorage(secretCount: exponent.limbs.count)
        storage.base.update(from: exponent.limbs, count: exponent.limbs.count)
        self.init(storage: storage, in: exponent.group)
    }

    private init(storage: LimbStorage, in group: SafePrimeGroup) {
        self.storage = storage
        self.group = group
    }

    /// κ_q big-endian bytes, for a private file.
    public var bytes: SecretBytes {
        let width = group.exponentByteCount
        var bytes = SecretBytes(count: width)
        bytes.withMutableBytes { buffer in
            eo_to_big_endian(
                buffer.bindMemory(to: UInt8.self).baseAddress, width, width, storage.base, storage.count, 1)
        }
        return bytes
    }

    /// base^x. One full exponentiation in constant time.
    public func power(of base: GroupElement) -> GroupElement {
        var power = base.limbs
        eo_power_secret(group.elements.pointer, &power, base.limbs, storage.base, group.q.bitCount, 1)
        return GroupElement(limbs: power, of: group)
    }

    /// base^x as κ_p big-endian bytes that nobody else may learn: what two parties have in common.
    package func secretPower(of base: GroupElement) -> SecretBytes {
        let power = LimbStorage(secretCount: group.elements.limbCount)
        eo_power_secret(group.elements.pointer, power.base, base.limbs, storage.base, group.q.bitCount, 1)
        let width = group.elementByteCount
        var bytes = SecretBytes(count: width)
        bytes.withMutableBytes { buffer in
            eo_to_big_endian(
                buffer.bindMemory(to: UInt8.self).baseAddress, width, width, power.base, power.count, 1)
        }
        return bytes
    }

    /// base_i^x for every element, on all cores. One full exponentiation in constant time each.
    public func powers(of bases: ElementVector) -> ElementVector {
        let storage = storage
        group.count(.secretPower, bases.count)
        return ElementVector(count: bases.count, in: group, minimumChunk: 8) { out, range in
            bases.numbers.withLimbs(range) {
                eo_power_secret(
                    bases.group.elements.pointer, out, $0, storage.base, bases.group.q.bitCount, range.count)
            }
        }
    }

    /// challenge · x + nonce: the reply of a proof of knowledge of x, which may be published.
    public func reply(to challenge: Exponent, nonce: consuming SecretExponent) -> Exponent {
        var reply = challenge.limbs
        eo_multiply_add_secret(
            group.exponents.pointer, &reply, storage.base, challenge.limbs, nonce.storage.base)
        return Exponent(limbs: reply, in: group)
    }

    /// x · factor + other, still secret.
    public func multiplied(by factor: Exponent, adding other: borrowing SecretExponent) -> SecretExponent {
        let sum = LimbStorage(secretCount: storage.count)
        eo_multiply_add_secret(group.exponents.pointer, sum.base, storage.base, factor.limbs, other.storage.base)
        return SecretExponent(storage: sum, in: group)
    }

    /// What is opened on purpose: a share in a complaint, a recovered key.
    package var opened: Exponent {
        Exponent(limbs: Array(UnsafeBufferPointer(start: storage.base, count: storage.count)), in: group)
    }
}
