// SPDX-License-Identifier: Apache-2.0

public import ElGamal
internal import GroupArithmetic

extension Mixing {
    /// Reads and checks the permutation commitment of a party and its proof.
    ///
    /// - Parameter others: commitments of this session that were verified before; a copy of one of them is refused.
    public func verifyPermutation(
        of party: Int, others: [VerifiedPermutation] = []
    ) throws(MixNetError) -> VerifiedPermutation {
        let u = try folder.read(ProofFileName.permutationCommitment(party)) { reader throws(ProofReadingError) in
            try reader.elements(count, in: parameters.group)
        }
        guard !others.contains(where: { $0.party != party && $0.commitments == u }) else {
            throw .failed(.copiedCommitment, party: party, index: nil)
        }
        let commitment = try folder.read(ProofFileName.permutationProofCommitment(party)) {
            reader throws(ProofReadingError) in
            try CommitmentShuffleProof.Commitment(reading: &reader, count: count, in: parameters.group)
        }
        let reply = try folder.read(ProofFileName.permutationProofReply(party)) { reader throws(ProofReadingError) in
            try CommitmentShuffleProof.Reply(reading: &reader, count: count, in: parameters.group)
        }
        _ = try folder.read(ProofFileName.keepList(party)) { reader throws(ProofReadingError) in
            try KeepList(reading: &reader, length: count, count: count)
        }
        var random = SystemRandomSource()
        let statement = CommitmentShuffleStatement(parameters: parameters, h: generators, u: u)
        try naming(party) { () throws(FailedCheck) in
            try statement.verify(CommitmentShuffleProof(commitment: commitment, reply: reply), random: &random)
        }
        return VerifiedPermutation(party: party, commitments: u)
    }

    /// Reads and checks the shuffle of a party.
    ///
    /// - Parameters:
    ///   - input: the verified output of the party before, or the input list.
    ///   - permutation: the party's own.
    ///   - isOutputChecked: whether a ``CheckedList`` of the output file's digest says that its numbers are in the group.
    public func verifyShuffle(
        of party: Int, input: CiphertextVector, permutation: VerifiedPermutation, isOutputChecked: Bool = false
    ) throws(MixNetError) -> VerifiedShuffle {
        precondition(permutation.party == party, "the permutation of party \(permutation.party) for party \(party)")
        let output = try isOutputChecked ? ownList(after: party) : list(after: party)
        let commitment = try folder.read(ProofFileName.shuffleProofCommitment(party)) {
            reader throws(ProofReadingError) in
            try CiphertextShuffleProof.Commitment(reading: &reader, in: parameters.group)
        }
        let reply = try folder.read(ProofFileName.shuffleProofReply(party)) { reader throws(ProofReadingError) in
            try CiphertextShuffleProof.Reply(reading: &reader, count: count, in: parameters.group)
        }
        let statement = CiphertextShuffleStatement(
            parameters: parameters, key: keys.key, h: generators, u: permutation.commitments, input: input,
            output: output)
        try naming(party) { () throws(FailedCheck) in
            try statement.verify(CiphertextShuffleProof(commitment: commitment, reply: reply))
        }
        // The proof holds for it. An honest mixer re-encrypts with 0 as good as never.
        if let index = output.alphas.firstIndex(alsoIn: input.alphas) {
            throw .failed(.unchangedCiphertext, party: party, index: index)
        }
        return VerifiedShuffle(party: party, output: output)
    }

    /// Reads and checks the decryption factors of a party for the output of the last shuffle.
    public func verifyDecryption(
        of party: Int, _ ciphertexts: CiphertextVector
    ) throws(MixNetError) -> VerifiedDecryption {
        let factors = try verifiedFactors(
            of: party, key: keys.trustees[party - 1], ciphertexts: ciphertexts, parameters: parameters, files: folder)
        return VerifiedDecryption(party: party, factors: factors)
    }
}

/// The decryption factors of a party, read and checked.
func verifiedFactors(
    of party: Int, key: PublicKey, ciphertexts: CiphertextVector, parameters: MixNetParameters, files: some ProofFiles
) throws(MixNetError) -> ElementVector {
    let group = parameters.group
    let (y, factors) = try files.read(ProofFileName.decryptionFactors(party)) { reader throws(ProofReadingError) in
        try reader.nodeOf(2)
        return (try reader.element(in: group), try reader.elements(ciphertexts.count, in: group))
    }
    let (yPrime, bPrime) = try files.read(ProofFileName.decryptionProofCommitment(party)) {
        reader throws(ProofReadingError) in
        try reader.nodeOf(2)
        let yPrime = try reader.element(in: group)
        try reader.nodeOf(1)
        return (yPrime, try reader.element(in: group))
    }
    let kX = try files.read(ProofFileName.decryptionProofReply(party)) { reader throws(ProofReadingError) in
        try reader.exponent(in: group)
    }
    guard y == key.y else { throw .failed(.decryptionKey, party: party, index: nil) }
    let statement = DecryptionStatement(parameters: parameters, key: key, ciphertexts: ciphertexts, factors: factors)
    try naming(party) { () throws(FailedCheck) in
        try statement.verify(DecryptionProof(yPrime: yPrime, bPrime: bPrime, kX: kX))
    }
    return factors
}

/// Runs a check and says whose it was if it fails.
func naming(_ party: Int, _ check: () throws(FailedCheck) -> Void) throws(MixNetError) {
    do throws(FailedCheck) { try check() } catch {
        throw .failed(error.check, party: party, index: error.index)
    }
}
