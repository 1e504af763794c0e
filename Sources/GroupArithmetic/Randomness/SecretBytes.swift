// SPDX-License-Identifier: Apache-2.0

/// Secret bytes on their way to or from a private file: not copied, not printed, in memory that is locked and wiped at the end.
public struct SecretBytes: ~Copyable, Sendable {
    private let storage: LimbStorage
    public let count: Int

    /// `count` zero bytes.
    public init(count: Int) {
        storage = LimbStorage(secretCount: (count + MemoryLayout<UInt>.stride - 1) / MemoryLayout<UInt>.stride)
        self.count = count
    }

    public init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count)
        UnsafeMutableRawBufferPointer(start: storage.base, count: count).copyMemory(from: bytes)
    }

    /// For vectors, whose secrets are public.
    package init(_ bytes: [UInt8]) {
        self.init(count: bytes.count)
        withMutableBytes { $0.copyBytes(from: bytes) }
    }

    public func withBytes<Value: ~Copyable>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try body(UnsafeRawBufferPointer(start: storage.base, count: count))
    }

    /// Lets `body` write the bytes: reading a file straight into them leaves no copy behind.
    public mutating func withMutableBytes<Value: ~Copyable>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Value
    ) rethrows -> Value {
        try body(UnsafeMutableRawBufferPointer(start: storage.base, count: count))
    }

    /// These bytes and then those.
    package func appending(_ other: borrowing SecretBytes) -> SecretBytes {
        var both = SecretBytes(count: count + other.count)
        both.withMutableBytes { buffer in
            withBytes { buffer.copyMemory(from: $0) }
            other.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: $0) }
        }
        return both
    }

    /// Whether both are the same; looks at every byte wherever they differ.
    package func equals(_ other: borrowing SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return withBytes { mine in
            other.withBytes { theirs in
                var difference: UInt8 = 0
                for index in mine.indices { difference |= mine[index] ^ theirs[index] }
                return difference == 0
            }
        }
    }

    /// Adds `bytes` bit by bit without carry.
    package mutating func exclusiveOr(_ bytes: [UInt8]) {
        precondition(bytes.count == count, "\(bytes.count) bytes for \(count)")
        withMutableBytes { buffer in
            for index in buffer.indices { buffer[index] ^= bytes[index] }
        }
    }
}

/// Secret bytes that the threads of one operation share.
final class SharedSecretBytes: Sendable {
    let bytes: SecretBytes

    init(_ bytes: consuming SecretBytes) { self.bytes = bytes }

    convenience init(_ bytes: [UInt8]) { self.init(SecretBytes(bytes)) }
}
