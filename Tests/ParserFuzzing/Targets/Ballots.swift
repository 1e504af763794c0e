// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic

/// A votes file in any of its forms, of an election that requires bound proofs and of one that does not. The fast way through a line takes
/// nothing that the slow one refuses.
func parseBallots(_ input: [UInt8]) throws {
    let file = VotesFile(data: Data(input))
    try parseBallots(of: file, bound: nil)
    try parseBallots(of: file, bound: ballotContexts)
}

private let groups = [SafePrimeGroup.sequent2048]
let ballotContexts = PublicKey(groups[0].generator).map { [BallotContext(key: $0, election: "7", question: 0)] }

private func parseBallots(of file: VotesFile, bound contexts: [BallotContext]?) throws {
    var firstRefused: Int?
    for index in 0..<min(file.lineCount, 64) where firstRefused == nil {
        let ballot = try refusing("a ballot") {
            do throws(BallotFault) {
                return try Ballot(parsing: file.line(index).ballot, groups: groups, bound: contexts != nil)
            } catch {
                try require(!error.message.isEmpty, "a line is refused without a word")
                throw error
            }
        }
        guard let ballot else {
            firstRefused = index
            continue
        }
        let again = try refusing("a ballot's own text") {
            try Ballot(parsing: ballot.text, groups: groups, bound: contexts != nil)
        }
        try require(again == ballot, "a ballot's text reads as another ballot")
    }
    guard file.lineCount <= 64 else { return }
    var review = BallotReview(of: file, groups: groups, bound: contexts)
    var random = SystemRandomSource()
    do {
        var handedOut = 0
        while let batch = try review.next(random: &random) { handedOut += batch[0].count }
        try require(firstRefused == nil, "line \(firstRefused ?? 0) is mixed, and is no ballot")
        try require(handedOut == review.validCount, "\(handedOut) ballots are mixed, \(review.validCount) are valid")
        try require(
            review.reviewedCount == file.lineCount && review.dropped.count <= file.lineCount, "lines are left out")
    } catch let error as VotesFileError {
        guard case .refused(let line, let fault) = error else { return }
        try require((1...file.lineCount).contains(line) && !fault.message.isEmpty, "line \(line) is refused")
        try require(line <= (firstRefused ?? file.lineCount) + 1, "line \(line) is refused behind \(firstRefused ?? 0)")
    }
}
