// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import ElGamal
public import GroupArithmetic

extension Mixing {
    /// Opens the key of a party that does not decrypt, and computes its factors openly.
    ///
    /// - Parameters:
    ///   - secret: x_l, as the others recovered it.
    ///   - ciphertexts: the output of the last shuffle.
    /// - Returns: the factors, and SecretKeyNN.bt.
    /// - Throws: ``MixNetError/failed(_:party:index:)`` with `.secretKey` if it is not that party's.
    /// - Complexity: one exponentiation a ciphertext.
    /// - SeeAlso: specification of the published tally, section 6.7.
    public func open(
        _ secret: Exponent, of party: Int, _ ciphertexts: CiphertextVector
    ) throws(MixNetError) -> (decryption: VerifiedDecryption, file: WrittenProofFile) {
        guard parameters.group.generator.powerVariableTime(secret) == keys.trustees[party - 1].y else {
            throw .failed(.secretKey, party: party, index: nil)
        }
        let file = try folder.write(ProofFileName.secretKey(party), tree: .leaf(secret.bytes))
        let factors = ciphertexts.alphas.powersVariableTime(secret)
        return (VerifiedDecryption(party: party, factors: factors), file)
    }
}
