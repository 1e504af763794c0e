// SPDX-License-Identifier: Apache-2.0

import Counting
package import Elections
import Foundation
import OperatorErrors
import PublishedTallies

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
        learn(record, of: folder.election)
        journal.learn { facts in
            facts.votes = votes.count
            facts.votesHash = DigestURI.text(of: votes.digest)
            facts.tally = folder.tallyPath
            facts.tallyHash = DigestURI.text(of: tally.digest)
        }
        try Self.requireSpace(for: folder, in: scratch)
        let verified = try await journal.step(.verify, "verifying the tally", votes: votes.count) {
            try await Self.onOwnThread { [journal] in
                try Self.verify(folder, record, tally, scratch: scratch, journal)
            }
        } detail: {
            "\($0.checkCount) checks passed"
        }
        try await journal.step(.comparePlaintexts, "comparing the plaintexts", votes: votes.count) {
            try await Self.onOwnThread {
                try Self.compare(folder, record, votes, with: verified.tally)
            }
        } detail: {
            "exactly the \(votes.count) votes that were encrypted\(record.sessions.count > 1 ? ", in each question" : "")"
        }
        do {
            let results = try await Self.onOwnThread { try Self.results(folder, record, of: verified.tally) }
            journal.learn { $0.results = results }
        } catch let error as any OperatorError {
            // The tally is right all the same.
            journal.note("the result is not shown: \(error.message)")
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

    private static func verify(
        _ folder: RehearsalFolder, _ record: ElectionRecord, _ tally: TallyRecord, scratch: String,
        _ journal: RehearsalJournal
    ) throws -> VerifiedTally {
        let found = try digest(ofFile: folder.tallyPath)
        guard found == tally.digest else {
            throw RehearsalError.tallyHash(
                expected: DigestURI.text(of: tally.digest), found: DigestURI.text(of: found))
        }
        let archive = try PublishedArchive(path: folder.tallyPath, scratch: scratch)
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

    /// Counts the tally, and what was encrypted.
    private static func results(
        _ folder: RehearsalFolder, _ record: ElectionRecord, of tally: UnverifiedTally
    ) throws -> [QuestionOutcome] {
        let encrypted = try record.sessions.indices.map { question in
            PlaintextList(
                try Data(
                    contentsOf: URL(fileURLWithPath: folder.plaintextsPath(question: question)),
                    options: .alwaysMapped))
        }
        return try QuestionOutcome.all(of: tally.counted(), encrypted: encrypted)
    }

    /// Compares the votes file and the plaintexts of every question with what this rehearsal made.
    private static func compare(
        _ folder: RehearsalFolder, _ record: ElectionRecord, _ votes: VotesRecord, with tally: UnverifiedTally
    ) throws {
        guard try digest(ofFile: "\(tally.path)/\(TallyLayout.votes)") == votes.digest else {
            throw RehearsalError.otherVotes
        }
        for (question, session) in record.sessions.enumerated() {
            let difference = try PlaintextDifference(
                question: question, encrypted: folder.plaintextsPath(question: question),
                decrypted: "\(tally.path)/\(session.id)/\(TallyLayout.plaintexts)")
            if let difference { throw RehearsalError.plaintexts(difference) }
        }
    }
}
