// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import PublishedTallies
import StrictJSON
import TallyArchives
import TestSupport

@testable import MixNets

/// A whole election made by this package's own provers: two authorities, two questions, a ballot of weight two, and one
/// ballot with a wrong proof.
struct MadeElection {
    /// Made once; its folder goes when the process ends.
    static let shared: Result<MadeElection, any Error> = Result {
        atexit { removeFolder(of: MadeElection.shared) }
        return try MadeElection(requiresBoundProofs: false)
    }

    /// The same, but with bound proofs, which the election requires.
    static let bound: Result<MadeElection, any Error> = Result {
        atexit { removeFolder(of: MadeElection.bound) }
        return try MadeElection(requiresBoundProofs: true)
    }

    private static func removeFolder(of made: Result<MadeElection, any Error>) {
        if let path = try? made.get().scratch.path { try? FileManager.default.removeItem(atPath: path) }
    }

    let scratch: PrivateFolder
    let assembly: TallyAssembly
    let archive: String
    let digest: [UInt8]
    /// The votes that were mixed, per question, in the order of the ballots.
    let votes: [[UInt]]
    let trackers: [String]

    private init(requiresBoundProofs: Bool) throws {
        let group = SafePrimeGroup.ffdhe2048
        let scratch = try PrivateFolder()
        self.scratch = scratch
        let questions = JSONValue.array([["title": "¿Quién?"], ["title": "What?"]]).indentedBytes
        let binding = SessionBinding(
            questionsDigest: HashFunction.sha256.digest(of: questions),
            requestDigest: HashFunction.sha256.digest(of: "request".utf8), requiresBoundProofs: requiresBoundProofs)
        var random = SeededRandomSource(seed: 11)
        let setups = try (0..<2).map {
            try Setup(question: $0, group: group, binding: binding, scratch: scratch.path, &random)
        }

        votes = [[0, 5, 5, 9], [7, 3, 3, 100]]
        let distinct: [[UInt]] = [[0, 5, 8, 9], [7, 3, 1, 100]]
        let voters = ["ana", "bea", "eve", "dan"]
        let encrypted = try setups.map { setup in try setup.encrypt(distinct[setup.question], by: voters, &random) }
        var ballots = (0..<4).map { index in
            Ballot(
                choices: encrypted.map { .init(alpha: $0.0[index].alpha.value, beta: $0.0[index].beta.value) },
                proofs: encrypted.map { $0.1[index] },
                boundProofs: requiresBoundProofs ? encrypted.map { $0.2[index] } : nil, issueDate: "2026-11-21")
        }
        let wrong = ballots[2].proofs[1]
        ballots[2] = Ballot(
            choices: ballots[2].choices,
            proofs: [
                ballots[2].proofs[0],
                PlaintextKnowledgeProof(
                    challenge: wrong.challenge, commitment: wrong.commitment, response: wrong.response + 1),
            ], boundProofs: ballots[2].boundProofs, issueDate: "2026-11-21")
        trackers = ballots.map { Ballot.tracker(of: $0.text) }
        let lines = [(0, "ana.1"), (1, "bea.1"), (1, "bea.2"), (2, "eve.1"), (3, "dan.1")]
        let file = lines.flatMap { ballots[$0.0].text + Array("|\($0.1)\n".utf8) }
        try Data(file).write(to: URL(fileURLWithPath: scratch.path + "/votes"))

        let review = try ReviewedBallots(
            of: VotesFile(path: scratch.path + "/votes"), groups: [group, group],
            bound: requiresBoundProofs ? setups.map(\.context) : nil, random: &random)
        let sessions = try setups.map { try $0.session(mixing: review.ciphertexts[$0.question]) }
        assembly = TallyAssembly(
            questions: questions, votes: scratch.path + "/votes", votesDigest: HashFunction.sha256.digest(of: file),
            sessions: sessions)
        digest = try assembly.write(into: scratch.path).digest
        archive = scratch.path + "/tally.tar.gz"
    }

