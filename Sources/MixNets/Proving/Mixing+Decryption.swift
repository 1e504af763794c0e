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
    ///   - progress: takes of how many ciphertexts the factors are computed.
    /// - Returns: the files that were written.
    /// - Complexity: one constant-time exponentiation and one term of n_e bits a ciphertext.
    public func decrypt(
        as party: Int, _ ciphertexts: CiphertextVector, share: borrowing PrivateKeyShare,
        progress: (Int) -> Void = { _ in }
    ) throws(MixNetError) -> [WrittenProofFile] {
        var random = SystemRandomSource()
        return try decrypt(
            as: party, ciphertexts, secretKey: share.secretKey,
            nonce: SecretExponent(in: parameters.group, from: &random), progress: progress)
    }

    /// The door for vectors: takes the nonce that ``decrypt(as:_:share:progress:)`` draws.
    ///
    /// - Parameter other: for tests of verifiers, what factors are computed of in place of the ciphertexts' alphas.
    package func decrypt(
        as party: Int, _ ciphertexts: CiphertextVector, secretKey: borrowing SecretExponent,
        nonce: consuming SecretExponent, factorsOf other: ElementVector? = nil, progress: (Int) -> Void = { _ in }
    ) throws(MixNetError) -> [WrittenProofFile] {
        let (factors, list) = try writeFactors(
            as: party, other ?? ciphertexts.alphas, secretKey: secretKey, progress: progress)
        let statement = DecryptionStatement(
            parameters: parameters, key: keys.trustees[party - 1], ciphertexts: ciphertexts, factors: factors)
        let proof = statement.prove(secretKey, nonce: nonce)
        return [
            list,
            try folder.write(
                ProofFileName.decryptionProofCommitment(party),
                tree: DecryptionProof.commitmentTree(yPrime: proof.yPrime, bPrime: proof.bPrime)),
            try folder.write(ProofFileName.decryptionProofReply(party), tree: .leaf(proof.kX.bytes)),
        ]
    }

    /// Writes ⟨[y_l], f⟩, the factors f_i = α_i^x chunk by chunk.
    private func writeFactors(
        as party: Int, _ alphas: ElementVector, secretKey: borrowing SecretExponent, progress: (Int) -> Void
    ) throws(MixNetError) -> (elements: ElementVector, file: WrittenProofFile) {
        let (name, group) = (ProofFileName.decryptionFactors(party), parameters.group)
        var file = ProofFileWriter(name, in: folder)
        file.appendNodeHeader(2)
        file.append(leaf: keys.trustees[party - 1].y.bytes)
        let factors = file.reserveList(alphas.count, width: group.elementByteCount)
        for range in chunks(of: alphas.count) {
            file.fill(factors, at: range.lowerBound, with: secretKey.powers(of: alphas.slice(range)).numbers)
            progress(range.upperBound)
        }
        let written = try file.finish()
        let elements = try folder.readOwn(name) { reader throws(VectorError) in
            do throws(ByteTreeError) {
                try reader.node(of: 2)
                _ = try reader.leaf()
            } catch { throw .byteTree(error) }
            return try ElementVector(ownList: &reader, count: alphas.count, in: group)
        }
        return (elements, written)
    }

    /// m_i = β_i / Π f_{l,i}, written as PlaintextElements.bt.
    ///
    /// - Parameter decryptions: of all parties.
    /// - Returns: the elements, in mixed order, which stay in the file, and the file.
    public func writePlaintexts(
        _ ciphertexts: CiphertextVector, decryptions: [VerifiedDecryption]
    ) throws(MixNetError) -> (elements: ElementVector, file: WrittenProofFile) {
        try folder.write(ProofFileName.plaintextElements, count: ciphertexts.count, in: parameters.group) { range in
            plaintexts(ciphertexts.slice(range), factors: decryptions.map { $0.factors.slice(range) })
        }
    }
}

/// m_i = β_i / Π f_{l,i}.
func plaintexts(_ ciphertexts: CiphertextVector, factors: [ElementVector]) -> ElementVector {
    guard let first = factors.first else { return ciphertexts.betas }
    return ciphertexts.betas * factors.dropFirst().reduce(first) { $0 * $1 }.inverses
}
