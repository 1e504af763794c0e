// SPDX-License-Identifier: Apache-2.0

private import CCrypto

/// Where random bytes come from: the system, or a seed.
public protocol RandomSource: ~Copyable {
    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer)
}

extension RandomSource where Self: ~Copyable {
    public mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { fill($0) }
        return bytes
    }
}

/// The system's generator, through libcrypto.
public struct SystemRandomSource: RandomSource {
    public init() {}

    public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
        let filled = RAND_priv_bytes(base.assumingMemoryBound(to: UInt8.self), Int32(buffer.count))
        // Nothing that this project makes is safe without randomness: going on would be worse than ending.
        precondition(filled == 1, "the system has no randomness")
    }
}
