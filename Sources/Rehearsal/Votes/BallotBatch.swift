// SPDX-License-Identifier: Apache-2.0

import Counting
import ElGamal
import Elections
import GroupArithmetic
import Synchronization

/// Ballots that were encrypted together.
struct BallotBatch: Sendable {
    /// Places of the ballots in the votes file.
    private let range: Range<Int>
    private let issueDate: String
    /// One a question.
    private let plaintexts: [DecimalColumn]
    private let columns: [BallotColumns]
    /// One a question: what the ballots say, if they were choices.
    let choices: [[Choices]]

    /// Encrypts the ballots `range` under the keys of all questions, on all cores.
    ///
    /// The randomness is drawn for these ballots alone, and wiped with the vectors that hold it.
    ///
    /// - Parameter contexts: one a question, for ballots with bound proofs.
    /// - Complexity: three fixed-base powers a ballot and question, four with bound proofs.
    init(
        _ range: Range<Int>, of source: VoteSource, under keys: [Encryption], bound contexts: [BallotContext]?,
        issueDate: String
    ) {
        self.range = range
        self.issueDate = issueDate
        let votes = keys.enumerated().map { question, encryption in
            source.votes(of: range, question: question, in: encryption.key.group)
        }
        plaintexts = votes.map { $0.encoded.plaintexts }
        choices = votes.map { $0.choices }
        columns = zip(votes, keys).enumerated().map { question, pair in
            Self.encrypt(pair.0.encoded.elements, under: pair.1, bound: contexts?[question], from: range.lowerBound)
        }
    }

    private static func encrypt(
        _ plaintexts: ElementVector, under encryption: Encryption, bound context: BallotContext?, from first: Int
    ) -> BallotColumns {
        let (group, count) = (encryption.key.group, plaintexts.count)
        var random = SystemRandomSource()
        let seed = SecretSeed(from: &random)
        return BallotColumns(
            encrypting: plaintexts,
            randomness: .uniform(count: count, in: group, from: seed, label: "encryption"),
            nonces: .uniform(count: count, in: group, from: seed, label: "proofs of knowledge"),
            binding: context.map { context in
                BallotColumns.Binding(
                    to: context,
                    nonces: .uniform(count: count, in: group, from: seed, label: "bound proofs of knowledge")
                ) { voter(first + $0) }
            }, with: encryption)
    }

    /// The opaque id of the voter whose ballot has that place, from 0.
    private static func voter(_ place: Int) -> [UInt8] { Array("eotest-\(place + 1)".utf8) }

    /// What the files hold of some of these ballots.
    struct Texts: Sendable {
        /// Lines of the plain form, `BALLOT|VOTER.1`, each with its line feed (ballots and counting, 4.1). In pieces, one a chunk that a
        /// core made; one after another they are the lines.
        let lines: [[UInt8]]
        /// For each question the plaintexts, in the form of plaintexts_json: `"DECIMAL"` and a line feed each. In pieces, too.
        let plaintexts: [[[UInt8]]]
    }

    /// - Parameter part: places of the votes file, among this batch's.
    func texts(of part: Range<Int>) -> Texts {
        precondition(range.contains(part.lowerBound) && part.upperBound <= range.upperBound, "\(part) of \(range)")
        return Texts(
            lines: Self.pieces(of: part) { place, text in
                Ballot.appendText(of: place - range.lowerBound, columns, issueDate: issueDate, to: &text)
                text.append(UInt8(ascii: "|"))
                text += Self.voter(place)
                text += ".1\n".utf8
            },
            plaintexts: plaintexts.map { column in
                Self.pieces(of: part) { place, text in
                    text.append(UInt8(ascii: "\""))
                    column.withDigits(place - range.lowerBound) { text.append(contentsOf: $0) }
                    text.append(UInt8(ascii: "\""))
                    text.append(0x0a)
                }
            })
    }

    /// Texts that are made in parallel, in the order of the ballots.
    private static func pieces(
        of part: Range<Int>, _ append: @Sendable (Int, inout [UInt8]) -> Void
    ) -> [[UInt8]] {
        let pieces = Mutex<[Int: [UInt8]]>([:])
        inParallelChunks(of: part.count, minimum: 64) { range in
            var text: [UInt8] = []
            for index in range {
                append(part.lowerBound + index, &text)
                // The first tells how long the others are.
                if index == range.lowerBound { text.reserveCapacity((text.count + 16) * range.count) }
            }
            pieces.withLock { $0[range.lowerBound] = text }
        }
        return pieces.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    }
}
