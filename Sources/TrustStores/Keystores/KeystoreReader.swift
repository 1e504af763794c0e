// SPDX-License-Identifier: Apache-2.0

/// Takes the parts of a JKS file off its front; each is nil where the bytes do not suffice.
struct KeystoreReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func integer() -> UInt32? {
        take(4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    /// A text behind its length in two bytes. An alias outside of ASCII is Java's own UTF-8; it only has to differ from ours.
    mutating func text() -> String? {
        guard let length = take(2).map({ $0.reduce(0) { $0 << 8 | Int($1) } }) else { return nil }
        return take(length).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Bytes behind their length in four bytes.
    mutating func contents() -> ArraySlice<UInt8>? { integer().flatMap { take(Int($0)) } }

    /// The DER of a certificate, with its type before it from version 2 on.
    mutating func certificate(_ version: UInt32) -> ArraySlice<UInt8>? {
        if version == 2 { guard text() != nil else { return nil } }
        return contents()
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
