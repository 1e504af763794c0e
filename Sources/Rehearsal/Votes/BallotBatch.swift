// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import GroupArithmetic
import Synchronization

/// Ballots that were encrypted together: their lines of the votes file, and what was encrypted.
struct BallotBatch: Sendable {
    /// Lines of the plain form, `BALLOT|VOTER.1`, each with its line feed (ballots and counting, 4.1).
    let lines: [UInt8]
    /// For each question the plaintexts, in the form of plaintexts_json: `"DECIMAL"` and a line feed each.
    let plaintexts: [[UInt8]]

    /// Encrypts the ballots `range` under the keys of all questions, on all cores.
    ///
    /// The randomness is drawn for these ballots alone, and wiped with the vectors that hold it.
    ///
    /// - Complexity: three fixed-base powers a ballot and question.
    init(_ range: Range<Int>, of source: VoteSource, under keys: [Encryption], issueDate: String) {
        let columns = keys.map { Column(range, of: source, under: $0) }
        lines = Self.joined(range) { ballots in
            var lines: [UInt8] = []
            for ballot in ballots {
                let index = ballot - range.lowerBound
                let text = Ballot(
                    choices: columns.map { $0.choice(at: index) }, proofs: columns.map { $0.proofs[index] },
                    issueDate: issueDate
                ).text
                lines += text + Array("|eotest-\(ballot + 1).1\n".utf8)
            }
            return lines
        }
        plaintexts = columns.map { column in
            Self.joined(range) { ballots in
                ballots.flatMap { Array("\"\((column.votes[$0 - range.lowerBound] + 1).decimal)\"\n".utf8) }
            }
        }
    }

    /// One question's part of the batch.
    private struct Column: Sendable {
        let votes: [BigInteger]
        let ciphertexts: CiphertextVector
        let proofs: [PlaintextKnowledgeProof]

        init(_ range: Range<Int>, of source: VoteSource, under encryption: Encryption) {
            let group = encryption.key.group
            votes = source.votes(of: range, in: group)
            var random = SystemRandomSource()
            let seed = SecretSeed(from: &random)
            let randomness = ExponentVector.uniform(count: range.count, in: group, from: seed, label: "encryption")
            let nonces = ExponentVector.uniform(count: range.count, in: group, from: seed, label: "proofs of knowledge")
            ciphertexts = encryption.encrypt(Self.encode(votes, in: group), randomness: randomness)
            proofs = PlaintextKnowledgeProof.prove(
                ciphertexts.alphas, randomness: randomness, nonces: nonces, with: encryption)
        }

        func choice(at index: Int) -> Ballot.Choice {
            let ciphertext = ciphertexts[index]
            return Ballot.Choice(alpha: ciphertext.alpha.value, beta: ciphertext.beta.value)
        }

        private static func encode(_ votes: [BigInteger], in group: SafePrimeGroup) -> ElementVector {
            let limbCount = group.elements.limbCount
            return ElementVector(count: votes.count, in: group, minimumChunk: 16) { out, range in
                for (offset, index) in range.enumerated() {
                    guard let element = group.encode(vote: votes[index]) else {
                        preconditionFailure("vote \(index) was not checked against the group")
                    }
                    for (place, limb) in element.limbs.enumerated() { out[offset * limbCount + place] = limb }
                }
            }
        }
    }

    /// Texts that are made in parallel, in the order of the ballots.
    private static func joined(_ range: Range<Int>, _ text: @Sendable (Range<Int>) -> [UInt8]) -> [UInt8] {
        let parts = Mutex<[Int: [UInt8]]>([:])
        inParallelChunks(of: range.count, minimum: 16) { chunk in
            let part = text(range.lowerBound + chunk.lowerBound..<range.lowerBound + chunk.upperBound)
            parts.withLock { $0[chunk.lowerBound] = part }
        }
        return parts.withLock { $0.sorted { $0.key < $1.key }.flatMap(\.value) }
    }
}
