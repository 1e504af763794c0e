// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import HostTestSupport
import Rehearsal
import StrictJSON
import TallyArchives
import TestSupport
import Testing
import TrustStores

@Suite(
    "What `verify` finds, on a published tally", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
struct VerifyStepTests {
    private let scratch: ScratchFolder
    private let folder: RehearsalFolder
    private let record: ElectionRecord
    private let votes: VotesRecord
    private let tally: TallyRecord

    /// A rehearsal that is over but for `verify`, as if it had brought forth the tally 8.tar of the vectors.
    init() throws {
        scratch = try ScratchFolder()
        folder = RehearsalFolder(election: try #require(ElectionIdentifier("8")), dataPath: scratch.path)
        try folder.make()
        let (outer, inner) = (try PrivateFolder(), try PrivateFolder())
        _ = try ArchiveReader.unpack(
            SharedVectors.folder.appendingPathComponent("sequent/8.tar").path, into: outer.path)
        _ = try ArchiveReader.unpack("\(outer.path)/8.tar.gz", into: inner.path)
        try FileManager.default.copyItem(atPath: "\(outer.path)/8.tar.gz", toPath: folder.tallyPath)
        let keys = JSONField(try JSONValue(parsing: Self.bytes("\(inner.path)/pubkeys_json")), name: "pubkeys_json")
        let session = "0-78b10d61-d525-4aca-998f-cad2f200a1bf"
        record = ElectionRecord(
            authorities: ["a.example", "b.example"].map { .init(hostName: $0, fingerprint: Fingerprint(ofDER: [])) },
            threshold: 2, sessions: [.init(id: session, key: try PublishedKey(try #require(keys.elements().first)))],
            voteCount: nil, takesRandomVotes: false)
        votes = VotesRecord(count: 1, digest: Self.digest(try Self.bytes("\(inner.path)/ciphertexts_json")))
        tally = TallyRecord(
            url: "https://a.example/tally.tar.gz", digest: Self.digest(try Self.bytes(folder.tallyPath)))
        try folder.write(record)
        try folder.write(votes)
        try folder.write(tally)
        try encrypted("\"3\"\n")
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] { HashFunction.sha256.digest(of: bytes) }

    private func encrypted(_ lines: String) throws {
        try Data(lines.utf8).write(to: URL(fileURLWithPath: folder.plaintextsPath(question: 0)))
    }

    private func verify() async throws {
        let journal = RehearsalJournal(display: NoDisplay())
        try await Rehearsal(dataPath: scratch.path, journal: journal, patience: .seconds(1)).verify(folder.election)
        #expect(journal.report(command: "verify").steps.map(\.step) == ["verify", "compare plaintexts"])
    }

    @Test("the tally of exactly these votes under exactly these keys is accepted")
    func accepted() async throws { try await verify() }

    @Test("the result is there beside what was expected")
    func result() async throws {
        let journal = RehearsalJournal(display: NoDisplay())
        try await Rehearsal(dataPath: scratch.path, journal: journal, patience: .seconds(1)).verify(folder.election)
        let outcome = try #require(journal.facts.results?.first)
        #expect(outcome.rows.first?.name == "Example option 1")
        #expect(outcome.rows.first?.found == "1" && outcome.rows.first?.expected == "1")
        #expect(outcome.rows.suffix(3).map(\.found) == ["1", "0", "0"])
    }

    @Test("a plaintext that was not encrypted, and one that is missing, are named")
    func otherPlaintext() async throws {
        try encrypted("\"5\"\n")
        let error = await #expect(throws: RehearsalError.self) { try await verify() }
        #expect(error?.message == "question 0: 1 plaintext missing (5), 1 plaintext that nobody encrypted (3)")
    }

    @Test("a valid tally of other ballots is refused")
    func otherVotes() async throws {
        try folder.write(VotesRecord(count: 1, digest: [UInt8](repeating: 1, count: 32)))
        await #expect(throws: RehearsalError.otherVotes) { try await verify() }
    }

    @Test("a valid tally under another key than was compared is refused")
    func otherKey() async throws {
        let key = record.sessions[0].key
        let other = ElectionReply.Session(
            id: record.sessions[0].id, key: PublishedKey(g: key.g, p: key.p, q: key.q, y: key.g))
        try folder.write(
            ElectionRecord(
                authorities: record.authorities, threshold: 2, sessions: [other], voteCount: nil,
                takesRandomVotes: false))
        let error = await #expect(throws: RehearsalError.self) { try await verify() }
        guard case .notVerified(let failures)? = error else {
            Issue.record("another error: \(String(describing: error))"); return
        }
        #expect(failures.count == 1 && failures[0].contains("the joint key is"), "\(failures)")
    }

    @Test("a tally with other bytes than were announced is refused")
    func otherBytes() async throws {
        try folder.write(TallyRecord(url: tally.url, digest: [UInt8](repeating: 1, count: 32)))
        let error = await #expect(throws: RehearsalError.self) { try await verify() }
        guard case .tallyHash? = error else { Issue.record("another error: \(String(describing: error))"); return }
    }
}
