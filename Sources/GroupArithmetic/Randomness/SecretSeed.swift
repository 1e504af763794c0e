// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees

/// 32 secret random bytes from which one step of a protocol derives all its randomness.
///
/// The same seed, label and context give the same numbers again, so that a step that a crash interrupted ends in the very
/// bytes that it would have had; another context gives independent ones. Put all that a proof answers to into the
/// context: then no two challenges are ever answered under one commitment.
///
/// It cannot be copied or printed and is wiped at the end of its life.
public struct SecretSeed: ~Copyable, Sendable {
    public static let byteCount = 32
    private let bytes: SecretBytes

    /// A fresh seed.
    public init(from source: inout some RandomSource & ~Copyable) {
        var bytes = SecretBytes(count: SecretSeed.byteCount)
        bytes.withMutableBytes { source.fill($0) }
        self.bytes = bytes
    }

    /// A seed that was stored; `nil` if it has not ``byteCount`` bytes.
    public init?(_ bytes: consuming SecretBytes) {
        guard bytes.count == SecretSeed.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Hands out the bytes for storage in a private file.
    public func withBytes<Value: ~Copyable>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try bytes.withBytes(body)
    }

    /// The stream of one purpose: the SHA-256 counter stream under SHA-256(seed ‖ label ‖ 0 ‖ context).
    ///
    /// - Parameters:
    ///   - label: what the numbers are for; has no zero byte.
    ///   - context: digests of everything public that the step builds on.
    public func source(_ label: String, context: [UInt8] = []) -> DerivedRandomSource {
        DerivedRandomSource(key: key(label, context: context))
    }

    func key(_ label: String, context: [UInt8]) -> SecretBytes {
        var hash = IncrementalHash(.sha256)
        withBytes { hash.append($0) }
        hash.append(bytes: Array(label.utf8) + [0] + context)
        var key = SecretBytes(count: HashFunction.sha256.byteCount)
        key.withMutableBytes { hash.digest(into: $0) }
        return key
    }
}

/// A stream of numbers that whoever holds its seed can compute again.
public struct DerivedRandomSource: RandomSource, ~Copyable {
    private var generator: PseudorandomGenerator

    init(key: borrowing SecretBytes) { generator = PseudorandomGenerator(.sha256, seed: key) }

    public mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) { generator.fill(buffer) }
}
