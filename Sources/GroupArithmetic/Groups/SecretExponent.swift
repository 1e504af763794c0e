// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// An integer modulo q that lives long or answers for one that does: a key share, a coefficient of a sharing polynomial, the
/// nonce of a proof about them.
///
/// It cannot be copied or printed, is wiped at the end of its life, and meets only code whose time and memory accesses
/// do not depend on it.
public struct SecretExponent: ~Copyable, Sendable {
    public let group: SafePrimeGroup
    private let storage: LimbStorage

    /// Uniform in 0..<q from `source`.
    ///
    /// Takes 128 bits more than q has and reduces, which is uniform but for 2^-128.
    public init(in group: SafePrimeGroup, from source: inout some RandomSource & ~Copyable) {
        self.group = group
        let wide = LimbStorage(count: group.exponents.limbCount + 2)
        source.fill(UnsafeMutableRawBufferPointer(start: wide.base, count: wide.count * MemoryLayout<UInt>.stride))
        storage = LimbStorage(count: group.exponents.limbCount)
        eo_reduce(group.exponents.pointer, storage.base, wide.base, wide.count, 1)
    }

    /// Reads κ_q big-endian bytes; `nil` for another length or a number that is not below q.
    public init?(bytes: [UInt8], in group: SafePrimeGroup) {
        guard bytes.count == group.exponentByteCount else { return nil }
        let limbCount = group.exponents.limbCount
        let storage = LimbStorage(count: limbCount)
        guard eo_from_big_endian(storage.base, limbCount, bytes, bytes.count, bytes.count, 1) == 1 else { return nil }
        let reduced = LimbStorage(count: limbCount)
        eo_reduce(group.exponents.pointer, reduced.base, storage.base, limbCount, 1)
        for index in 0..<limbCount where reduced.base[index] != storage.base[index] { return nil }
        self.init(storage: storage, in: group)
    }

    /// For vectors, whose secrets are public.
    package init(_ exponent: Exponent) {
        self.init(storage: LimbStorage(exponent.limbs), in: exponent.group)
    }

    private init(storage: LimbStorage, in group: SafePrimeGroup) {
        self.storage = storage
        self.group = group
    }

    /// Hands out the κ_q big-endian bytes for storage in a private file, and wipes them afterwards.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let count = group.exponentByteCount
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
        defer {
            eo_wipe(bytes.baseAddress, count)
            bytes.deallocate()
        }
        eo_to_big_endian(bytes.baseAddress, count, count, storage.base, storage.count, 1)
        return try body(UnsafeRawBufferPointer(bytes))
    }

    /// base^x. One full exponentiation in constant time.
    public func power(of base: GroupElement) -> GroupElement {
        var power = base.limbs
        eo_power_secret(group.elements.pointer, &power, base.limbs, storage.base, group.q.bitCount, 1)
        return GroupElement(limbs: power, of: group)
    }

    /// base_i^x for every element, on all cores. One full exponentiation in constant time each.
    public func powers(of bases: ElementVector) -> ElementVector {
        let storage = storage
        return ElementVector(count: bases.count, in: group) { out, range in
            eo_power_secret(
                bases.group.elements.pointer, out, bases.pointer(at: range.lowerBound), storage.base,
                bases.group.q.bitCount, range.count)
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
        let sum = LimbStorage(count: storage.count)
        eo_multiply_add_secret(group.exponents.pointer, sum.base, storage.base, factor.limbs, other.storage.base)
        return SecretExponent(storage: sum, in: group)
    }

    /// What is opened on purpose: a share in a complaint, a recovered key.
    package var opened: Exponent {
        Exponent(limbs: Array(UnsafeBufferPointer(start: storage.base, count: storage.count)), in: group)
    }
}
