// SPDX-License-Identifier: Apache-2.0

package import ElGamal
import Elections
package import GroupArithmetic

/// A votes file of valid ballots for those integers, the same in every question.
///
/// - Parameters:
///   - keys: of the questions, at least one.
///   - voters: what the voters' ids begin with.
package func votesFile(_ votes: [BigInteger], under keys: [PublicKey], voters: String = "v") -> [UInt8] {
    var random = SystemRandomSource()
    var columns: [(CiphertextVector, [PlaintextKnowledgeProof])] = []
    for key in keys {
        let group = key.group
        let exponents = {
            ExponentVector(votes.map { _ in Exponent.uniform(in: group, from: &random) }, in: group)
        }
        let (randomness, nonces) = (exponents(), exponents())
        let encryption = Encryption(under: key)
        let elements = ElementVector(votes.compactMap { group.encode(vote: $0) }, in: group)
        let ciphertexts = encryption.encrypt(elements, randomness: randomness)
        let proofs = PlaintextKnowledgeProof.prove(
            ciphertexts.alphas, randomness: randomness, nonces: nonces, with: encryption)
        columns.append((ciphertexts, proofs))
    }
    var file: [UInt8] = []
    for index in votes.indices {
        let ballot = Ballot(
            choices: columns.map { .init(alpha: $0.0[index].alpha.value, beta: $0.0[index].beta.value) },
            proofs: columns.map { $0.1[index] }, issueDate: "2026-01-01")
        file += ballot.text + Array("|\(voters)\(index).1\n".utf8)
    }
    return file
}
