// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

@Suite("A mixer or decrypter that proves something else than it did")
struct LyingMixerTests {
    private let mix: SmallMix
    private let list: CiphertextVector

    init() throws {
        mix = try SmallMix(parties: 2, threshold: 2, count: 12)
        list = try mix.mixed()
    }

    private var group: SafePrimeGroup { mix.parameters.group }

    /// Shuffles as party 1, changes the output before the proof is made, and gives what the others say.
    ///
    /// - Parameter exponent: of the re-encryption; by default some.
    private func verdict(
        exponent: BigInteger? = nil, on change: (CiphertextVector) -> CiphertextVector
    ) throws -> MixNetError? {
        let commitment = mix.mixing.commitmentWitness(1, seed: try mix.seed(of: 1))
        let permutation = try mix.mixing.verifyPermutation(of: 1)
        var random = SeededRandomSource()
        let fixed = exponent.map { Exponent(reducing: $0, in: group) }
        let s = DrawnExponents(ExponentVector((0..<12).map { _ in fixed ?? random.exponent(of: group) }, in: group))
        let witness = CiphertextShuffleWitness(images: commitment.permutation.images, r: commitment.r, s: s)
        let output = change(witness.shuffling(0..<12, of: mix.input, with: Encryption(under: mix.keys.key)))
        let statement = CiphertextShuffleStatement(
            parameters: mix.parameters, key: mix.keys.key, h: mix.mixing.generators, u: permutation.commitments,
            input: mix.input, output: output)
        _ = try mix.mixing.folder.write(ProofFileName.ciphertextList(1)) { output.write(to: &$0) }
        _ = try statement.prove(
            witness,
            secrets: CiphertextShuffleSecrets(
                alpha: random.exponent(of: group), beta: random.exponent(of: group),
                epsilon: DrawnExponents(
                    ExponentVector(
                        (0..<12).map { _ in random.number(bitCount: mix.parameters.blindingBits) },
                        bitCount: mix.parameters.blindingBits, in: group))),
            as: 1, in: mix.mixing.folder)
        return error { () throws(MixNetError) in
            _ = try mix.mixing.verifyShuffle(of: 1, input: mix.input, permutation: permutation)
        }
    }

    private func error(_ body: () throws(MixNetError) -> Void) -> MixNetError? {
        do throws(MixNetError) {
            try body()
            return nil
        } catch { return error }
    }

    @Test("is believed if it changes nothing")
    func honest() throws {
        #expect(try verdict { $0 } == nil)
    }

    @Test("re-encrypts nothing: the proof holds, and the first ciphertext that everybody can follow is named")
    func unchanged() throws {
        #expect(try verdict(exponent: 0) { $0 } == .failed(.unchangedCiphertext, party: 1, index: 0))
        #expect(mix.review().unchanged == [1: 0])
        #expect(try verdict(exponent: 1) { $0 } == nil)
    }

    @Test("replaces a vote: its beta is named")
    func replacedBeta() throws {
        let found = try verdict { output in
            var betas = (0..<12).map { output.betas[$0] }
            betas[3] = betas[3] * group.generator
            return CiphertextVector(alphas: output.alphas, betas: ElementVector(betas, in: group))
        }
        #expect(found == .failed(.shuffleBeta, party: 1, index: nil))
    }

    @Test("drops a ballot and doubles another")
    func doubled() throws {
        let found = try verdict { $0.selecting([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]) }
        #expect(found == .failed(.shuffleAlpha, party: 1, index: nil))
    }

    @Test("permutes otherwise than it committed to")
    func otherPermutation() throws {
        let found = try verdict { $0.selecting([1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) }
        #expect(found == .failed(.shuffleAlpha, party: 1, index: nil))
    }

    @Test(
        "answers with replies as long as q: a right proof holds, and a wrong bridge is found in that form of the equation too"
    )
    func longReplies() throws {
        var random = SeededRandomSource()
        func drawn() -> DrawnExponents {
            DrawnExponents(ExponentVector((0..<12).map { _ in random.exponent(of: group) }, in: group))
        }
        let secrets = CommitmentShuffleSecrets(
            b: drawn(), beta: drawn(), alpha: random.exponent(of: group), gamma: random.exponent(of: group),
            delta: random.exponent(of: group), epsilon: drawn())
        _ = try mix.mixing.commitPermutation(
            as: 1, witness: mix.mixing.commitmentWitness(1, seed: try mix.seed(of: 1)), secrets: secrets)
        let verdict = { error { () throws(MixNetError) in _ = try mix.mixing.verifyPermutation(of: 1) } }
        #expect(verdict() == nil)
        let file = mix.scratch.file(ProofFileName.permutationProofReply(1))
        guard case .node(var parts) = try ByteTree(serialized: Array(Data(contentsOf: file))),
            case .node(var kB) = parts[1], case .leaf(let bytes) = kB[5]
        else {
            Issue.record("another shape of a reply")
            return
        }
        kB[5] = .leaf(((BigInteger(bigEndian: bytes) + 1) % group.q).bytes(count: bytes.count))
        parts[1] = .node(kB)
        try Data(ByteTree.node(parts).serialized).write(to: file)
        #expect(verdict() == .failed(.permutationB, party: 1, index: 5))
    }

    @Test("opens another secret key than the absent party's")
    func otherSecret() throws {
        let wrong = Exponent(reducing: 7, in: group)
        #expect(throws: MixNetError.failed(.secretKey, party: 2, index: nil)) {
            try mix.mixing.open(wrong, of: 2, list)
        }
    }

