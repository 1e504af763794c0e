// SPDX-License-Identifier: Apache-2.0

import ByteTrees

/// The payload of a ballots entry: what an authority found in the votes file. It must be the same at all.
package struct BallotsSummary: Equatable, Sendable {
    /// SHA-256 of the votes file.
    package var votes: Digest
    package var accepted: Int
    package var dropped: Int
    /// SHA-256 of CiphertextList00.bt for each question, in order.
    package var inputs: [Digest]

    package init(votes: Digest, accepted: Int, dropped: Int, inputs: [Digest]) {
        self.votes = votes
        self.accepted = accepted
        self.dropped = dropped
        self.inputs = inputs
    }

    private static let domain = "election authority ballots 1"

    package var payload: [UInt8] {
        ByteTree.node([
            .string(BallotsSummary.domain), .leaf(votes.bytes), .number(accepted), .number(dropped),
            .node(inputs.map { .leaf($0.bytes) }),
        ]).serialized
    }

    package init(payload: [UInt8]) throws(FieldError) {
        let tree: ByteTree
        do { tree = try ByteTree(serialized: payload) } catch { throw .notANode }
        var fields = try TreeFields(tree)
        try fields.domain(BallotsSummary.domain)
        votes = try fields.digest()
        accepted = try fields.number()
        dropped = try fields.number()
        inputs = try fields.list(atMost: EntryLimit.sessionCount) { tree throws(FieldError) in
            var one = try TreeFields(.node([tree]))
            return try one.digest()
        }
        try fields.finish()
    }
}
