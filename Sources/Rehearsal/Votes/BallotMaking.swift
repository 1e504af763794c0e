// SPDX-License-Identifier: Apache-2.0

import Counting
import Dispatch
import DurableFiles
package import ElGamal
package import Elections
import Foundation
import GroupArithmetic
import Synchronization
import TrustStores

/// Makes the votes file of a rehearsal, batch by batch: while one is computed the last one is hashed and written.
package struct BallotMaking: Sendable {
    /// One a question, in order.
    package let keys: [PublicKey]
    /// One a question, for ballots with bound proofs.
    private let contexts: [BallotContext]?
    package let source: VoteSource
    package let count: Int
    /// Where the votes file goes.
    package let votesPath: String
    /// Where the plaintexts go, one path a question: lines as in plaintexts_json, in the order of the ballots.
    package let plaintextPaths: [String]

    /// Choices that are encrypted together: the more, the less each costs.
    private let batchCount: Int
    /// Choices that are texts in memory at once, three times over: some in work, some on their way to the disk, some in between.
    private static let textCount = 4096

    /// - Parameter election: the ballots get proofs that are bound to this election; nil for ballots without such proofs.
    /// - Precondition: `count` is positive, there are as many paths as keys.
    package init(
        keys: [PublicKey], boundTo election: ElectionIdentifier? = nil, source: VoteSource, count: Int,
        votesPath: String, plaintextPaths: [String], batchCount: Int = 16384
    ) {
        precondition(count > 0 && keys.count == plaintextPaths.count, "\(count) ballots, \(plaintextPaths.count) paths")
        self.keys = keys
        contexts = election.map { election in
            keys.enumerated().map { BallotContext(key: $1, election: election.text, question: $0) }
        }
        self.source = source
        self.count = count
        self.votesPath = votesPath
        self.plaintextPaths = plaintextPaths
        self.batchCount = batchCount
    }

    /// Makes all ballots; blocks its thread, and uses all cores.
    ///
    /// - Parameter progress: called with the ballots done, after each batch.
    /// - Throws: what ``check()`` does, or a `FileError`; then there are no new files.
    package func run(progress: (Int) -> Void = { _ in }) throws -> MadeBallots {
        try check()
        var counters = source.counters
        let encryptions = keys.map { Encryption(under: $0) }
        let output = try BallotOutput(votesPath: votesPath, plaintextPaths: plaintextPaths)
        let issueDate = Self.issueDate(of: Date())
        for range in Self.parts(of: 0..<count, atMost: max(1, batchCount / keys.count)) {
            let batch = BallotBatch(range, of: source, under: encryptions, bound: contexts, issueDate: issueDate)
            for question in counters.indices {
                for choices in batch.choices[question] { try counters[question].add(choices) }
            }
            for part in Self.parts(of: range, atMost: max(1, Self.textCount / keys.count)) {
                try output.write(batch.texts(of: part))
                progress(part.upperBound)
            }
        }
        let expected = counters.isEmpty ? nil : ExpectedResult(of: try counters.map { try $0.result() })
        return MadeBallots(digest: try output.finish(), expected: expected)
    }

    /// Consecutive ranges of about one length.
    private static func parts(of range: Range<Int>, atMost longest: Int) -> [Range<Int>] {
        let number = (range.count + longest - 1) / longest
        return (0..<number).map {
            range.lowerBound + range.count * $0 / number..<range.lowerBound + range.count * ($0 + 1) / number
        }
    }

    /// What ``run(progress:)`` finds out before it begins: votes that do not fit their group, and a disk that is too small.
    package func check() throws(RehearsalError) {
        try source.check(fits: keys.map(\.group))
        let folder = (votesPath as NSString).deletingLastPathComponent
        if let free = freeByteCount(at: folder), free < byteCount {
            throw .diskSpace(path: folder, needed: byteCount, free: free)
        }
    }

    /// Bytes of the votes file and the plaintexts together, at most.
    package var byteCount: Int {
        // Digits of p, quotes, names, commas; the challenge; the plaintext's line. And the date and the voter's id.
        let choices = keys.map { key in
            let digits = key.group.p.bitCount * 30103 / 100_000 + 1
            return 4 * digits + 78 + 84 + (digits + 3) + (contexts == nil ? 0 : 2 * digits + 42)
        }
        return choices.reduce(96, +) * count
    }

    /// DD/MM/YYYY, as booths write it.
    private static func issueDate(of date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.day, .month, .year], from: date)
        return String(format: "%02d/%02d/%04d", parts.day ?? 1, parts.month ?? 1, parts.year ?? 2000)
    }
}

/// A votes file that was made.
package struct MadeBallots: Sendable {
    /// SHA-256 of the votes file.
    package let digest: [UInt8]
    /// What its ballots are to give, counted from their choices; nil where votes were no choices.
    package let expected: ExpectedResult?
}

/// The files that grow while ballots are made, written by a thread of their own that is at most one batch behind.
private final class BallotOutput: Sendable {
    private struct Files {
        let votes: GrowingFile
        /// One a question.
        let plaintexts: [GrowingFile]
        var failure: FileError?
    }

    private let files: Mutex<Files>
    private let queue = DispatchQueue(label: "rehearsal.votes-file")
    private let places = DispatchSemaphore(value: 2)

    init(votesPath: String, plaintextPaths: [String]) throws(FileError) {
        var plaintexts: [GrowingFile] = []
        for path in plaintextPaths { plaintexts.append(try GrowingFile(path: path)) }
        files = Mutex(Files(votes: try GrowingFile(path: votesPath), plaintexts: plaintexts))
    }

    func write(_ texts: BallotBatch.Texts) throws(FileError) {
        places.wait()
        if let failure = files.withLock({ $0.failure }) {
            places.signal()
            throw failure
        }
        queue.async { [self] in
            files.withLock { files in
                guard files.failure == nil else { return }
                do throws(FileError) {
                    for lines in texts.lines { try files.votes.append(lines) }
                    for (file, pieces) in zip(files.plaintexts, texts.plaintexts) {
                        for lines in pieces { try file.append(lines) }
                    }
                } catch { files.failure = error }
            }
            places.signal()
        }
    }

    /// Waits for all that was written. The votes file gets its name last: with it the others are whole, too.
    func finish() throws -> [UInt8] {
        queue.sync {}
        return try files.withLock { files in
            if let failure = files.failure { throw failure }
            for file in files.plaintexts { _ = try file.finish() }
            return try files.votes.finish()
        }
    }
}
