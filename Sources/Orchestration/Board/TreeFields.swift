// SPDX-License-Identifier: Apache-2.0

package import ByteTrees

/// Why bytes that a peer sent are no entry, offer or payload.
package enum FieldError: Error, Equatable, Sendable {
    case notANode
    case notALeaf
    case missing
    case surplus(Int)
    case length(expected: Int, found: Int)
    case tooLong(limit: Int, found: Int)
    case number
    case text
    case domain(expected: String)
    case value(String)
}

/// Reads the children of a byte tree node one after the other.
package struct TreeFields {
    private var children: ArraySlice<ByteTree>

    package init(_ tree: ByteTree) throws(FieldError) {
        guard case .node(let children) = tree else { throw .notANode }
        self.children = children[...]
    }

    package mutating func tree() throws(FieldError) -> ByteTree {
        guard let first = children.popFirst() else { throw .missing }
        return first
    }

    package mutating func bytes(atMost limit: Int = .max) throws(FieldError) -> [UInt8] {
        guard case .leaf(let data) = try tree() else { throw .notALeaf }
        guard data.count <= limit else { throw .tooLong(limit: limit, found: data.count) }
        return data
    }

    package mutating func text(atMost limit: Int) throws(FieldError) -> String {
        guard let text = String(validating: try bytes(atMost: limit), as: UTF8.self) else { throw .text }
        return text
    }

    /// A number of eight bytes, below 2^62.
    package mutating func number() throws(FieldError) -> Int {
        let data = try bytes()
        guard data.count == 8 else { throw .length(expected: 8, found: data.count) }
        let value = data.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value < 1 << 62 else { throw .number }
        return Int(value)
    }

    package mutating func digest() throws(FieldError) -> Digest {
        let data = try bytes()
        guard let digest = Digest(bytes: data) else { throw .length(expected: Digest.byteCount, found: data.count) }
        return digest
    }

    package mutating func domain(_ expected: String) throws(FieldError) {
        guard try bytes(atMost: 200) == Array(expected.utf8) else { throw .domain(expected: expected) }
    }

    /// The children of the next node, at most `limit`.
    package mutating func list<Element>(
        atMost limit: Int, _ read: (ByteTree) throws(FieldError) -> Element
    ) throws(FieldError) -> [Element] {
        guard case .node(let children) = try tree() else { throw .notANode }
        guard children.count <= limit else { throw .tooLong(limit: limit, found: children.count) }
        var elements: [Element] = []
        for child in children { elements.append(try read(child)) }
        return elements
    }

    package var isAtEnd: Bool { children.isEmpty }

    package func finish() throws(FieldError) {
        guard children.isEmpty else { throw .surplus(children.count) }
    }
}

extension ByteTree {
    /// A leaf of eight bytes, big-endian.
    package static func number(_ value: Int) -> ByteTree {
        let bits = UInt64(value)
        return .leaf((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) })
    }
}
