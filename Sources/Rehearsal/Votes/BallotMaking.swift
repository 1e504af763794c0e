// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import ElGamal
import Foundation
import GroupArithmetic
import Synchronization
import TrustStores

/// Makes the votes file of a rehearsal, batch by batch: while one is computed the last one is hashed and written.
package struct BallotMaking: Sendable {
    /// One a question, in order.
    package let keys: [PublicKey]
    package let source: VoteSource
    package let count: Int
    /// Where the votes file goes.
    package let votesPath: String
    /// Where the plaintexts go, one path a question: lines as in plaintexts_json, in the order of the ballots.
    package let plaintextPaths: [String]

    /// Choices that are in memory at once, three times over: one batch in work, one on its way to the disk, one in between.
    private let batchCount: Int

    /// - Precondition: `count` is positive, there are as many paths as keys.
    package init(
        keys: [PublicKey], source: VoteSource, count: Int, votesPath: String, plaintextPaths: [String],
        batchCount: Int = 4096
    ) {
        precondition(count > 0 && keys.count == plaintextPaths.count, "\(count) ballots, \(plaintextPaths.count) paths")
        self.keys = keys
        self.source = source
        self.count = count
        self.votesPath = votesPath
        self.plaintextPaths = plaintextPaths
        self.batchCount = batchCount
    }

    /// Powers of each base that its table is sized for. The tables of more than two questions together take at most about
    /// 150 MB at 2048 bits, twice that at 3072, whatever the number of ballots.
    private var tableUses: Int { keys.count <= 2 ? count : min(count, max(1, 6000 / keys.count)) }

    /// Makes all ballots; blocks its thread, and uses all cores.
    ///
    /// - Parameter progress: called with the ballots done, after each batch.
    /// - Returns: the SHA-256 of the votes file.
    /// - Throws: ``RehearsalError/voteTooLarge(index:bits:)``, ``RehearsalError/diskSpace(path:needed:free:)`` or a `FileError`; then
    ///   there are no new files.
    package func run(progress: (Int) -> Void = { _ in }) throws -> [UInt8] {
        try check()
        let encryptions = keys.map { Encryption(under: $0, uses: tableUses) }
        let output = try BallotOutput(votesPath: votesPath, plaintextPaths: plaintextPaths)
        let issueDate = Self.issueDate(of: Date())
        let step = max(1, batchCount / keys.count)
        for start in stride(from: 0, to: count, by: step) {
            let range = start..<min(start + step, count)
            try output.write(BallotBatch(range, of: source, under: encryptions, issueDate: issueDate))
            progress(range.upperBound)
        }
        return try output.finish()
    }

    /// What ``run(progress:)`` finds out before it begins.
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
            return 4 * digits + 78 + 84 + (digits + 3)
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

    func write(_ batch: BallotBatch) throws(FileError) {
        places.wait()
        if let failure = files.withLock({ $0.failure }) {
            places.signal()
            throw failure
        }
        queue.async { [self] in
            files.withLock { files in
                guard files.failure == nil else { return }
                do throws(FileError) {
                    for lines in batch.lines { try files.votes.append(lines) }
                    for (file, pieces) in zip(files.plaintexts, batch.plaintexts) {
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
