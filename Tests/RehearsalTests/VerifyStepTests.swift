// SPDX-License-Identifier: Apache-2.0

import Counting
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

    /// What the journal learned before `verify` ended with an error.
    private func failed() async throws -> (RehearsalError?, [QuestionOutcome]?) {
        let journal = RehearsalJournal(display: NoDisplay())
        let rehearsal = Rehearsal(dataPath: scratch.path, journal: journal, patience: .seconds(1))
        let error = await #expect(throws: RehearsalError.self) { try await rehearsal.verify(folder.election) }
        return (error, journal.facts.results)
    }

    @Test(
        "a plaintext that was not encrypted, and one that is missing, are named, with the result beside what was expected"
    )
    func otherPlaintext() async throws {
        try encrypted("\"5\"\n")
        let (error, results) = try await failed()
        #expect(error?.message == "question 0: 1 plaintext missing (5), 1 plaintext that nobody encrypted (3)")
        let rows = try #require(results?.first?.rows)
        #expect(
            rows[0].name == "Example option 1" && rows[0].found == "1" && rows[0].expected == "0" && rows[0].differs)
        #expect(rows.filter(\.differs).count == 2 && !rows.suffix(3).contains(where: \.differs))
    }

    /// The question of 8.tar, with the votes that were chosen by whoever made ballots of it.
    private func chose(_ plaintext: String) throws {
        let (outer, inner) = (try PrivateFolder(), try PrivateFolder())
        _ = try ArchiveReader.unpack(
            SharedVectors.folder.appendingPathComponent("sequent/8.tar").path, into: outer.path)
        _ = try ArchiveReader.unpack("\(outer.path)/8.tar.gz", into: inner.path)
        let question = try #require(
            CountableQuestion.all(in: Self.bytes("\(inner.path)/questions_json")).first)
        let counted = try CountedQuestion(counting: question, PlaintextList(Data("\"\(plaintext)\"\n".utf8)))
        try folder.write(ExpectedResult(of: [counted]))
    }

    @Test("a result that is not what the choices give is refused, though every plaintext is there that was encrypted")
    func otherChoices() async throws {
        try chose("3")
        try await verify()
        try chose("5")
        let (error, results) = try await failed()
        #expect(error?.message == "question 0: \"Example option 1\" has 1, expected 0 by what was chosen")
        #expect(results?.first?.rows.first?.differs == true)
    }

    @Test("where what is expected was damaged, nothing else stands in for it")
    func damagedExpectation() async throws {
        try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/expected.json"))
        let (error, _) = try await failed()
        guard case .damaged(file: "expected.json", _)? = error else {
            Issue.record("another error: \(String(describing: error))"); return
        }
    }

    @Test("a tally that answers other questions than were asked is refused, with the same plaintexts in it")
    func otherQuestions() async throws {
        try folder.write(
            ElectionRecord(
                authorities: record.authorities, threshold: 2, sessions: record.sessions, voteCount: nil,
                takesRandomVotes: false, questions: ElectionDraft.plainQuestions(1)))
        let (error, results) = try await failed()
        #expect(error == .otherQuestionsTallied && results?.count == 1)
    }

    @Test("eotest shows a result that is not what was expected: on the terminal, in the report, in --json")
    func shown() async throws {
        try encrypted("\"5\"\n")
        let configuration = try scratch.write("{\"EOTEST_DATA_PATH\": \"\(scratch.path)\"}", to: "eoconf.json")
        let arguments = ["verify", "8", "--config", configuration]
        let ended = try await BuiltTool("eotest").run(arguments + ["--report", scratch.path("report.html")])
        #expect(ended.status == 1 && ended.errors.contains("1 plaintext missing (5)"))
        let lines = ended.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["\"Example", "option", "1\"", "1", "0", "differs"]), "\(ended.output)")
        #expect(lines.contains(["valid", "1", "1"]), "\(ended.output)")
        let page = try scratch.text("report.html")
        #expect(page.contains("Example option 1</th><td>1</td><td>0</td><td>differs</td>"))
        #expect(page.contains("Failed: question 0: 1 plaintext missing"))
        let printed = try await BuiltTool("eotest").run(arguments + ["--json"])
        let report = try JSONValue(parsing: Array(printed.output.utf8))
        #expect(printed.status == 1 && report["ok"] == false)
        let row = report["results"]?.asArray?.first?["rows"]?.asArray?.first
        #expect(row?["found"] == "1" && row?["expected"] == "0" && row?["differs"] == true)
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
        let (error, results) = try await failed()
        guard case .notVerified(let failures)? = error else {
            Issue.record("another error: \(String(describing: error))"); return
        }
        #expect(results?.first?.rows.first?.found == "1", "what it says is shown all the same")
        #expect(failures.count == 1 && failures[0].contains("the joint key is"), "\(failures)")
    }

    @Test("a tally with other bytes than were announced is refused")
    func otherBytes() async throws {
        try folder.write(TallyRecord(url: tally.url, digest: [UInt8](repeating: 1, count: 32)))
        let error = await #expect(throws: RehearsalError.self) { try await verify() }
        guard case .tallyHash? = error else { Issue.record("another error: \(String(describing: error))"); return }
    }
}
