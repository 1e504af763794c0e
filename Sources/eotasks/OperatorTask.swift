// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import OperatorErrors
import Orchestration
import StrictJSON

/// A task together with exactly what it is about, read from the board on disk.
struct OperatorTask {
    let record: ConsentRecord
    let board: Board
    let request: ElectionRequest
    /// Of the whole election request, as the client wrote it.
    let requestJSON: JSONValue

    /// - Throws: ``ConsentError/changed(_:)`` if the board does not hold, at that place, the very entry that the task names.
    init(_ number: Int64, at desk: OperatorDesk) throws {
        guard let record = try desk.database.consent(number) else { throw ConsentError.unknown(number) }
        guard let board = try desk.timeline(of: record.election)?.board else { throw ConsentError.changed(number) }
        if record.subject == .participation {
            guard board.proposal(attempt: record.attempt)?.digest.hex == record.proposal else {
                throw ConsentError.changed(number)
            }
        }
        self.record = record
        self.board = board
        requestJSON = try JSONValue(parsing: board.offer.request)
        request = try ElectionRequest(requestJSON)
    }

    /// The votes that are to be tallied; nil for an election that is to be made.
    var order: TallyOrder? { board.tallyRequest(attempt: record.attempt) }

    /// A date of the voting period as the client wrote it.
    func date(_ key: String) -> String? { requestJSON[key]?.asString }
}

extension ConsentRecord {
    /// What it is that the operator decides about.
    var title: String {
        switch subject {
        case .participation:
            attempt == 0 ? "create election \(election)" : "tally \(attempt) of election \(election)"
        case .downloadShare: "give out the key share of election \(election)"
        case .deleteShare: "wipe the key share of election \(election) here"
        case .restoreShare: "take back the key share of election \(election)"
        }
    }

    /// The same for scripts.
    private var action: String {
        switch subject {
        case .participation: attempt == 0 ? "create" : "tally"
        case .downloadShare: "download_private_share"
        case .deleteShare: "delete_private_share"
        case .restoreShare: "restore_private_share"
        }
    }

    /// For lists: what has become of it.
    var outcome: String {
        switch state {
        case .waiting: "waits since \(createdAt)"
        case .accepted: "accepted \(decidedAt ?? "")"
        case .rejected: "rejected \(decidedAt ?? "")" + (reason.map { ": \(quoted($0, limit: 500))" } ?? "")
        case .over: "needs no answer since \(decidedAt ?? "")"
        case .used: "decided \(decidedAt ?? ""), and the client was told"
        }
    }

    var json: JSONObject {
        var object = JSONObject()
        object["id"] = .integer(Int(number ?? 0))
        object["action"] = .string(action)
        object["election"] = .string(election)
        object["attempt"] = .integer(attempt)
        object["proposal"] = .string(proposal)
        object["ballots"] = ballots.map { .integer($0) }
        object["state"] = .string(state.rawValue)
        object["reason"] = reason.map { .string($0) }
        object["created_at"] = .string(createdAt)
        object["decided_at"] = decidedAt.map { .string($0) }
        object["certificate"] = client.map { .string($0) }
        return object
    }
}
