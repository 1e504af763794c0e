// SPDX-License-Identifier: Apache-2.0

import DurableFiles
package import Elections
import Foundation
import StrictJSON
import TrustStores

/// What the steps of one rehearsal hand on to each other: EOTEST_DATA_PATH/ELECTION/, for its owner alone.
///
///     election.json       the authorities and the keys that were compared
///     ciphertexts_json    the votes file
///     plaintexts-0 …      what was encrypted, for each question
///     expected.json       what the choices were to give, if votes were choices
///     votes.json          how many ballots, and the votes file's digest
///     tally.tar.gz        the tally as it was downloaded
///     tally.json          what the authority said of it
///     scratch/            the tally unpacked, while it is verified
///     lock                held by the one step that is at work
package struct RehearsalFolder: Sendable {
    package let election: ElectionIdentifier
    package let path: String

    package init(election: ElectionIdentifier, dataPath: String) {
        self.election = election
        path = "\(dataPath)/\(election.text)"
    }

    package var votesPath: String { "\(path)/\(Self.votesFile)" }
    package var tallyPath: String { "\(path)/tally.tar.gz" }
    package func plaintextsPath(question: Int) -> String { "\(path)/plaintexts-\(question)" }

    package static let votesFile = "ciphertexts_json"

    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    package func make() throws { try DurableFile.makeFolder(path, mode: 0o700) }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Runs `body` while no other process works here.
    ///
    /// - Throws: ``RehearsalError/busy(id:)`` if one does, ``RehearsalError/noElection(id:)`` where there is nothing to work on.
    package func locked<Result>(_ body: () async throws -> Result) async throws -> Result {
        guard exists else { throw RehearsalError.noElection(id: election.text) }
        let holder: Holder
        do throws(FileError) {
            holder = Holder(try FileLock(path: "\(path)/lock", timeout: .zero))
        } catch {
            throw error.reason == EWOULDBLOCK ? RehearsalError.busy(id: election.text) : error
        }
        defer { withExtendedLifetime(holder) {} }
        return try await body()
    }

    private final class Holder {
        private let lock: FileLock
        init(_ lock: consuming FileLock) { self.lock = lock }
    }

    /// Runs `body` with an empty folder, which is gone afterwards; what an interrupted run has left there goes first.
    ///
    /// - Precondition: inside of ``locked(_:)``.
    package func withScratch<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let scratch = "\(path)/scratch"
        try? FileManager.default.removeItem(atPath: scratch)
        try DurableFile.makeFolder(scratch, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        return try await body(scratch)
    }

    // MARK: Records

    package func electionRecord() throws -> ElectionRecord {
        guard let record = try read(ElectionRecord.self) else { throw RehearsalError.noElection(id: election.text) }
        return record
    }

    package func votesRecord() throws -> VotesRecord {
        _ = try electionRecord()
        guard let record = try read(VotesRecord.self) else {
            throw RehearsalError.missing(what: "votes file", step: "encrypt", id: election.text)
        }
        return record
    }

    package func tallyRecord() throws -> TallyRecord {
        _ = try votesRecord()
        guard let record = try read(TallyRecord.self) else {
            throw RehearsalError.missing(what: "tally", step: "tally", id: election.text)
        }
        return record
    }

    /// Nil where votes were no choices.
    package func expectedResult() throws -> ExpectedResult? { try read(ExpectedResult.self) }

    package func write(_ record: some RehearsalRecord) throws {
        try DurableFile.write(record.json.indentedBytes, to: "\(path)/\(type(of: record).fileName)", mode: 0o600)
    }

    /// Takes away what later steps made, so that they cannot go on from a file that does not fit any more.
    package func forget<Record: RehearsalRecord>(_ record: Record.Type) throws {
        try DurableFile.remove("\(path)/\(Record.fileName)")
    }

    private func read<Record: RehearsalRecord>(_ record: Record.Type) throws -> Record? {
        guard let bytes = try DurableFile.read("\(path)/\(Record.fileName)", limit: 256 << 20) else { return nil }
        do {
            return try Record(
                JSONField(JSONValue(parsing: bytes, limits: JSONLimits(byteCount: 256 << 20)), name: Record.fileName))
        } catch let error as JSONSyntaxError {
            throw RehearsalError.damaged(file: Record.fileName, reason: error.message)
        } catch let error as JSONShapeError {
            throw RehearsalError.damaged(file: Record.fileName, reason: error.message)
        }
    }
}
