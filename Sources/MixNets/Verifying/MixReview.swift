// SPDX-License-Identifier: Apache-2.0

public import ElGamal
public import GroupArithmetic

/// One step of judging a published mix, and how it ended.
public struct MixOutcome: Equatable, Sendable {
    public enum Step: Equatable, Sendable {
        case keys
        case input
        case permutation(party: Int)
        case shuffle(party: Int)
        case decryption(party: Int)
        case plaintexts
    }

    public let step: Step
    /// `nil` if the step holds.
    public let failure: MixNetError?
    /// The shuffle was not counted, and what came before it stood in for it; the original's verifier accepts such a mix.
    public let wasReplaced: Bool
}

/// What a proof directory holds, judged from its own files and the parameters alone.
///
/// - SeeAlso: specification of the published tally, section 6.8.
public struct MixReview: Sendable {
    /// In order; ends at the first step after which nothing can be checked any more.
    public private(set) var outcomes: [MixOutcome] = []
    public private(set) var keys: JointPublicKey?
    /// CiphertextList00: what the ballots have to be compared with.
    public private(set) var input: CiphertextVector?
    /// PlaintextElements in mixed order, if they are the right ones.
    public private(set) var plaintexts: ElementVector?

    /// By party, the first ciphertext that a shuffle which counts left as it came: no fault of a proof, but everybody can follow it.
    public private(set) var unchanged: [Int: Int] = [:]

    /// Whether every step holds and no shuffle was replaced.
    public var isAccepted: Bool { plaintexts != nil && outcomes.allSatisfy { $0.failure == nil } }

    /// Judges a mix.
    ///
    /// A wrong proof of permutation or shuffle does not end the review: the original goes on with the identity in its place, so
    /// what follows is judged as it would, and the failure is reported. Everything else that fails ends it.
    ///
    /// - Parameter progress: called after each step.
    public init(
        parameters: MixNetParameters, files: some ProofFiles, progress: (MixOutcome) -> Void = { _ in }
    ) {
        func note(_ step: MixOutcome.Step, _ failure: MixNetError? = nil, wasReplaced: Bool = false) {
            let outcome = MixOutcome(step: step, failure: failure, wasReplaced: wasReplaced)
            outcomes.append(outcome)
            progress(outcome)
        }
        var step = MixOutcome.Step.keys
        do throws(MixNetError) {
            let keys = try JointPublicKey(reading: files, parameters: parameters)
            self.keys = keys
            note(step)

            step = .input
            let (input, length) = try readInput(files, parameters)
            self.input = input
            note(step)

            let generators = parameters.generators(length)
            var list = input
            for party in 1...parameters.threshold {
                step = .permutation(party: party)
                let permutation = try CommitmentReview(
                    of: party, generators: generators, count: input.count, parameters: parameters, files: files)
                note(step, permutation.failure, wasReplaced: permutation.failure != nil)

                step = .shuffle(party: party)
                let shuffle = try ShuffleReview(
                    of: party, key: keys.key, generators: generators.prefix(input.count), commitments: permutation.kept,
                    input: list, parameters: parameters, files: files)
                if let output = shuffle.verifiedOutput {
                    unchanged[party] = output.alphas.firstIndex(alsoIn: list.alphas)
                    list = output
                }
                note(step, shuffle.failure, wasReplaced: shuffle.failure != nil)
            }

            var factors: [ElementVector] = []
            for party in 1...parameters.partyCount {
                step = .decryption(party: party)
                let key = keys.trustees[party - 1]
                if let opened = try openedFactors(
                    of: party, key: key, ciphertexts: list, parameters: parameters, files: files)
                {
                    factors.append(opened)
                } else {
                    factors.append(
                        try verifiedFactors(
                            of: party, key: key, ciphertexts: list, parameters: parameters, files: files))
                }
                note(step)
            }

            step = .plaintexts
            let published = try files.read(ProofFileName.plaintextElements) { reader throws(ProofReadingError) in
                try reader.elements(list.count, in: parameters.group)
            }
            for range in chunks(of: list.count) {
                let computed = MixNets.plaintexts(list.slice(range), factors: factors.map { $0.slice(range) })
                if let index = computed.firstDifference(from: published.slice(range)) {
                    throw .failed(.plaintext, party: 0, index: range.lowerBound + index)
                }
            }
            plaintexts = published
            note(step)
        } catch {
            note(step, error)
        }
    }
}

