// SPDX-License-Identifier: Apache-2.0

import Elections
import ElGamal
import Foundation
import GroupArithmetic
import Testing

/// Ballots for 0, 2, 0, …, with valid proofs.
func ballots(for key: PublishedKey, count: Int) throws -> [UInt8] {
    let group = SafePrimeGroup.ffdhe2048
    let y = try #require(
        BigInteger(canonicalDecimal: key.y).flatMap { group.element($0) }.flatMap { PublicKey($0) })
    var random = SystemRandomSource()
    let exponents = {
        ExponentVector((0..<count).map { _ in Exponent.uniform(in: group, from: &random) }, in: group)
    }
    let randomness = exponents()
    let encryption = Encryption(under: y)
    let elements = ElementVector(
        (0..<count).compactMap { group.encode(vote: BigInteger(UInt($0 % 2 * 2))) }, in: group)
    let ciphertexts = encryption.encrypt(elements, randomness: randomness)
    let proofs = PlaintextKnowledgeProof.prove(
        ciphertexts.alphas, randomness: randomness, nonces: exponents(), with: encryption)
    var file: [UInt8] = []
    for index in 0..<count {
        let choice = Ballot.Choice(alpha: ciphertexts[index].alpha.value, beta: ciphertexts[index].beta.value)
        file +=
            Ballot(choices: [choice], proofs: [proofs[index]], issueDate: "now").text + Array("|v\(index).1\n".utf8)
    }
    return file
}
