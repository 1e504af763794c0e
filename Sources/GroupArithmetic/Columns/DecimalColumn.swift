// SPDX-License-Identifier: Apache-2.0

import CGroupKernels

/// The numbers of a vector in decimal, without leading zeros: each converted once, for a hash and for a file.
package struct DecimalColumn: Sendable {
    private let storage: LimbStorage
    /// Bytes from one number to the next: its length in two bytes, then its digits.
    private let stride: Int
    package let count: Int

    /// - Complexity: one conversion each, on all cores.
    package init(_ elements: ElementVector) {
        let limbCount = elements.group.elements.limbCount
        self.init(count: elements.count, limbCount: limbCount) { range, convert in
            elements.numbers.withLimbs(range) { convert($0) }
        }
    }

    /// - Complexity: one conversion each, on all cores.
    package init(_ exponents: ExponentVector) {
        self.init(count: exponents.count, limbCount: exponents.limbCount) { range, convert in
            exponents.numbers.withLimbs(range) { convert($0) }
        }
    }

    /// - Complexity: one conversion each, on all cores.
    package init(_ numbers: NumberColumn) {
        self.init(count: numbers.count, limbCount: numbers.limbCount) { range, convert in
            numbers.withLimbs(range) { convert($0) }
        }
    }

    private init(
        count: Int, limbCount: Int,
        _ withLimbs: @Sendable (Range<Int>, (UnsafePointer<UInt>) -> Void) -> Void
    ) {
        let stride = (2 + eo_decimal_size(limbCount) + 7) / 8 * 8
        let storage = LimbStorage(count: count * stride / 8)
        inParallelChunks(of: count, minimum: 16) { range in
            withLimbs(range) { limbs in
                for (offset, index) in range.enumerated() {
                    let place = UnsafeMutableRawPointer(storage.base) + index * stride
                    let digits = (place + 2).assumingMemoryBound(to: UInt8.self)
                    let length = eo_to_decimal(digits, limbs + offset * limbCount, limbCount)
                    place.storeBytes(of: UInt16(length), as: UInt16.self)
                }
            }
        }
        self.storage = storage
        self.stride = stride
        self.count = count
    }

    /// Hands out the digits of a number.
    package func withDigits<Value>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        precondition(index >= 0 && index < count, "number \(index) of \(count)")
        return withExtendedLifetime(storage) {
            let place = UnsafeRawPointer(storage.base) + index * stride
            return body(UnsafeRawBufferPointer(start: place + 2, count: Int(place.load(as: UInt16.self))))
        }
    }
}
