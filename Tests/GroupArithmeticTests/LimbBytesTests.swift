// SPDX-License-Identifier: Apache-2.0

import CGroupKernels
import GroupArithmetic
import Testing

@Suite("Numbers as big-endian bytes of fixed width")
struct LimbBytesTests {
    /// Bytes 1, 2, 3 and so on, below `width` of them zeros if the number is shorter.
    private func bytes(width: Int, significant: Int) -> [UInt8] {
        (0..<width).map { $0 < width - significant ? 0 : UInt8(truncatingIfNeeded: $0 * 37 + 1) }
    }

    private func value(_ bytes: some Sequence<UInt8>) -> BigInteger {
        bytes.reduce(0) { $0 * 256 + BigInteger(UInt($1)) }
    }

    @Test("go to limbs and back at every width, whole limbs or not", arguments: 1...40)
    func roundTrip(width: Int) {
        for limbCount in [(width + 7) / 8, (width + 7) / 8 + 1, max(1, width / 8)] {
            let (count, stride) = (3, width + 5)
            let record = bytes(width: width, significant: min(width, 8 * limbCount))
            let between = [UInt8](repeating: 9, count: 5)
            let records = (0..<count).flatMap { _ in record + between }
            var limbs = [UInt](repeating: 7, count: count * limbCount)
            #expect(eo_from_big_endian(&limbs, limbCount, records, width, stride, count) == count)
            for index in 0..<count {
                let number = BigInteger(limbs: limbs[index * limbCount..<(index + 1) * limbCount])
                #expect(number == value(record), "\(width) bytes in \(limbCount) limbs")
            }
            var written = (0..<count).flatMap { _ in [UInt8](repeating: 0xff, count: width) + between }
            eo_to_big_endian(&written, width, stride, limbs, limbCount, count)
            #expect(written == records, "\(width) bytes from \(limbCount) limbs")
        }
    }

    @Test("the first number that is too long for its limbs is named")
    func tooLong() {
        for width in [9, 10, 16, 17] {
            let limbCount = (width - 1) / 8
            for place in 0..<width - 8 * limbCount {
                var records = bytes(width: width, significant: 8 * limbCount) + bytes(width: width, significant: 1)
                records[width + place] = 1
                var limbs = [UInt](repeating: 0, count: 2 * limbCount)
                #expect(eo_from_big_endian(&limbs, limbCount, records, width, width, 2) == 1, "\(width), \(place)")
            }
        }
    }
}
