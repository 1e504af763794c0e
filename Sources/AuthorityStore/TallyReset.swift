// SPDX-License-Identifier: Apache-2.0

package import GRDB

/// The operator's order to end a tally that hangs. The server carries it out, at once or when it starts.
package struct TallyReset: Codable, FetchableRecord, MutablePersistableRecord, Equatable, Sendable {
    package static let databaseTableName = "reset"

    package var number: Int64?
    package var election: String
    package var attempt: Int
    /// The operator's own words.
    package var reason: String?
    package var createdAt: String
    package var doneAt: String?

    package mutating func didInsert(_ inserted: InsertionSuccess) { number = inserted.rowID }

    static func create(in database: Database) throws {
        try database.create(table: databaseTableName) { table in
            table.autoIncrementedPrimaryKey("number")
            table.column("election", .text).notNull()
            table.column("attempt", .integer).notNull()
            table.column("reason", .text)
            table.column("createdAt", .text).notNull()
            table.column("doneAt", .text)
        }
    }
}

extension AuthorityDatabase {
    package func addReset(of election: String, attempt: Int, reason: String?, at time: String) throws {
        try queue.write { database in
            var reset = TallyReset(election: election, attempt: attempt, reason: reason, createdAt: time)
            try reset.insert(database)
        }
    }

    /// Those that are yet to be carried out.
    package func openResets() throws -> [TallyReset] {
        try queue.read { try TallyReset.filter(Column("doneAt") == nil).order(Column("number")).fetchAll($0) }
    }

    package func closeReset(_ number: Int64, at time: String) throws {
        try queue.write { database in
            guard var reset = try TallyReset.fetchOne(database, key: number) else { return }
            reset.doneAt = time
            try reset.update(database)
        }
    }
}
