// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import PublishedTallies
import TallyArchives
import TestSupport
import Testing

@Suite("A tally made by our own authorities")
struct AssemblyTests {
    let election: MadeElection

    init() throws {
        election = try MadeElection.shared.get()
    }

    @Test("is accepted, with the dropped ballot named and every check passed for each session and authority")
    func accepted() throws {
        let report = try PublishedArchive(path: election.archive).verify()
        #expect(report.isAccepted, "\(report.failures.compactMap(\.failure))")
        #expect(report.droppedBallots == ["line 4, question 1: the proof's equation does not hold"])
        for question in 0..<2 {
            let checks = report.checks.filter { $0.session == MadeElection.session(question) }
            #expect(
                checks.map(\.name) == [
                    .protocolInfo, .binding, .proofFiles, .keys, .input, .permutation, .shuffle, .permutation, .shuffle,
                    .decryption, .decryption, .decrypted, .ballotsAreInput, .plaintexts,
                ])
            #expect(checks.compactMap(\.party) == [1, 1, 2, 2, 1, 2])
        }
    }

    @Test("has the votes that were cast, as many times as they weigh, each plus one and sorted as text")
    func plaintexts() throws {
        let files = try TallyFiles(election.archive)
        for (question, votes) in election.votes.enumerated() {
            let expected = votes.map { "\"\($0 + 1)\"\n" }.sorted().joined()
            #expect(files[MadeElection.session(question, "plaintexts_json")] == Array(expected.utf8))
        }
    }

    @Test("has the entries of the format in their order")
    func order() throws {
        let names = try TallyFiles(election.archive).names
        #expect(names.prefix(3) == ["questions_json", "ciphertexts_json", "pubkeys_json"])
        let session = names.dropFirst(3).prefix(28).map { String($0.dropFirst(MadeElection.session(0, "x").count - 1)) }
        #expect(session.first == "plaintexts_json")
        #expect(session[1] == "proofs")
        #expect(session.last == "protInfo.xml")
        #expect(session[2..<27] == session[2..<27].sorted()[...])
        #expect(session[2] == "proofs/CCPoSCommitment01.bt")
        #expect(names.count == 3 + 2 * 28)
    }

    @Test("has the same bytes when it is packed again, and their digest beside it")
    func deterministic() throws {
        let folder = try PrivateFolder()
        #expect(try election.assembly.write(into: folder.path).digest == election.digest)
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path + "/tally.tar.gz")))
        #expect(HashFunction.sha256.digest(of: bytes) == election.digest)
        let text = try String(contentsOfFile: folder.path + "/tally.tar.gz.sha256", encoding: .utf8)
        #expect(text.count == 44)
        #expect(DigestURI.digest(base64: text) == election.digest)
    }

    @Test("shows the keys' and the archive's digests, which somebody can expect")
    func identity() throws {
        let archive = try PublishedArchive(path: election.archive)
        let identity = archive.tallies[0].identity
        #expect(identity.digest == election.digest.hexadecimal)
        #expect(identity.hash == DigestURI.text(of: election.digest))
        let keys = election.assembly.sessions.map { PublishedKey($0.key) }
        #expect(identity.sessions.map(\.keyDigest) == keys.map { $0.digest.hexadecimal })
        let files = try TallyFiles(election.archive)
        #expect(identity.keysDigest == HashFunction.sha256.digest(of: files["pubkeys_json"] ?? []).hexadecimal)

        let all = try #require(identity.keysDigest.flatMap { VerificationOptions.keyDigest(in: $0) })
        #expect(try archive.verify(options: VerificationOptions(expectedKeys: [all])).isAccepted)
        #expect(try archive.verify(options: VerificationOptions(expectedKeys: keys.map(\.digest))).isAccepted)
        let one = try archive.verify(options: VerificationOptions(expectedKeys: [keys[0].digest]))
        #expect(one.failures.map(\.name) == [.expectedKey])
        #expect(one.failures.map(\.session) == [MadeElection.session(1)])
    }

    @Test("finds a ballot by its tracker, with voter and weight")
    func lookup() throws {
        let archive = try PublishedArchive(path: election.archive)
        let bea = try archive.ballot(tracker: election.trackers[1])
        #expect(bea.voter == "bea")
        #expect(bea.weight == 2)
        #expect(bea.line == 2)
        #expect(bea.proofFailure == nil)
        let eve = try archive.ballot(tracker: election.trackers[2])
        #expect(eve.weight == 1)
        #expect(eve.proofFailure == "question 1: the equation does not hold")
        let none = String(repeating: "0", count: 64)
        #expect(throws: BallotLookupError.notFound(tracker: none)) { try archive.ballot(tracker: none) }
        #expect(throws: BallotLookupError.notATracker("x")) { try archive.ballot(tracker: "x") }
    }

    @Test("refuses a look-up whose lines have wrong weight indices or two voters")
    func lookupFailures() throws {
        func ballot(_ old: String, _ new: String) throws -> FoundBallot {
            var files = try TallyFiles(election.archive)
            try files.replace(old, with: new, in: "ciphertexts_json")
            let folder = try PrivateFolder()
            try files.pack(to: folder.path + "/t")
            return try PublishedArchive(path: folder.path + "/t").ballot(tracker: election.trackers[1])
        }
        #expect(throws: BallotLookupError.weightIndex(line: 3, expected: 2)) { try ballot("|bea.2", "|bea.3") }
        #expect(throws: BallotLookupError.weightIndex(line: 2, expected: 1)) { try ballot("|bea.1", "|bea.2") }
        #expect(throws: BallotLookupError.otherVoter(line: 3)) { try ballot("|bea.2", "|eva.2") }
    }
}
