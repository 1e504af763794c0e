// SPDX-License-Identifier: Apache-2.0

package import Foundation
import GRDB
import Glibc

/// The embedded database: which elections there are, the queue of what clients asked for, and what operators decided. Several
/// processes may work with it at once.
///
/// Boards do not lie here: what the database says of an election is a summary, but for who may ask and whom to call back.
package struct AuthorityDatabase: Sendable {
    let queue: DatabaseQueue

    /// - Throws: ``StoreError``, `database` if the file is not a whole database any more.
    package init(file: URL) throws {
        do {
            queue = try Self.open(file)
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_FULL: throw StoreError.file("the database", operation: "write", errno: ENOSPC)
            case .SQLITE_READONLY: throw StoreError.file("the database", operation: "write", errno: EROFS)
            case .SQLITE_CANTOPEN: throw StoreError.file("the database", operation: "open", errno: EACCES)
            case .SQLITE_IOERR, .SQLITE_BUSY: throw StoreError.file("the database", operation: "use", errno: EIO)
            default: throw StoreError.database(error.message ?? "\(error.resultCode)")
            }
        }
    }

    private static func open(_ file: URL) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        let queue = try DatabaseQueue(path: file.path, configuration: configuration)
        chmod(file.path, 0o600)
        let fault = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        if let fault, fault != "ok" { throw StoreError.database(fault) }
        var migrator = DatabaseMigrator()
        migrator.registerMigration("elections and queue") { database in
            try database.create(table: "election") { table in
                table.primaryKey("id", .text)
                table.column("state", .text).notNull()
                table.column("reason", .text)
                table.column("createdAt", .text).notNull()
            }
            try database.create(table: "task") { table in
                table.autoIncrementedPrimaryKey("queueId")
                table.column("action", .text).notNull()
                table.column("election", .text).notNull().indexed()
                table.column("attempt", .integer).notNull()
                table.column("callbackUrl", .text).notNull()
                table.column("request", .blob).notNull()
                table.column("certificate", .text).notNull()
                table.column("state", .text).notNull()
                table.column("answer", .blob)
                table.column("createdAt", .text).notNull()
            }
        }
        migrator.registerMigration("consents") { try ConsentRecord.create(in: $0) }
        migrator.registerMigration("absences") { try AbsenceRecord.create(in: $0) }
        migrator.registerMigration("resets") { try TallyReset.create(in: $0) }
        migrator.registerMigration("share requests") { try ConsentRecord.addShareRequests(in: $0) }
        try migrator.migrate(queue)
        return queue
    }

    /// Writes a copy as it stands now to a new file, whoever else works with the database.
    package func copy(to file: URL) throws { try queue.vacuum(into: file.path) }

    /// Whether SQLite finds nothing wrong with the file.
    package func isSound() throws -> Bool {
        try queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") == "ok" }
    }
}
