// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import GRDB

/// One request of a client in the queue, and what became of it.
package struct TaskRecord: Codable, FetchableRecord, MutablePersistableRecord, Equatable, Sendable {
    package static let databaseTableName = "task"

    package enum State: String, Codable, Sendable {
        case waiting
        /// The answer is known and is yet to be posted to the callback address.
        case answered
        case calledBack
        /// Nobody took the callback.
        case givenUp
    }

    package enum Action: String, Codable, Sendable {
        case createElection
        case tally
    }

    package var queueId: Int64?
    package var action: Action
    package var election: String
    /// The number of the tally that it asks for; 0 for a creation.
    package var attempt: Int
    package var callbackUrl: String
    package var request: Data
    /// SHA-256 of the client's certificate, in hex.
    package var certificate: String
    package var state: State
    /// The callback's body.
    package var answer: Data?
    package var createdAt: String

    package init(
        action: Action, election: String, attempt: Int, callbackUrl: String, request: [UInt8], certificate: String,
        createdAt: String
    ) {
        self.action = action
        self.election = election
        self.attempt = attempt
        self.callbackUrl = callbackUrl
        self.request = Data(request)
        self.certificate = certificate
        state = .waiting
        self.createdAt = createdAt
    }

    package mutating func didInsert(_ inserted: InsertionSuccess) { queueId = inserted.rowID }
}

extension AuthorityDatabase {
    /// Adds a request to the queue and gives its number.
    package func addTask(_ task: TaskRecord) throws -> Int64 {
        try queue.write { database in
            var task = task
            try task.insert(database)
            return task.queueId ?? database.lastInsertedRowID
        }
    }

    package func tasks(in state: TaskRecord.State) throws -> [TaskRecord] {
        try queue.read { database in
            try TaskRecord.filter(Column("state") == state.rawValue).order(Column("queueId")).fetchAll(database)
        }
    }

    package func tasks(of election: String) throws -> [TaskRecord] {
        try queue.read { database in
            try TaskRecord.filter(Column("election") == election).order(Column("queueId")).fetchAll(database)
        }
    }

    package func answerTask(_ number: Int64, with body: [UInt8]) throws {
        try queue.write { database in
            guard var task = try TaskRecord.fetchOne(database, key: number), task.state == .waiting else { return }
            task.state = .answered
            task.answer = Data(body)
            try task.update(database)
        }
    }

    package func setTask(_ number: Int64, state: TaskRecord.State) throws {
        try queue.write { database in
            guard var task = try TaskRecord.fetchOne(database, key: number) else { return }
            task.state = state
            try task.update(database)
        }
    }
}
