// SPDX-License-Identifier: Apache-2.0

package import GRDB

/// What the operator told this authority: to go on without some of the others after one tally of an election.
package struct AbsenceRecord: Codable, FetchableRecord, MutablePersistableRecord, Equatable, Sendable {
    package static let databaseTableName = "absence"

    package enum State: String, Codable, Sendable {
        /// The server has not taken it up yet.
        case waiting
        /// It stands on the board.
        case said
        /// The tally had ended, or the server could not say it.
        case over
    }

    package var number: Int64?
    package var election: String
    /// The number of the tally that cannot go on; 0 before the first.
    package var attempt: Int
    /// Host names in the order of the parties, separated by spaces.
    package var hosts: String
    package var state: State
    package var createdAt: String

    package init(election: String, attempt: Int, hosts: [String], createdAt: String) {
        self.election = election
        self.attempt = attempt
        self.hosts = hosts.joined(separator: " ")
        state = .waiting
        self.createdAt = createdAt
    }

    package var hostNames: [String] { hosts.split(separator: " ").map(String.init) }

    package mutating func didInsert(_ inserted: InsertionSuccess) { number = inserted.rowID }

    static func create(in database: Database) throws {
        try database.create(table: databaseTableName) { table in
            table.autoIncrementedPrimaryKey("number")
            table.column("election", .text).notNull()
            table.column("attempt", .integer).notNull()
            table.column("hosts", .text).notNull()
            table.column("state", .text).notNull()
            table.column("createdAt", .text).notNull()
        }
    }
}

extension AuthorityDatabase {
    package func addAbsence(_ record: AbsenceRecord) throws {
        try queue.write { database in
            var record = record
            try record.insert(database)
        }
    }

    /// What the server has yet to take up, in order.
    package func waitingAbsences() throws -> [AbsenceRecord] {
        try queue.read { database in
            try AbsenceRecord.filter(Column("state") == AbsenceRecord.State.waiting.rawValue)
                .order(Column("number")).fetchAll(database)
        }
    }

    package func setAbsence(_ number: Int64, state: AbsenceRecord.State) throws {
        try queue.write { database in
            guard var record = try AbsenceRecord.fetchOne(database, key: number) else { return }
            record.state = state
            try record.update(database)
        }
    }
}
