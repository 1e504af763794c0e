// SPDX-License-Identifier: Apache-2.0

import Counting
package import Elections
import Foundation
import OperatorErrors
import PublishedTallies
import StrictJSON

/// How far a verification is: its parts with the time that each takes in proportion.
private struct VerificationWork {
    let total: Int
    private var ballots = 0
    private var checks = 0
    private let questionCount: Int

    init(_ record: ElectionRecord) {
        questionCount = record.sessions.count
        let proofs = record.threshold * 2 * Self.shuffleWeight + record.authorities.count * Self.decryptionWeight
        total = questionCount * (Self.ballotsWeight + proofs)
    }

    private static let (ballotsWeight, shuffleWeight, decryptionWeight) = (4, 4, 2)

    var done: Int { min(ballots + checks, total) }

    mutating func take(_ progress: VerificationProgress) {
        switch progress {
        case .ballots(let done, let total): ballots = questionCount * Self.ballotsWeight * done / max(total, 1)
        case .checked(let check):
            switch check.name {
            case .permutation, .shuffle: checks += Self.shuffleWeight
            case .decryption: checks += Self.decryptionWeight
            default: break
            }
        }
    }
}

extension Rehearsal {
    /// Verifies the downloaded tally universally, and compares its plaintexts with what was encrypted.
    ///
    /// - Throws: ``RehearsalError`` for the first thing that does not hold.
    package func verify(_ election: ElectionIdentifier) async throws {
        let folder = folder(election)
        try await folder.locked {
            try await folder.withScratch { try await verify(folder, scratch: $0) }
        }
    }

    private func verify(_ folder: RehearsalFolder, scratch: String) async throws {
        let record = try folder.electionRecord()
        let (votes, tally) = (try folder.votesRecord(), try folder.tallyRecord())
        let chosen = try folder.expectedResult()
        learn(record, of: folder.election)
        journal.learn { facts in
            facts.votes = votes.count
            facts.votesHash = DigestURI.text(of: votes.digest)
            facts.tally = folder.tallyPath
            facts.tallyHash = DigestURI.text(of: tally.digest)
        }
        try Self.requireSpace(for: folder, in: scratch)
        let tallied = try await journal.step(.verify, "verifying the tally", votes: votes.count) {
            try await Self.onOwnThread { [journal] in
                let archive = try Self.unpacked(folder, tally, scratch: scratch)
                do { return try Self.verified(archive, record, journal) } catch {
                    // Whatever else is wrong with it, what it says is shown.
                    if let tally = archive.tallies.first { self.learnResults(folder, record, chosen, of: tally) }
                    throw error
                }
            }
        } detail: {
            "\($0.checkCount) checks passed"
        }
        try await journal.step(.comparePlaintexts, "comparing the plaintexts", votes: votes.count) {
            try await Self.onOwnThread {
                let results = self.learnResults(folder, record, chosen, of: tallied.tally)
                try Self.compare(folder, record, votes, with: tallied.tally)
                try Self.requireExpected(results)
            }
        } detail: {
            "exactly the \(votes.count) votes that were encrypted\(record.sessions.count > 1 ? ", in each question" : "")"
        }
    }

    /// Proofs unpack to what they take packed; of the votes file, which lies here too, zlib leaves a part.
    private static func requireSpace(for folder: RehearsalFolder, in scratch: String) throws(RehearsalError) {
        let sizes = [folder.tallyPath, folder.votesPath].map { path in
            (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        }
        let needed = sizes.reduce(16 << 20, +)
        if let free = freeByteCount(at: scratch), free < needed {
            throw RehearsalError.diskSpace(path: scratch, needed: needed, free: free)
        }
    }

    /// A tally that all checks accept, unpacked as long as this lives.
    private struct VerifiedTally {
        let tally: UnverifiedTally
        let checkCount: Int
    }

    private static func unpacked(
        _ folder: RehearsalFolder, _ tally: TallyRecord, scratch: String
    ) throws -> PublishedArchive {
        let found = try digest(ofFile: folder.tallyPath)
        guard found == tally.digest else {
            throw RehearsalError.tallyHash(
                expected: DigestURI.text(of: tally.digest), found: DigestURI.text(of: found))
        }
        return try PublishedArchive(path: folder.tallyPath, scratch: scratch)
    }

    private static func verified(
        _ archive: PublishedArchive, _ record: ElectionRecord, _ journal: RehearsalJournal
    ) throws -> VerifiedTally {
        let keys = PublishedKeys.digest(of: record.sessions.map(\.key))
        var work = VerificationWork(record)
        let report = try archive.verify(options: VerificationOptions(expectedKeys: [keys])) { progress in
            work.take(progress)
            journal.progress(work.done, of: work.total)
        }
        guard report.isAccepted, let only = archive.tallies.first, archive.tallies.count == 1 else {
            throw RehearsalError.notVerified(failures: report.failures.compactMap(\.failure))
        }
        return VerifiedTally(tally: only, checkCount: report.checks.count)
    }

    /// Counts the tally, and what was encrypted; a tally that cannot be counted is told as a note.
    @discardableResult
    private func learnResults(
        _ folder: RehearsalFolder, _ record: ElectionRecord, _ chosen: ExpectedResult?, of tally: UnverifiedTally
    ) -> [QuestionOutcome] {
        do {
            let counted = try tally.counted()
            let found = try ElectionResult(counting: [counted])
            let expected = try chosen ?? Self.expected(folder, record, counted.questions)
            let results = zip(found.questions, expected.questions).map { QuestionOutcome($0, expected: $1) }
            journal.learn { $0.results = results }
            return results
        } catch {
            journal.note("the result is not shown: \((error as? any OperatorError)?.message ?? "\(error)")")
            return []
        }
    }

    /// What votes that were numbers are to give: what they mean as ballots of these questions.
    private static func expected(
        _ folder: RehearsalFolder, _ record: ElectionRecord, _ questions: [CountableQuestion]
    ) throws -> ExpectedResult {
        let encrypted = try record.sessions.indices.map { question in
            PlaintextList(
                try Data(
                    contentsOf: URL(fileURLWithPath: folder.plaintextsPath(question: question)),
                    options: .alwaysMapped))
        }
        return ExpectedResult(of: try zip(questions, encrypted).map { try CountedQuestion(counting: $0, $1) })
    }

    private static func requireExpected(_ results: [QuestionOutcome]) throws(RehearsalError) {
        for (question, outcome) in results.enumerated() {
            if let row = outcome.rows.first(where: \.differs) { throw .otherResult(question: question, row) }
        }
    }

    /// Compares the votes file and the plaintexts of every question with what this rehearsal made.
    private static func compare(
        _ folder: RehearsalFolder, _ record: ElectionRecord, _ votes: VotesRecord, with tally: UnverifiedTally
    ) throws {
        guard try digest(ofFile: "\(tally.path)/\(TallyLayout.votes)") == votes.digest else {
            throw RehearsalError.otherVotes
        }
        // Names that were changed would change the result, with every plaintext in its place.
        if !record.questions.isEmpty {
            let asked = JSONValue.array(try record.questions.map { try JSONValue(parsing: $0) }).indentedBytes
            guard try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(tally.path)/\(TallyLayout.questions)"))) == asked
            else { throw RehearsalError.otherQuestionsTallied }
        }
        for (question, session) in record.sessions.enumerated() {
            let difference = try PlaintextDifference(
                question: question, encrypted: folder.plaintextsPath(question: question),
                decrypted: "\(tally.path)/\(session.id)/\(TallyLayout.plaintexts)")
            if let difference { throw RehearsalError.plaintexts(difference) }
        }
    }
}
