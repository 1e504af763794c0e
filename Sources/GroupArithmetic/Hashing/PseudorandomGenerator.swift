// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
import CGroupKernels

/// The stream X(s ‖ 0) ‖ X(s ‖ 1) ‖ … of a hash function X and a seed s, consumed without gaps.
///
/// - SeeAlso: specification of the published tally, section 3.5.
public struct PseudorandomGenerator: ~Copyable {
    private let seed: [UInt8]
    private let function: HashFunction
    private var hash: IncrementalHash
    private var counter: UInt32 = 0
    private var block: [UInt8] = []
    private var used = 0

    /// - Precondition: `seed` has as many bytes as a digest of `function`.
    public init(_ function: HashFunction, seed: [UInt8]) {
        precondition(seed.count == function.byteCount, "a seed of \(seed.count) bytes for \(function.rawValue)")
        self.seed = seed
        self.function = function
        hash = IncrementalHash(function)
    }

    /// The generator whose next byte is number `offset` of the stream. Costs no more than the first.
    package init(_ function: HashFunction, seed: [UInt8], skipping offset: Int) {
        self.init(function, seed: seed)
        counter = UInt32(offset / function.byteCount)
        advance()
        used = offset % function.byteCount
    }

    private mutating func advance() {
        hash.append(bytes: seed)
        hash.append(bytes: [UInt8(counter >> 24), UInt8(counter >> 16 & 0xff), UInt8(counter >> 8 & 0xff), UInt8(counter & 0xff)])
        block = hash.digest()
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
            block.withUnsafeBytes { block in
                UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + taken])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: block[used..<used + taken]))
            }
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
    _ function: HashFunction, seed: [UInt8], bitCount: Int, limbCount: Int, range: Range<Int>,
    into out: UnsafeMutablePointer<UInt>
) {
    let width = (bitCount + 7) / 8
    var generator = PseudorandomGenerator(function, seed: seed, skipping: range.lowerBound * width)
    let topMask = UInt8(truncatingIfNeeded: (1 << (bitCount - (width - 1) * 8)) - 1)
    var bytes = [UInt8](repeating: 0, count: width)
    for offset in 0..<range.count {
        bytes.withUnsafeMutableBytes { generator.fill($0) }
        bytes[0] &= topMask
        _ = eo_from_big_endian(out + offset * limbCount, limbCount, bytes, width, width, 1)
    }
}
