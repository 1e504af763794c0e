// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import TestSupport
import Testing

@Suite("Byte trees, section 3.1")
struct ByteTreeVectorTests {
    @Test("serialise and parse as each vector says", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func agreesWithVectors() throws {
        let vectors = try SharedVectors.sequent("byte_trees", as: [ValidTree].self)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            #expect(vector.tree.value.serialized == vector.bytes.bytes)
            #expect(try ByteTree(serialized: vector.bytes.bytes) == vector.tree.value)
        }
    }

    @Test("refuse each invalid vector", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func refusesInvalidVectors() throws {
        let vectors = try SharedVectors.sequent("byte_trees_invalid", as: [InvalidTree].self)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            #expect(throws: ByteTreeError.self, "\(vector.why)") { try ByteTree(serialized: vector.bytes.bytes) }
        }
    }

    @Test("refuse any other tag, a truncated tree and a byte too many, each by its name")
    func namesWhatIsWrong() {
        #expect(throws: ByteTreeError.tag(offset: 0, expected: 1, found: 2)) {
            try ByteTree(serialized: [2, 0, 0, 0, 0])
        }
        #expect(throws: ByteTreeError.truncated(offset: 0, needed: 2, found: 1)) {
            try ByteTree(serialized: [1, 0, 0, 0, 2, 7])
        }
        #expect(throws: ByteTreeError.trailingBytes(offset: 6, count: 1)) {
            try ByteTree(serialized: [1, 0, 0, 0, 1, 7, 7])
        }
    }

    @Test("refuse a count of children that the bytes cannot hold, before allocating for them")
    func refusesHugeCounts() {
        #expect(throws: ByteTreeError.self) { try ByteTree(serialized: [0, 0x7f, 0xff, 0xff, 0xff]) }
        #expect(throws: ByteTreeError.self) { try ByteTree(serialized: [0, 0xff, 0xff, 0xff, 0xff]) }
        #expect(throws: ByteTreeError.self) { try ByteTree(serialized: [1, 0xff, 0xff, 0xff, 0xff]) }
    }

    @Test("refuse more than eight levels")
    func refusesDeepTrees() throws {
        func nested(_ levels: Int) -> ByteTree { levels == 1 ? .leaf([1]) : .node([nested(levels - 1)]) }
        #expect(try ByteTree(serialized: nested(8).serialized) == nested(8))
        #expect(throws: ByteTreeError.self) { try ByteTree(serialized: nested(9).serialized) }
    }
}

private struct ValidTree: Decodable {
    let tree: TreeVector
    let bytes: Hexadecimal
}

private struct InvalidTree: Decodable {
    let bytes: Hexadecimal
    let why: String
}

private struct TreeVector: Decodable {
    let value: ByteTree

    private enum CodingKeys: CodingKey { case leaf, node }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let leaf = try container.decodeIfPresent(Hexadecimal.self, forKey: .leaf) {
            value = .leaf(leaf.bytes)
        } else {
            value = .node(try container.decode([TreeVector].self, forKey: .node).map(\.value))
        }
    }
}