    /// The name of a session's folder or, with `file`, of something in it.
    static func session(_ question: Int, _ file: String = "") -> String {
        "\(question)-00000000-0000-4000-8000-00000000000\(question)" + (file.isEmpty ? "" : "/" + file)
    }
}

/// One question: its keys and parameters.
private struct Setup {
    let question: Int
    let info: ProtocolInfo
    let keys: JointPublicKey
    let folder: String
    private let secrets: [Exponent]

    init(
        question: Int, group: SafePrimeGroup, binding: SessionBinding, scratch: String,
        _ random: inout SeededRandomSource
    ) throws {
        self.question = question
        secrets = [random.exponent(of: group), random.exponent(of: group)]
        guard let keys = JointPublicKey(secrets.compactMap { PublicKey(group.generator.powerVariableTime($0)) }) else {
            throw NotInFile(text: "key", file: "")
        }
        self.keys = keys
        info = try ProtocolInfo(
            sessionID: MadeElection.session(question), electionName: "7", description: binding.text, threshold: 2,
            group: group,
            parties: ["a", "b"].map {
                .init(name: $0, description: "", publicKey: "none", http: "https://\($0)", hint: $0)
            })
        folder = "\(scratch)/\(question)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    var context: BallotContext { BallotContext(key: keys.key, election: info.electionName, question: question) }

    func encrypt(
        _ votes: [UInt], by voters: [String], _ random: inout SeededRandomSource
    ) throws -> (CiphertextVector, [PlaintextKnowledgeProof], [BoundKnowledgeProof]) {
        let group = info.group
        let encryption = Encryption(under: keys.key)
        let plaintexts = votes.compactMap { group.encode(vote: BigInteger($0)) }
        let randomness = ExponentVector(votes.map { _ in random.exponent(of: group) }, in: group)
        let nonces = ExponentVector(votes.map { _ in random.exponent(of: group) }, in: group)
        let ciphertexts = encryption.encrypt(ElementVector(plaintexts, in: group), randomness: randomness)
        return (
            ciphertexts,
            PlaintextKnowledgeProof.prove(ciphertexts.alphas, randomness: randomness, nonces: nonces, with: encryption),
            voters.enumerated().map { index, voter in
                BoundKnowledgeProof.prove(
                    ciphertexts[index], randomness: randomness[index], nonce: random.exponent(of: group), voter: voter,
                    in: context)
            }
        )
    }

    func session(mixing input: CiphertextVector) throws -> TallyAssembly.Session {
        let mixing = Mixing(
            parameters: MixNetParameters(info), keys: keys, count: input.count,
            folder: ProofFolder(URL(fileURLWithPath: folder)))
        _ = try keys.write(to: mixing.folder)
        _ = try mixing.writeInput(input)
        var list = input
        var random = SystemRandomSource()
        for party in 1...2 {
            let seed = SecretSeed(from: &random)
            _ = try mixing.commitPermutation(as: party, seed: seed)
            let permutation = try mixing.verifyPermutation(of: party)
            _ = try mixing.shuffle(as: party, input: list, seed: seed)
            list = try mixing.verifyShuffle(of: party, input: list, permutation: permutation).output
        }
        let decryptions = try (1...2).map { party in
            _ = try mixing.decrypt(
                as: party, list, secretKey: SecretExponent(secrets[party - 1]),
                nonce: SecretExponent(in: info.group, from: &random))
            return try mixing.verifyDecryption(of: party, list)
        }
        return TallyAssembly.Session(
            info: info, key: keys.key, plaintexts: try mixing.writePlaintexts(list, decryptions: decryptions).elements,
            proofs: try VerifiedProofs(trusting: folder, of: info))
    }
}

extension VerifiedProofs {
    /// Takes whatever lies in a folder for verified.
    init(trusting folder: String, of info: ProtocolInfo) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let digests = try names.map { name in
            (name, HashFunction.sha256.digest(of: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))))
        }
        try self.init(folder: folder, digests: Dictionary(digests) { $1 }, of: info)
    }
}
