// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
import CGroupKernels

/// The stream X(s ‖ 0) ‖ X(s ‖ 1) ‖ … of a hash function X and a seed s, consumed without gaps.
///
/// Seed and stream may be secret: both are wiped at the end.
///
/// - SeeAlso: specification of the published tally, section 3.5.
public struct PseudorandomGenerator: ~Copyable {
    private let seed: SecretBytes
    private var hash: IncrementalHash
    private var counter: UInt32 = 0
    private var block: SecretBytes
    private var used: Int

    /// - Precondition: `seed` has as many bytes as a digest of `function`.
    public init(_ function: HashFunction, seed: borrowing SecretBytes) {
        precondition(seed.count == function.byteCount, "a seed of \(seed.count) bytes for \(function.rawValue)")
        self.seed = seed.withBytes { SecretBytes(copying: $0) }
        hash = IncrementalHash(function)
        block = SecretBytes(count: function.byteCount)
        used = function.byteCount
    }

    /// For a seed that is public.
    public init(_ function: HashFunction, seed: [UInt8]) {
        self.init(function, seed: SecretBytes(seed))
    }

    /// Goes on with byte number `offset` of the stream. Costs one block.
    package mutating func skip(to offset: Int) {
        counter = UInt32(offset / block.count)
        advance()
        used = offset % block.count
    }

    private mutating func advance() {
        seed.withBytes { hash.append($0) }
        withUnsafeBytes(of: counter.bigEndian) { hash.append($0) }
        block.withMutableBytes { hash.digest(into: $0) }
        used = 0
        // 2^32 blocks are 137 GB: more than any list of this format, whose lengths are below 2^31.
        counter += 1
    }

    /// The next bytes of the stream.
    public mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var filled = 0
        while filled < buffer.count {
            if used == block.count { advance() }
            let taken = min(block.count - used, buffer.count - filled)
            let place = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + taken])
            block.withBytes { place.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[used..<used + taken])) }
            used += taken
            filled += taken
        }
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { fill($0) }
        return bytes
    }
}

/// The next `bitCount`-bit numbers of a generator's stream, number i from byte i · ⌈bitCount/8⌉ on: computed on all cores.
///
/// The numbers land in `limbCount` limbs each.
func pseudorandomNumbers(
    _ function: HashFunction, seed: borrowing SecretBytes, bitCount: Int, limbCount: Int, range: Range<Int>,
    into out: UnsafeMutablePointer<UInt>
) {
    let width = (bitCount + 7) / 8
    var generator = PseudorandomGenerator(function, seed: seed)
    generator.skip(to: range.lowerBound * width)
    let topMask = UInt8(truncatingIfNeeded: (1 << (bitCount - (width - 1) * 8)) - 1)
    var number = SecretBytes(count: width)
    for offset in 0..<range.count {
        number.withMutableBytes { bytes in
            generator.fill(bytes)
            bytes[0] &= topMask
            _ = eo_from_big_endian(
                out + offset * limbCount, limbCount, bytes.bindMemory(to: UInt8.self).baseAddress, width, width, 1)
        }
    }
}
