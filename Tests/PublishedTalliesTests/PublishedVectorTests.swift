// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import OperatorErrors
import PublishedTallies
import StrictJSON
import TallyArchives
import TestSupport
import Testing

@Suite("Published tallies are judged as they deserve")
struct PublishedVectorTests {
    static let tracker = "ae38e56fd663c142387ad9f69d710e9afd1e8c28da3f0ba93facdaae65d273e6"
    static let shuffled = SharedVectors.folder.appendingPathComponent("sequent/8.tar").path
    static let wrong = SharedVectors.folder.appendingPathComponent("sequent/8_wrong_proof_of_shuffle.tar").path

    @Test(
        "8.tar is accepted, its results recounted or left out",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func accepted() throws {
        let archive = try PublishedArchive(path: Self.shuffled)
        let report = try archive.verify(options: VerificationOptions(skipsRecount: true))
        #expect(report.isAccepted, "\(report.failures.compactMap(\.failure))")
        #expect(report.checks.contains { $0.name == .results && $0.outcome == .skipped("not recounted, as asked") })
        let recounted = try archive.verify()
        #expect(recounted.isAccepted, "\(recounted.failures.compactMap(\.failure))")
        #expect(recounted.checks.contains { $0.name == .results && $0.outcome == .passed("recounted, 1 question") })
    }

    @Test(
        "8_wrong_proof_of_shuffle.tar is rejected for authority 1's proof of shuffle and for its stray folder",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func rejected() throws {
        let failures = try PublishedArchive(path: Self.wrong).verify(options: VerificationOptions(skipsRecount: true))
            .failures
        #expect(failures.first?.name == .layout)
        #expect(failures.dropFirst().first?.name == .shuffle)
        #expect(failures.dropFirst().first?.party == 1)
        #expect(failures.dropFirst().first?.failure?.contains("CCPoSCommitment01.bt") == true)
    }

    @Test("the ballot of both is found by its tracker", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func lookup() throws {
        for path in [Self.shuffled, Self.wrong] {
            let ballot = try PublishedArchive(path: path).ballot(tracker: Self.tracker)
            #expect(ballot.tally == "8")
            #expect(ballot.voter == "voterid")
            #expect(ballot.weight == 1)
            #expect(ballot.proofFailure == nil)
        }
    }

    @Test(
        "the keys and plaintexts of 8.tar are written as published",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func files() throws {
        let files = try TallyFiles(shared: "sequent/8.tar")
        #expect(files["0-78b10d61-d525-4aca-998f-cad2f200a1bf/plaintexts_json"] == Array("\"3\"\n".utf8))
        let identity = try PublishedArchive(path: Self.shuffled).tallies[0].identity
        #expect(identity.keysDigest == HashFunction.sha256.digest(of: files["pubkeys_json"] ?? []).hexadecimal)
    }

    @Test(
        "whatever byte of the archive changes, the verifier ends with a verdict or an error",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func damaged() throws {
        var random = SeededRandomSource()
        let whole = try [UInt8](SharedVectors.data("sequent/8.tar"))
        let scratch = try PrivateFolder()
        let path = scratch.path + "/damaged.tar"
        for _ in 0..<60 {
            var bytes = whole
            let position = Int(random.next() % UInt64(whole.count))
            bytes[position] ^= 1 << UInt8(random.next() % 8)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            do {
                let report = try PublishedArchive(path: path).verify(options: VerificationOptions(skipsRecount: true))
                // Times and owners in headers, padding and files that no check needs may change.
                #expect(!report.checks.isEmpty, "byte \(position)")
            } catch let error as any OperatorError {
                #expect(error.exitCode == .refused, "byte \(position): \(error.message)")
            }
        }
    }

    struct ProverSession: Decodable {
        struct Ballot: Decodable { let json: String }
        let protInfo_xml: String
        let y: HexadecimalNumber
        let ballots: [Ballot]
        let plaintexts_json: String
        let files: [String: Hexadecimal]
    }

    /// prover_n3 as a published tally. The parameters are those of the vectors' prover, the rest is written by us.
    @Test("the session prover_n3 is accepted as a tally, and its plaintexts come out as its prover wrote them")
    func proverSession() throws {
        let session = try vector("sequent/prover_n3.json", as: ProverSession.self)
        let scratch = try PrivateFolder()
        let proofs = scratch.path + "/proofs"
        try FileManager.default.createDirectory(atPath: proofs, withIntermediateDirectories: false)
        for (name, content) in session.files {
            try Data(content.bytes).write(to: URL(fileURLWithPath: "\(proofs)/\(name)"))
        }
        let votes = session.ballots.enumerated().map { "\($1.json)|voter\($0).1\n" }.joined()
        try Data(votes.utf8).write(to: URL(fileURLWithPath: scratch.path + "/votes"))
        let group = SafePrimeGroup.sequent2048
        let y = try #require(group.element(session.y.value))
        let elements = try #require(session.files["PlaintextElements.bt"]?.bytes)
        // Three leaves of five bytes of header and κ_p = 257 bytes of number behind the node's five.
        let numbers = (0..<3).map { BigInteger(bigEndian: elements[(5 + $0 * 262 + 5)..<(5 + ($0 + 1) * 262)]) }
        let info = try ProtocolInfo(parsing: Array(session.protInfo_xml.utf8))
        let assembly = TallyAssembly(
            questions: JSONValue.array([["title": "t"]]).indentedBytes, votes: scratch.path + "/votes",
            votesDigest: HashFunction.sha256.digest(of: votes.utf8),
            sessions: [
                .init(
                    info: info, key: try #require(PublicKey(y)),
                    plaintexts: try ElementVector(checking: numbers, in: group),
                    proofs: try VerifiedProofs(trusting: proofs, of: info))
            ])
        _ = try assembly.write(into: scratch.path)
        let report = try PublishedArchive(path: scratch.path + "/tally.tar.gz").verify()
        #expect(report.isAccepted, "\(report.failures.compactMap(\.failure))")
        let files = try TallyFiles(scratch.path + "/tally.tar.gz")
        #expect(files["0-vector/plaintexts_json"] == Array(session.plaintexts_json.utf8))
    }
}
