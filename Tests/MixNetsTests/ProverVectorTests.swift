// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Foundation
import GroupArithmetic
import TestSupport
import Testing

@testable import MixNets

@Suite("A recorded session of two authorities and three ballots")
struct ProverVectorTests {
    @Test("given its secrets, the prover writes every proof file, byte for byte")
    func reproducesEveryFile() throws {
        let session = try RecordedSession.load()
        let (group, parameters) = (session.group, session.parameters)
        #expect(parameters.prefix == session.rho.bytes)
        let scratch = try ScratchDirectory()
        let folder = ProofFolder(scratch.url)
        let keys = try #require(
            JointPublicKey(session.x.compactMap { PublicKey(group.generator.powerVariableTime($0.value)) }))
        _ = try keys.write(to: folder)
        let mixing = Mixing(parameters: parameters, keys: keys, count: session.N, folder: folder)
        var list = try session.recordedFiles.read(ProofFileName.ciphertextList(0)) { reader throws(ProofReadingError) in
            try reader.ciphertexts(nil, in: group)
        }
        _ = try mixing.writeInput(list)

        for (index, party) in session.parties.enumerated() {
            let number = index + 1
            let permutation = try #require(Permutation(images: party.pi))
            let r = party.drawn(party.r, in: group)
            let witness = CommitmentShuffleWitness(permutation: permutation, r: r)
            let secrets = CommitmentShuffleSecrets(
                b: party.drawn(party.pos_b, in: group), beta: party.drawn(party.pos_beta, in: group),
                alpha: party.exponent(party.pos_alpha, in: group), gamma: party.exponent(party.pos_gamma, in: group),
                delta: party.exponent(party.pos_delta, in: group), epsilon: party.drawn(party.pos_epsilon, in: group))
            _ = try mixing.commitPermutation(as: number, witness: witness, secrets: secrets)
            let verified = try mixing.verifyPermutation(of: number)
            let shuffleSecrets = CiphertextShuffleSecrets(
                alpha: party.exponent(party.ccpos_alpha, in: group), beta: party.exponent(party.ccpos_beta, in: group),
                epsilon: party.drawn(party.ccpos_epsilon, in: group))
            _ = try mixing.shuffle(
                as: number, input: list, commitments: verified.commitments,
                witness: CiphertextShuffleWitness(images: party.pi, r: r, s: party.drawn(party.s, in: group)),
                secrets: shuffleSecrets)
            list = try mixing.verifyShuffle(of: number, input: list, permutation: verified).output
        }
        var decryptions: [VerifiedDecryption] = []
        for (index, party) in session.parties.enumerated() {
            let secret = SecretExponent(Exponent(reducing: session.x[index].value, in: group))
            let nonce = SecretExponent(party.exponent(party.dec_r, in: group))
            _ = try mixing.decrypt(as: index + 1, list, secretKey: secret, nonce: nonce)
            decryptions.append(try mixing.verifyDecryption(of: index + 1, list))
        }
        _ = try mixing.writePlaintexts(list, decryptions: decryptions)

        for (name, expected) in session.files {
            let written = try Data(contentsOf: scratch.url.appendingPathComponent(name))
            #expect(Array(written) == expected.bytes, "\(name)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        #expect(Set(names) == Set(session.files.keys))
        #expect(Set(names) == Set(ProofFileName.needed(parties: 2, threshold: 2)))
    }

    @Test("the review accepts it, and finds the votes that were encrypted")
    func reviewAccepts() throws {
        let session = try RecordedSession.load()
        let review = MixReview(parameters: session.parameters, files: session.recordedFiles)
        #expect(review.isAccepted)
        #expect(review.outcomes.count == 2 + 2 * 2 + 2 + 1)
        let plaintexts = try #require(review.plaintexts)
        let lines = (0..<plaintexts.count).map { plaintexts[$0].plaintext.decimal }
        #expect(lines.sorted() == ["10", "3", "5"])
    }
}
