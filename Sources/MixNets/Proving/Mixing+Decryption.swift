// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import ElGamal
public import GroupArithmetic

extension Mixing {
    /// Computes the decryption factors of party `party` and proves them.
    ///
    /// - Parameters:
    ///   - ciphertexts: the output of the last shuffle; every party must have verified all shuffles before.
    ///   - share: the party's own.
    /// - Returns: the names of the files that were written.
    /// - Complexity: one constant-time exponentiation and one term of n_e bits a ciphertext.
    public func decrypt(
        as party: Int, _ ciphertexts: CiphertextVector, share: borrowing PrivateKeyShare
    ) throws(MixNetError) -> [String] {
        var random = SystemRandomSource()
        return try decrypt(
            as: party, ciphertexts, secretKey: share.secretKey,
            nonce: SecretExponent(in: parameters.group, from: &random))
    }

    /// The door for vectors: takes the nonce that ``decrypt(as:_:share:)`` draws.
    func decrypt(
        as party: Int, _ ciphertexts: CiphertextVector, secretKey: borrowing SecretExponent,
        nonce: consuming SecretExponent
    ) throws(MixNetError) -> [String] {
        let statement = DecryptionStatement(
            parameters: parameters, key: keys.trustees[party - 1], ciphertexts: ciphertexts,
            factors: secretKey.powers(of: ciphertexts.alphas))
        let proof = statement.prove(secretKey, nonce: nonce)
        try folder.write(ProofFileName.decryptionFactors(party)) {
            $0.appendNodeHeader(2)
            $0.append(leaf: statement.key.y.bytes)
            statement.factors.write(to: &$0)
        }
        try folder.write(
            ProofFileName.decryptionProofCommitment(party),
            tree: DecryptionProof.commitmentTree(yPrime: proof.yPrime, bPrime: proof.bPrime))
        try folder.write(ProofFileName.decryptionProofReply(party), tree: .leaf(proof.kX.bytes))
        return ProofFileName.decryption(party)
    }

    /// m_i = β_i / Π f_{l,i}, written as PlaintextElements.bt.
    ///
    /// - Parameter decryptions: of all parties.
    /// - Returns: the elements, in mixed order.
    public func writePlaintexts(
        _ ciphertexts: CiphertextVector, decryptions: [VerifiedDecryption]
    ) throws(MixNetError) -> ElementVector {
        let plaintexts = plaintexts(ciphertexts, factors: decryptions.map(\.factors))
        try folder.write(ProofFileName.plaintextElements) { plaintexts.write(to: &$0) }
        return plaintexts
    }
}

/// m_i = β_i / Π f_{l,i}.
func plaintexts(_ ciphertexts: CiphertextVector, factors: [ElementVector]) -> ElementVector {
    guard let first = factors.first else { return ciphertexts.betas }
    return ciphertexts.betas * factors.dropFirst().reduce(first) { $0 * $1 }.inverses
}
