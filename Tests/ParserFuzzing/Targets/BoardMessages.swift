// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Elections
import ElGamal
import GroupArithmetic
import Orchestration

/// What authorities send each other about boards: messages, the entries in them, and what the entries carry.
func parseBoardMessages(_ input: [UInt8]) throws {
    if let message = try refusing("a message", { try ExchangeMessage(serialized: input) }) {
        try require(message.serialized == input, "a message is written in other bytes than it was read from")
        for entry in message.entries { try parsePayload(entry.content.payload) }
    }
    if let entry = try refusing("an entry", { try Entry(serialized: input) }) {
        try require(entry.tree.serialized == input, "an entry is written in other bytes than it was read from")
        try parsePayload(entry.content.payload)
        if entry.content.kind == .protocol { _ = try refusing("a board") { try Board(first: entry) } }
    }
    try parsePayload(input)
}

private func parsePayload(_ input: [UInt8]) throws {
    if let offer = try refusing("an offer", { try ProtocolOffer(payload: input) }) {
        try require(offer.payload == input, "an offer is written in other bytes than it was read from")
    }
    if let order = try refusing("a tally order", { try TallyOrder(payload: input) }) {
        try require(order.payload == input, "a tally order is written in other bytes than it was read from")
    }
    if let summary = try refusing("a summary of ballots", { try BallotsSummary(payload: input) }) {
        try require(summary.payload == input, "a summary is written in other bytes than it was read from")
    }
    if let failure = try refusing("a failure", { try Failure(payload: input) }) {
        let again = try Failure(payload: failure.payload)
        try require(again == failure, "a failure reads as another one when it is written")
        let isHarmless = (failure.message + failure.check).unicodeScalars
            .allSatisfy { $0.properties.generalCategory != .control }
        try require(isHarmless, "a failure's message drives the terminal")
    }
    let group = SafePrimeGroup.sequent2048
    if let keys = try refusing("keys", { try ElectionKeys(payload: input, groups: [group]) }) {
        try require(keys.payload == input, "keys are written in other bytes than they were read from")
    }
    if let tree = try? ByteTree(serialized: input), let complaint = ShareComplaint(tree, in: group) {
        try require(complaint.byteTree == tree, "a complaint is written in other bytes than it was read from")
    }
}
