// SPDX-License-Identifier: Apache-2.0

/// The tree of bytes under every hash, proof and proof file: a leaf of data or a node of trees.
///
/// For trees of bounded size. Arrays of group elements are written and read by their own types, straight between bytes
/// and limbs, through ``ByteTreeSink`` and ``ByteTreeReader``.
///
/// - SeeAlso: specification of the published tally, section 3.1.
public enum ByteTree: Equatable, Sendable {
    case leaf([UInt8])
    case node([ByteTree])

    /// Deepest tree that is read: the proofs of a tally need four levels.
    public static let maximumDepth = 8

    /// A leaf of the string's UTF-8 bytes.
    public static func string(_ text: String) -> ByteTree { .leaf(Array(text.utf8)) }

    /// A leaf of four bytes, big-endian: what the format uses for small numbers.
    public static func integer(_ value: UInt32) -> ByteTree { .leaf(bigEndian(value)) }

    /// The one serialisation: tag, length or count as four bytes big-endian, then data or children.
    public var serialized: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(tree: self)
        return bytes
    }

    /// Reads exactly one tree from all of `bytes`.
    public init(serialized bytes: [UInt8]) throws(ByteTreeError) {
        self = try readingByteTree(bytes) { reader throws(ByteTreeError) in try reader.tree() }
    }
}

/// `value` as four bytes, big-endian.
@inlinable
public func bigEndian(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 0xff), UInt8(value >> 8 & 0xff), UInt8(value & 0xff)]
}
