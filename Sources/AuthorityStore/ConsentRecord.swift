// SPDX-License-Identifier: Apache-2.0

package import GRDB
import OperatorErrors

/// One question to the operator: whether this authority takes part in an election, or in one tally of it, or does with its key share
/// what the election's creator asks for.
///
/// A row is about one entry of the board for ever, named by its digest, or about one request for the share: another request is
/// another row, with another number.
package struct ConsentRecord: Codable, FetchableRecord, MutablePersistableRecord, Equatable, Sendable {
    package static let databaseTableName = "consent"

    package enum State: String, Codable, Sendable {
        case waiting
        case accepted
        case rejected
        /// It failed, or was given up, before the operator said anything.
        case over
        /// A request for the share that was accepted, and done, or rejected, and answered.
        case used
    }

    package enum Subject: String, Codable, Sendable {
        /// In the election, or in a tally.
        case participation
        case downloadShare
        case deleteShare
        case restoreShare
    }

    package var number: Int64?
    package var election: String
    /// The number of the tally; 0 for the election itself.
    package var attempt: Int
    /// SHA-256 of the entry that is decided about, in hex.
    package var proposal: String
    /// Lines of the votes file, for a tally.
    package var ballots: Int?
    package var state: State
    /// The operator's words to a rejection.
    package var reason: String?
    package var createdAt: String
    package var decidedAt: String?
    package var subject = Subject.participation
    /// SHA-256 of the certificate that asks for the share, in hex.
    package var client: String?

    package mutating func didInsert(_ inserted: InsertionSuccess) { number = inserted.rowID }

    static func create(in database: Database) throws {
        try database.create(table: databaseTableName) { table in
            table.autoIncrementedPrimaryKey("number")
            table.column("election", .text).notNull()
            table.column("attempt", .integer).notNull()
            table.column("proposal", .text).notNull()
            table.column("ballots", .integer)
            table.column("state", .text).notNull()
            table.column("reason", .text)
            table.column("createdAt", .text).notNull()
            table.column("decidedAt", .text)
            table.uniqueKey(["election", "attempt", "proposal"])
        }
    }
}

extension AuthorityDatabase {
    /// Puts a question to the operator, unless it was put already.
    package func askConsent(
        election: String, attempt: Int, proposal: String, ballots: Int?, at time: String
    ) throws -> ConsentRecord {
        try queue.write { database in
            if let asked = try Self.consent(to: proposal, attempt, of: election, in: database) { return asked }
            var record = ConsentRecord(
                election: election, attempt: attempt, proposal: proposal, ballots: ballots, state: .waiting,
                createdAt: time)
            try record.insert(database)
            return record
        }
    }

    package func consent(to proposal: String, attempt: Int, of election: String) throws -> ConsentRecord? {
        try queue.read { try Self.consent(to: proposal, attempt, of: election, in: $0) }
    }

    private static func consent(
        to proposal: String, _ attempt: Int, of election: String, in database: Database
    ) throws -> ConsentRecord? {
        try ConsentRecord.filter(
            Column("election") == election && Column("attempt") == attempt && Column("proposal") == proposal
        ).fetchOne(database)
    }

    package func consent(_ number: Int64) throws -> ConsentRecord? {
        try queue.read { try ConsentRecord.fetchOne($0, key: number) }
    }

    /// All questions about an election, or about all of them, in the order in which they were put.
    package func consents(of election: String? = nil) throws -> [ConsentRecord] {
        try queue.read { database in
            let all = ConsentRecord.order(Column("number"))
            return try (election.map { all.filter(Column("election") == $0) } ?? all).fetchAll(database)
        }
    }

    /// Writes the operator's answer down, once and for all.
    ///
    /// - Parameter proposal: the digest of what the operator was shown.
    /// - Throws: ``ConsentError``; then nothing has changed.
    package func decide(
        _ number: Int64, about proposal: String, accepts: Bool, reason: String? = nil, at time: String
    ) throws {
        try queue.write { database in
            guard var record = try ConsentRecord.fetchOne(database, key: number) else {
                throw ConsentError.unknown(number)
            }
            guard record.proposal == proposal else { throw ConsentError.changed(number) }
            guard record.state == .waiting else {
                throw ConsentError.decided(number, record.state, at: record.decidedAt ?? record.createdAt)
            }
            record.state = accepts ? .accepted : .rejected
            record.reason = reason
            record.decidedAt = time
            try record.update(database)
        }
    }

    /// Takes questions back that need no answer any more: those of one election and attempt, or all.
    package func closeConsents(of election: String? = nil, attempt: Int? = nil, at time: String) throws {
        _ = try queue.write { database in
            var open = ConsentRecord.filter(
                Column("state") == ConsentRecord.State.waiting.rawValue
                    && Column("subject") == ConsentRecord.Subject.participation.rawValue)
            if let election { open = open.filter(Column("election") == election) }
            if let attempt { open = open.filter(Column("attempt") == attempt) }
            try open.updateAll(
                database, Column("state").set(to: ConsentRecord.State.over.rawValue), Column("decidedAt").set(to: time))
        }
    }
}

/// Why an operator's answer was not taken.
package enum ConsentError: Error, Equatable, Sendable {
    case unknown(Int64)
    case decided(Int64, ConsentRecord.State, at: String)
    /// What the task is about is not what was shown.
    case changed(Int64)
}

extension ConsentError: OperatorError {
    package var message: String {
        switch self {
        case .unknown(let number): "there is no task \(number)"
        case .decided(let number, .over, let time): "task \(number) needs no answer any more since \(time)"
        case .decided(let number, let state, let time): "task \(number) was \(state.rawValue) at \(time)"
        case .changed(let number): "task \(number) is not about what was shown"
        }
    }

    package var hint: String? {
        switch self {
        case .unknown: "see what waits: eotasks --list"
        case .changed(let number): "look at it again: eotasks --show \(number)"
        case .decided: nil
        }
    }
}
