// SPDX-License-Identifier: Apache-2.0

/// Secret bytes on their way to or from a private file: not copied, not printed, wiped at the end.
public struct SecretBytes: ~Copyable, Sendable {
    private let storage: LimbStorage
    public let count: Int

    /// `count` zero bytes.
    public init(count: Int) {
        storage = LimbStorage(count: (count + MemoryLayout<UInt>.stride - 1) / MemoryLayout<UInt>.stride)
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

    public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try body(UnsafeRawBufferPointer(start: storage.base, count: count))
    }

    /// Lets `body` write the bytes: reading a file straight into them leaves no copy behind.
    public mutating func withMutableBytes<Value>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Value
    ) rethrows -> Value {
        try body(UnsafeMutableRawBufferPointer(start: storage.base, count: count))
    }
}
