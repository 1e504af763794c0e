// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import OperatorErrors
import PublishedTallies

/// `eoverify TALLY TRACKER`: one ballot, whose it is, and whether its proof holds.
struct LookupMode {
    let archive: PublishedArchive
    let tracker: String
    let json: Bool

    func run() throws {
        let output = TextOutput.standardOutput
        let ballot = try archive.ballot(tracker: tracker)
        if json {
            try output.printJSON(
                FoundBallotJSON(
                    found: true, tally: ballot.tally, line: ballot.line, voter_id: ballot.voter, weight: ballot.weight,
                    proof_failure: ballot.proofFailure, tally_verified: false))
        } else {
            if let tally = ballot.tally { output.line("tally     \(tally)") }
            output.line("line      \(ballot.line)")
            output.line("voter id  \(ballot.voter.map { quoted($0) } ?? "none in this votes file")")
            output.line("weight    \(ballot.weight)")
            output.line("proof     \(ballot.proofFailure ?? "valid")")
            output.line("this is a look-up of one ballot, no verification of the tally")
        }
        if let failure = ballot.proofFailure { throw BallotLeftOut(failure: failure) }
    }
}

/// The ballot is there, but was not mixed.
private struct BallotLeftOut: OperatorError {
    let failure: String

    var message: String { "the ballot was left out of the tally, as its proof of knowledge is wrong: \(failure)" }
}

private struct FoundBallotJSON: Encodable {
    let found: Bool
    let tally: String?
    let line: Int
    let voter_id: String?
    let weight: Int
    let proof_failure: String?
    let tally_verified: Bool
}
