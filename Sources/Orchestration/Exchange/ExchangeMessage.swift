// SPDX-License-Identifier: Apache-2.0

import ByteTrees

/// What two authorities tell each other about one board, in both directions of one request: how much each holds, and what
/// the other seems to lack.
package struct ExchangeMessage: Equatable, Sendable {
    package var election: String
    /// How many entries of each author the sender holds; empty if it has no such board.
    package var counts: [Int]
    /// In an order in which they can be appended.
    package var entries: [Entry]

    /// Greatest size of a message, in bytes.
    package static let byteLimit = 32 << 20
    /// After that many bytes of entries a sender waits for the next message.
    package static let comfortableByteCount = 8 << 20

    package init(election: String, counts: [Int], entries: [Entry]) {
        self.election = election
        self.counts = counts
        self.entries = entries
    }

    private static let domain = "election authority exchange 1"

    package var serialized: [UInt8] {
        ByteTree.node([
            .string(ExchangeMessage.domain), .string(election), .node(counts.map { .number($0) }),
            .node(entries.map(\.tree)),
        ]).serialized
    }

    package init(serialized bytes: [UInt8]) throws(FieldError) {
        let tree: ByteTree
        do { tree = try ByteTree(serialized: bytes) } catch { throw .notANode }
        var fields = try TreeFields(tree)
        try fields.domain(ExchangeMessage.domain)
        election = try fields.text(atMost: EntryLimit.electionByteCount)
        counts = try fields.list(atMost: EntryLimit.partyCount) { tree throws(FieldError) in
            var one = try TreeFields(.node([tree]))
            return try one.number()
        }
        entries = try fields.list(atMost: 10_000) { tree throws(FieldError) in try Entry(tree: tree) }
        try fields.finish()
    }
}

extension Board {
    /// What to tell somebody who holds `counts` of each author.
    ///
    /// - Parameter disputed: for authors of whom somebody holds another entry than we, that entry's number. We claim to hold
    ///   less of them, so that the other's version comes here and two signatures stand side by side.
    package func message(beyond counts: [Int], disputed: [Int: Int] = [:]) -> ExchangeMessage {
        var claimed = self.counts
        for (author, sequence) in disputed { claimed[author - 1] = min(claimed[author - 1], sequence) }
        var entries: [Entry] = []
        var byteCount = 0
        for entry in self.entries(beyond: counts) where byteCount < ExchangeMessage.comfortableByteCount {
            entries.append(entry)
            byteCount += entry.content.payload.count + 500
        }
        return ExchangeMessage(election: election, counts: claimed, entries: entries)
    }
}
