// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What the database says of an election.
package struct ElectionRecord: Codable, FetchableRecord, PersistableRecord, Equatable, Sendable {
    package static let databaseTableName = "election"

    package enum State: String, Codable, Sendable {
        /// Its id is taken; the key is being made.
        case creating
        case ready
        case tallying
        case tallied
        case failed
        /// By its operator: nothing of it is here any more, and its id stays taken.
        case deleted
    }

    package var id: String
    package var state: State
    package var reason: String?
    package var createdAt: String
}

extension AuthorityDatabase {
    /// Takes an election's id.
    ///
    /// - Throws: ``StoreError/electionExists(_:)``.
    package func addElection(_ id: String, at time: String) throws {
        try queue.write { database in
            guard try ElectionRecord.fetchOne(database, key: id) == nil else { throw StoreError.electionExists(id) }
            try ElectionRecord(id: id, state: .creating, createdAt: time).insert(database)
        }
    }

    package func election(_ id: String) throws -> ElectionRecord? {
        try queue.read { try ElectionRecord.fetchOne($0, key: id) }
    }

    package func setElection(_ id: String, state: ElectionRecord.State, reason: String? = nil) throws {
        try queue.write { database in
            guard var record = try ElectionRecord.fetchOne(database, key: id) else { return }
            guard record.state != state || record.reason != reason else { return }
            record.state = state
            record.reason = reason
            try record.update(database)
        }
    }

    /// Remembers of an election that it was here, so that peers do not bring it back.
    package func markDeleted(_ id: String, at time: String) throws {
        try queue.write { database in
            let old = try ElectionRecord.fetchOne(database, key: id)
            try ElectionRecord(id: id, state: .deleted, createdAt: old?.createdAt ?? time).save(database)
        }
    }

    /// Gives the id back of an election of which nothing was said to anybody.
    package func removeElection(_ id: String) throws {
        _ = try queue.write { try ElectionRecord.deleteOne($0, key: id) }
    }
}