    @Test("commits to something that is no permutation")
    func noPermutation() throws {
        var random = SeededRandomSource()
        let generators = mix.mixing.generators
        let r = ExponentVector((0..<12).map { _ in random.exponent(of: group) }, in: group)
        let permutation = Permutation(count: 12, from: &random)
        let witness = CommitmentShuffleWitness(permutation: permutation, r: DrawnExponents(r))
        let generator = FixedBase(group.generator)
        let honest = witness.commitments(
            0..<12, to: generators, inverseImages: permutation.inverseImages, generator: generator)
        // One position holds another's generator: h_j twice and h_i never.
        let positions = permutation.images
        var elements = (0..<12).map { honest[$0] }
        elements[positions[0]] = elements[positions[1]]
        let commitments = ElementVector(elements, in: group)
        let secrets = CommitmentShuffleSecrets(
            b: DrawnExponents(r), beta: DrawnExponents(r), alpha: r[0], gamma: r[1], delta: r[2],
            epsilon: DrawnExponents(
                ExponentVector(
                    (0..<12).map { _ in random.number(bitCount: mix.parameters.blindingBits) },
                    bitCount: mix.parameters.blindingBits, in: group)))
        _ = try mix.mixing.folder.write(ProofFileName.permutationCommitment(1)) { commitments.write(to: &$0) }
        _ = try CommitmentShuffleStatement(parameters: mix.parameters, h: generators, u: commitments)
            .prove(
                witness, secrets: secrets, generator: generator, firstGenerator: FixedBase(generators[0]),
                as: 1, in: mix.mixing.folder)
        let found = error { () throws(MixNetError) in _ = try mix.mixing.verifyPermutation(of: 1) }
        #expect(found == .failed(.permutationA, party: 1, index: nil))
    }

    @Test("copies another's permutation commitment with its proof")
    func copied() throws {
        for (from, to) in zip(ProofFileName.permutation(1), ProofFileName.permutation(2)) {
            try FileManager.default.removeItem(at: mix.scratch.file(to))
            try FileManager.default.copyItem(at: mix.scratch.file(from), to: mix.scratch.file(to))
        }
        let first = try mix.mixing.verifyPermutation(of: 1)
        let found = error { () throws(MixNetError) in
            _ = try mix.mixing.verifyPermutation(of: 2, others: [first])
        }
        #expect(found == .failed(.copiedCommitment, party: 2, index: nil))
    }

    @Test("perturbs one decryption factor")
    func perturbedFactor() throws {
        let honest = mix.secretKey(of: 2).powers(of: list.alphas)
        var factors = (0..<12).map { honest[$0] }
        factors[5] = factors[5] * group.generator
        let found = try verdict(factors: factors)
        #expect(found == .failed(.decryptionOfCiphertexts, party: 2, index: nil))
    }

    @Test("swaps two decryption factors")
    func swappedFactors() throws {
        let honest = mix.secretKey(of: 2).powers(of: list.alphas)
        var factors = (0..<12).map { honest[$0] }
        factors.swapAt(2, 9)
        #expect(try verdict(factors: factors) == .failed(.decryptionOfCiphertexts, party: 2, index: nil))
    }

    private func verdict(factors: [GroupElement]) throws -> MixNetError? {
        var random = SeededRandomSource()
        let statement = DecryptionStatement(
            parameters: mix.parameters, key: mix.keys.trustees[1], ciphertexts: list,
            factors: ElementVector(factors, in: group))
        let proof = statement.prove(mix.secretKey(of: 2), nonce: SecretExponent(in: group, from: &random))
        let folder = mix.mixing.folder
        _ = try folder.write(ProofFileName.decryptionFactors(2)) {
            $0.appendNodeHeader(2)
            $0.append(leaf: statement.key.y.bytes)
            statement.factors.write(to: &$0)
        }
        _ = try folder.write(
            ProofFileName.decryptionProofCommitment(2),
            tree: DecryptionProof.commitmentTree(yPrime: proof.yPrime, bPrime: proof.bPrime))
        _ = try folder.write(ProofFileName.decryptionProofReply(2), tree: .leaf(proof.kX.bytes))
        return error { () throws(MixNetError) in _ = try mix.mixing.verifyDecryption(of: 2, list) }
    }
}
