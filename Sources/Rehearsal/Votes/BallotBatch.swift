// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import GroupArithmetic
import Synchronization

/// Ballots that were encrypted together: their lines of the votes file, and what was encrypted.
///
/// Texts come in pieces, one a chunk that a core made; one after another they are the lines.
struct BallotBatch: Sendable {
    /// Lines of the plain form, `BALLOT|VOTER.1`, each with its line feed (ballots and counting, 4.1).
    let lines: [[UInt8]]
    /// For each question the plaintexts, in the form of plaintexts_json: `"DECIMAL"` and a line feed each.
    let plaintexts: [[[UInt8]]]

    /// Encrypts the ballots `range` under the keys of all questions, on all cores.
    ///
    /// The randomness is drawn for these ballots alone, and wiped with the vectors that hold it.
    ///
    /// - Complexity: three fixed-base powers a ballot and question.
    init(_ range: Range<Int>, of source: VoteSource, under keys: [Encryption], issueDate: String) {
        let votes = keys.map { source.votes(of: range, in: $0.key.group) }
        let columns = zip(votes, keys).map { Self.encrypt($0.elements, under: $1) }
        lines = Self.pieces(of: range.count) { index, text in
            Ballot.appendText(of: index, columns, issueDate: issueDate, to: &text)
            text += "|eotest-\(range.lowerBound + index + 1).1\n".utf8
        }
        plaintexts = votes.map { votes in
            Self.pieces(of: range.count) { index, text in
                text.append(UInt8(ascii: "\""))
                votes.plaintexts.withDigits(index) { text.append(contentsOf: $0) }
                text.append(UInt8(ascii: "\""))
                text.append(0x0a)
            }
        }
    }

    private static func encrypt(_ plaintexts: ElementVector, under encryption: Encryption) -> BallotColumns {
        let group = encryption.key.group
        var random = SystemRandomSource()
        let seed = SecretSeed(from: &random)
        let count = plaintexts.count
        let randomness = ExponentVector.uniform(count: count, in: group, from: seed, label: "encryption")
        let nonces = ExponentVector.uniform(count: count, in: group, from: seed, label: "proofs of knowledge")
        return BallotColumns(
            proving: encryption.encrypt(plaintexts, randomness: randomness), randomness: randomness, nonces: nonces,
            with: encryption)
    }

    /// Texts that are made in parallel, in the order of the ballots.
    private static func pieces(
        of count: Int, _ append: @Sendable (Int, inout [UInt8]) -> Void
    ) -> [[UInt8]] {
        let pieces = Mutex<[Int: [UInt8]]>([:])
        inParallelChunks(of: count, minimum: 64) { range in
            var text: [UInt8] = []
            for index in range {
                append(index, &text)
                // The first tells how long the others are.
                if index == range.lowerBound { text.reserveCapacity((text.count + 16) * range.count) }
            }
            pieces.withLock { $0[range.lowerBound] = text }
        }
        return pieces.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    }
}
