// SPDX-License-Identifier: Apache-2.0

import CGroupKernels
internal import Synchronization

/// Numbers from outside, each in a range, of which it is not known whether they are elements of a group.
///
/// - Note: several threads may fill different places at once; nothing may be read before all are done, and written after.
package struct NumberColumn: Sendable {
    package let count: Int
    package let limbCount: Int
    /// Limbs of the limit; nil where everything that fits the limbs is below it.
    private let limit: [UInt]?
    private let takesZero: Bool
    private let storage: LimbStorage

    /// Places for `count` numbers in 0..<limit, or in 1..<limit.
    package init(count: Int, below limit: BigInteger, takesZero: Bool) {
        self.count = count
        limbCount = (limit - 1).limbs.count
        self.limit = limit.limbs.count == limbCount ? limit.limbs : nil
        self.takesZero = takesZero
        storage = LimbStorage(count: count * limbCount)
    }

    private func place(_ index: Int) -> UnsafeMutablePointer<UInt> {
        precondition(index >= 0 && index < count, "number \(index) of \(count)")
        return storage.base + index * limbCount
    }

    /// Reads a number in canonical decimal: digits only, no leading zero.
    ///
    /// - Returns: false if it is not canonical or out of range; the place is undefined then.
    package func read(_ digits: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        let place = place(index)
        guard eo_from_decimal(place, limbCount, digits.baseAddress, digits.count) else { return false }
        if let limit, !eo_is_below(place, limit, limbCount) { return false }
        return takesZero || digits[0] != 0x30
    }

    /// - Precondition: the number is in range.
    package func set(_ number: BigInteger, at index: Int) {
        for (offset, limb) in number.limbs(count: limbCount).enumerated() { place(index)[offset] = limb }
    }

    package func copy(from source: Int, to target: Int) {
        place(target).update(from: place(source), count: limbCount)
    }

    /// Whether the number is the one of these bytes, most significant first, as many as the limbs have.
    package func equals(_ bytes: [UInt8], at index: Int) -> Bool {
        let place = place(index)
        return (0..<limbCount * 8).allSatisfy { byte in
            UInt8(truncatingIfNeeded: place[byte / 8] >> UInt(byte % 8 * 8)) == bytes[bytes.count - 1 - byte]
        }
    }

    package subscript(index: Int) -> BigInteger {
        BigInteger(limbs: UnsafeBufferPointer(start: place(index), count: limbCount))
    }

    /// The first numbers alone.
    package func prefix(_ length: Int) -> NumberColumn { length == count ? self : NumberColumn(self, 0..<length) }

    /// The numbers at `indices`, in that order.
    package func selecting(_ indices: [Int]) -> NumberColumn { NumberColumn(self, indices) }

    private init(_ column: NumberColumn, _ indices: some Collection<Int>) {
        count = indices.count
        (limbCount, limit, takesZero) = (column.limbCount, column.limit, column.takesZero)
        storage = LimbStorage(count: indices.count * column.limbCount)
        for (target, index) in indices.enumerated() {
            place(target).update(from: column.place(index), count: limbCount)
        }
    }
}

extension NumberColumn {
    package func withLimbs<Value>(_ range: Range<Int>, _ body: (UnsafePointer<UInt>) -> Value) -> Value {
        withExtendedLifetime(storage) { body(UnsafePointer(storage.base) + range.lowerBound * limbCount) }
    }
}

// As elements and exponents
extension NumberColumn {
    /// - Precondition: all are members of `group`.
    package func elements(of group: SafePrimeGroup) -> ElementVector {
        ElementVector(NumberList(storage, limbCount: limbCount), in: group)
    }

    /// - Precondition: all are below 2^bitCount and below q.
    package func exponents(bitCount: Int, of group: SafePrimeGroup) -> ExponentVector {
        ExponentVector(storage: storage, bitCount: bitCount, in: group)
    }

    /// The index of the first number that is no member of `group`.
    ///
    /// - Complexity: that of ``ElementVector/firstNonMember``.
    package func firstNonMember(of group: SafePrimeGroup) -> Int? {
        elements(of: group).firstNonMember
    }

    /// The indices of all numbers that are no members of `group`, in order.
    ///
    /// - Complexity: if there are any, one Jacobi symbol each besides, on all cores.
    package func nonMembers(of group: SafePrimeGroup) -> [Int] {
        guard firstNonMember(of: group) != nil else { return [] }
        let found = Mutex<[Int]>([])
        inParallelChunks(of: count, minimum: 32) { range in
            var start = range.lowerBound
            while let index = firstNonMember(in: start..<range.upperBound, of: group) {
                found.withLock { $0.append(index) }
                start = index + 1
            }
        }
        return found.withLock { $0.sorted() }
    }

    private func firstNonMember(in range: Range<Int>, of group: SafePrimeGroup) -> Int? {
        guard !range.isEmpty else { return nil }
        let first = eo_first_nonresidue_vartime(group.elements.pointer, place(range.lowerBound), range.count)
        return first == range.count ? nil : range.lowerBound + first
    }
}
