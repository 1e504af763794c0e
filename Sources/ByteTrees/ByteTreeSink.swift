// SPDX-License-Identifier: Apache-2.0

/// Something that takes the bytes of a byte tree one after another: a buffer, a hash, a file.
public protocol ByteTreeSink: ~Copyable {
    mutating func append(_ bytes: UnsafeRawBufferPointer)
}

extension ByteTreeSink where Self: ~Copyable {
    public mutating func append(bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// The tag and length of a leaf whose `count` bytes the caller appends next.
    ///
    /// - Precondition: `count` < 2^31.
    public mutating func appendLeafHeader(_ count: Int) {
        append(bytes: ByteTreeTag.leaf.header(count))
    }

    /// The tag and count of a node whose `count` children the caller appends next.
    ///
    /// - Precondition: `count` < 2^31.
    public mutating func appendNodeHeader(_ count: Int) {
        append(bytes: ByteTreeTag.node.header(count))
    }

    public mutating func append(leaf bytes: [UInt8]) {
        appendLeafHeader(bytes.count)
        append(bytes: bytes)
    }

    public mutating func append(tree: ByteTree) {
        switch tree {
        case .leaf(let bytes): append(leaf: bytes)
        case .node(let children):
            appendNodeHeader(children.count)
            for child in children { append(tree: child) }
        }
    }
}

extension [UInt8]: ByteTreeSink {
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        append(contentsOf: bytes)
    }
}

/// The first byte of a tree.
package enum ByteTreeTag: UInt8 {
    case node = 0
    case leaf = 1

    /// The five bytes in front of a leaf's data or a node's children.
    package func header(_ count: Int) -> [UInt8] {
        precondition(count >= 0 && count < 1 << 31, "a byte tree's lengths are below 2^31, this one is \(count)")
        return [rawValue] + bigEndian(UInt32(count))
    }

    package static let headerByteCount = 5
}
