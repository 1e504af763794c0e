// SPDX-License-Identifier: Apache-2.0

import GRDB
import Orchestration

/// What the operator says to requests for a key share. AUTOACCEPT_REQUESTS does not cover them.
extension ConsentRecord {
    static func addShareRequests(in database: Database) throws {
        try database.alter(table: databaseTableName) { table in
            table.add(column: "subject", .text).notNull().defaults(to: Subject.participation.rawValue)
            table.add(column: "client", .text)
        }
    }

    /// Names one request for ever; a digest like those of entries, and never one of theirs.
    private static func proposal(_ subject: Subject, _ election: String, _ client: String, number: Int) -> String {
        Digest(of: Array("share request\u{0}\(subject.rawValue)\u{0}\(election)\u{0}\(client)\u{0}\(number)".utf8)).hex
    }

    /// The question about that request as it stands, put now if it was not, or if it is done with.
    fileprivate static func aboutShare(
        _ subject: Subject, _ election: String, _ client: String, _ time: String, in database: Database
    ) throws -> ConsentRecord {
        let asked = try ConsentRecord.filter(
            Column("election") == election && Column("subject") == subject.rawValue && Column("client") == client
        ).order(Column("number")).fetchAll(database)
        if let last = asked.last, last.state != .used, last.state != .over { return last }
        var record = ConsentRecord(
            election: election, attempt: 0,
            proposal: proposal(subject, election, client, number: asked.count), state: .waiting, createdAt: time)
        record.subject = subject
        record.client = client
        try record.insert(database)
        return record
    }
}

extension AuthorityDatabase {
    /// - Parameter client: SHA-256 of the asking certificate, in hex.
    package func shareConsent(
        to subject: ConsentRecord.Subject, of election: String, client: String, at time: String
    ) throws -> ConsentRecord {
        try queue.write { try ConsentRecord.aboutShare(subject, election, client, time, in: $0) }
    }

    /// The operator's word was followed, or told: it does not count again.
    package func useConsent(_ number: Int64) throws {
        try queue.write { database in
            guard var record = try ConsentRecord.fetchOne(database, key: number) else { return }
            record.state = .used
            try record.update(database)
        }
    }
}
