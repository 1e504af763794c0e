// SPDX-License-Identifier: Apache-2.0

import ByteTrees

/// The payload of a tally request entry: which votes to tally.
package struct TallyOrder: Equatable, Sendable {
    /// Where each authority fetches the votes file: an installed peer or an authority itself.
    package var votesURL: String
    /// SHA-256 of the votes file.
    package var votesDigest: Digest
    /// Party numbers, ascending, of those without whom the others agreed to go on.
    package var absent: [Int]

    package init(votesURL: String, votesDigest: Digest, absent: [Int] = []) {
        self.votesURL = votesURL
        self.votesDigest = votesDigest
        self.absent = absent
    }

    private static let domain = "election authority tally request 1"

    package var payload: [UInt8] {
        ByteTree.node(
            [.string(TallyOrder.domain), .string(votesURL), .leaf(votesDigest.bytes)]
                + (absent.isEmpty ? [] : [.node(absent.map { .number($0) })])
        ).serialized
    }

    package init(payload: [UInt8]) throws(FieldError) {
        let tree: ByteTree
        do { tree = try ByteTree(serialized: payload) } catch { throw .notANode }
        var fields = try TreeFields(tree)
        try fields.domain(TallyOrder.domain)
        votesURL = try fields.text(atMost: 2000)
        votesDigest = try fields.digest()
        absent = fields.isAtEnd ? [] : try fields.partyNumbers()
        try fields.finish()
    }
}
