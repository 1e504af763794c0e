// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import GroupArithmetic
import TestSupport
import Testing

/// An election of two questions in a small group that requires bound proofs, and its honest voters.
struct BoundElection {
    let group = SmallGroups.fiveLimbs
    let id: String
    let keys: [PublicKey]

    init(id: String = "7") throws {
        var random = SeededRandomSource()
        self.id = id
        let group = group
        keys = try (0..<2).map { _ in try #require(PublicKey(random.element(of: group))) }
    }

    var contexts: [BallotContext] {
        keys.enumerated().map { BallotContext(key: $1, election: id, question: $0) }
    }

    /// A ballot of random votes that `voter` cast here.
    func ballot(of voter: String) -> Ballot {
        var random = SeededRandomSource(seed: UInt64.random(in: .min ... .max))
        let parts = contexts.map { context in
            let (r, w, v) = (random.exponent(of: group), random.exponent(of: group), random.exponent(of: group))
            let ciphertext = Ciphertext(
                alpha: group.generator.powerVariableTime(r),
                beta: context.key.y.powerVariableTime(r) * random.element(of: group))
            let old = PlaintextKnowledgeProof.prove(
                ElementVector([ciphertext.alpha], in: group), randomness: ExponentVector([r], in: group),
                nonces: ExponentVector([w], in: group), with: Encryption(under: context.key))
            let bound = BoundKnowledgeProof.prove(ciphertext, randomness: r, nonce: v, voter: voter, in: context)
            return (Ballot.Choice(alpha: ciphertext.alpha.value, beta: ciphertext.beta.value), old[0], bound)
        }
        return Ballot(
            choices: parts.map(\.0), proofs: parts.map(\.1), boundProofs: parts.map(\.2), issueDate: "21/11/2026")
    }

    func line(of voter: String) -> String { ballot(of: voter).line(voter + ".1") }
}

extension Ballot {
    func line(_ voterID: String) -> String { String(decoding: text, as: UTF8.self) + "|" + voterID }

    func changing(
        choices: [Choice]? = nil, proofs: [PlaintextKnowledgeProof]? = nil, boundProofs: [BoundKnowledgeProof]? = nil
    ) -> Ballot {
        Ballot(
            choices: choices ?? self.choices, proofs: proofs ?? self.proofs,
            boundProofs: boundProofs ?? self.boundProofs, issueDate: issueDate)
    }
}