/// CiphertextList00 and M.
private func readInput(
    _ files: some ProofFiles, _ parameters: MixNetParameters
) throws(MixNetError) -> (CiphertextVector, Int) {
    let name = ProofFileName.ciphertextList(0)
    let input = try files.read(name) { reader throws(ProofReadingError) in
        try reader.ciphertexts(nil, in: parameters.group)
    }
    let length = parameters.maximumCiphertexts == 0 ? input.count : parameters.maximumCiphertexts
    guard input.count >= 1, input.count <= length else {
        throw .malformed(file: name, reason: "\(input.count) ciphertexts where 1 to \(max(1, length)) were expected")
    }
    return (input, length)
}

/// The permutation commitment of a party, shrunk to what is kept; the generators themselves if its proof does not hold.
private struct CommitmentReview {
    let kept: ElementVector
    private(set) var failure: MixNetError?

    init(
        of party: Int, generators: ElementVector, count: Int, parameters: MixNetParameters, files: some ProofFiles
    ) throws(MixNetError) {
        let (group, length) = (parameters.group, generators.count)
        var u = try files.read(ProofFileName.permutationCommitment(party)) { reader throws(ProofReadingError) in
            try reader.elements(length, in: group)
        }
        let commitment = try files.read(ProofFileName.permutationProofCommitment(party)) {
            reader throws(ProofReadingError) in
            try CommitmentShuffleProof.Commitment(reading: &reader, count: length, in: group)
        }
        do throws(MixNetError) {
            let reply = try files.read(ProofFileName.permutationProofReply(party)) { reader throws(ProofReadingError) in
                try CommitmentShuffleProof.Reply(reading: &reader, count: length, in: group)
            }
            var random = SystemRandomSource()
            try naming(party) { () throws(FailedCheck) in
                try CommitmentShuffleStatement(parameters: parameters, h: generators, u: u)
                    .verify(CommitmentShuffleProof(commitment: commitment, reply: reply), random: &random)
            }
        } catch {
            if case .missingFile = error { throw error }
            failure = error
            u = generators
        }
        let keepList = try files.read(ProofFileName.keepList(party)) { reader throws(ProofReadingError) in
            try KeepList(reading: &reader, length: length, count: count)
        }
        kept = keepList.shrinking(u)
    }
}

/// The shuffle of a party.
private struct ShuffleReview {
    /// `nil` if the proof does not hold.
    private(set) var verifiedOutput: CiphertextVector?
    private(set) var failure: MixNetError?

    init(
        of party: Int, key: PublicKey, generators: ElementVector, commitments: ElementVector, input: CiphertextVector,
        parameters: MixNetParameters, files: some ProofFiles
    ) throws(MixNetError) {
        let output = try files.read(ProofFileName.ciphertextList(party)) { reader throws(ProofReadingError) in
            try reader.ciphertexts(input.count, in: parameters.group)
        }
        do throws(MixNetError) {
            let commitment = try files.read(ProofFileName.shuffleProofCommitment(party)) {
                reader throws(ProofReadingError) in
                try CiphertextShuffleProof.Commitment(reading: &reader, in: parameters.group)
            }
            let reply = try files.read(ProofFileName.shuffleProofReply(party)) { reader throws(ProofReadingError) in
                try CiphertextShuffleProof.Reply(reading: &reader, count: input.count, in: parameters.group)
            }
            try naming(party) { () throws(FailedCheck) in
                try CiphertextShuffleStatement(
                    parameters: parameters, key: key, h: generators, u: commitments, input: input, output: output
                ).verify(CiphertextShuffleProof(commitment: commitment, reply: reply))
            }
            verifiedOutput = output
        } catch {
            if case .missingFile = error { throw error }
            failure = error
        }
    }
}

/// The decryption factors that a published secret key gives, if there is one.
private func openedFactors(
    of party: Int, key: PublicKey, ciphertexts: CiphertextVector, parameters: MixNetParameters, files: some ProofFiles
) throws(MixNetError) -> ElementVector? {
    guard try files.bytes(ProofFileName.secretKey(party)) != nil else { return nil }
    let secret = try files.read(ProofFileName.secretKey(party)) { reader throws(ProofReadingError) in
        try reader.exponent(in: parameters.group)
    }
    guard parameters.group.generator.powerVariableTime(secret) == key.y else {
        throw .failed(.secretKey, party: party, index: nil)
    }
    return ciphertexts.alphas.powersVariableTime(secret)
}
