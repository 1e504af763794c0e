// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// Bytes that nobody changes while anybody holds them: a mapped file, or a copy in memory.
///
/// It is `@unchecked Sendable` because the pointer is only ever read, and released by the last owner.
public final class SharedBytes: @unchecked Sendable {
    public let bytes: UnsafeRawBufferPointer
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void

    /// Takes over a buffer, and hands it to `release` when the last owner lets go of it.
    public init(_ bytes: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
        self.bytes = bytes
        self.release = release
    }

    public convenience init(copying bytes: some Collection<UInt8>) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        self.init(UnsafeRawBufferPointer(copy)) { $0.deallocate() }
    }

    deinit { release(bytes) }

    public var count: Int { bytes.count }
}

extension SharedBytes: Equatable {
    public static func == (left: SharedBytes, right: SharedBytes) -> Bool {
        guard left.count == right.count else { return false }
        guard let mine = left.bytes.baseAddress, let other = right.bytes.baseAddress else { return true }
        return memcmp(mine, other, left.count) == 0
    }
}
