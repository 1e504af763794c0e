// SPDX-License-Identifier: Apache-2.0

import Elections
import GroupArithmetic

func parseProtocolInfo(_ input: [UInt8]) throws {
    guard let info = try refusing("protInfo.xml", { try ProtocolInfo(parsing: input) }) else { return }
    try require(info.bytes == input, "the bytes that proofs are bound to are others than those of the file")
    try require((1...info.parties.count).contains(info.threshold), "threshold \(info.threshold)")
    let strength = info.statisticalDistance + info.challengeBitCount + info.batchBitCount
    try require(strength < info.group.q.bitCount, "bit lengths that do not fit the group")
    _ = (info.questionIndex, SessionBinding(info.description), info.parties.map { PartyBinding($0.description) })
    // What we would write of it, if we would, reads as the same.
    let rewritten = try refusing("protInfo.xml made anew") {
        try ProtocolInfo(
            sessionID: info.sessionID, electionName: info.electionName, description: info.description,
            threshold: info.threshold, group: info.group, parties: info.parties)
    }
    guard let rewritten else { return }
    let parties = info.parties.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
    try require(
        rewritten.sessionID == info.sessionID && rewritten.electionName == info.electionName
            && rewritten.description == info.description && rewritten.threshold == info.threshold
            && rewritten.group == info.group && rewritten.parties.map(\.name) == parties.map(\.name),
        "what is written of protInfo.xml reads as something else")
}
