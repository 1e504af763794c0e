// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import GroupArithmetic
import OperatorErrors
import Orchestration
import StrictJSON
import TrustStores

/// A task as an operator reads it before deciding. Titles and questions are foreign text.
struct TaskRendering {
    let task: OperatorTask
    let peers: KnownCertificates
    let isFull: Bool

    private var board: Board { task.board }

    var lines: [String] {
        var fields: [(String, String)] = [
            ("task", "\(task.record.number ?? 0): \(task.record.title)"), ("state", task.record.outcome),
        ]
        if let client = task.record.client {
            fields.append(("asked by", "\(Digest(hex: client).map(peers.name(of:)) ?? ""), certificate \(client)"))
        } else {
            fields.append(("request", "SHA-256 \(task.record.proposal), the same at every authority"))
        }
        fields += [
            ("director", board.name(of: board.director)),
            ("client", "\(peers.name(of: board.offer.creator)), certificate \(board.offer.creator.hex)"),
            ("title", quoted(task.request.title, limit: 400)),
            ("voting", "from \(date("start_date")) to \(date("end_date"))"),
            ("group", group), ("threshold", "\(board.threshold) of \(board.partyCount)"),
        ]
        if task.request.requiresBoundProofs {
            fields.append(("ballots' proofs", "bound to voter, question and key; others are refused"))
        }
        if let order = task.order {
            fields += [
                ("ballots", "\(task.record.ballots ?? 0) lines in the votes file"),
                ("votes hash", DigestURI.text(of: order.votesDigest.bytes)),
                ("votes file", quoted(order.votesURL, limit: 2000)),
            ]
        }
        if board.isFurther(attempt: task.record.attempt) {
            fields.append(
                (
                    "warning",
                    "ballots of this election were decrypted before; accept only if these were cast by other voters"
                ))
        }
        let width = (fields.map(\.0.count).max() ?? 0) + 2
        var lines = fields.map { name, value in
            name + String(repeating: " ", count: width - name.count) + value
        }
        lines.append("authorities, with the SHA-256 of their certificates")
        for party in board.offer.parties {
            lines.append("  \(party.name)\(party.certificate == peers.own ? ", this authority" : "")")
            lines.append("    \(party.certificate.hex)\(mark(of: party))")
        }
        lines.append("questions")
        for (index, question) in task.request.questions.enumerated() { lines += self.lines(question, index) }
        if isFull {
            lines.append("sessions")
            for session in board.offer.sessions { lines.append("  \(quoted(session.id))") }
            lines.append("the whole request")
            lines += wholeRequest
        }
        return lines
    }

    private func date(_ key: String) -> String { task.date(key).map { quoted($0) } ?? "a day that is not given" }

    private var group: String {
        (try? ProtocolInfo(parsing: board.offer.sessions[0].protocolInfo))?.group.name ?? "unknown"
    }

    /// Warns about a certificate that is not the installed one.
    private func mark(of party: Party) -> String {
        guard party.certificate != peers.own else { return "" }
        switch peers.certificate(of: party.name) {
        case party.certificate: return ""
        case nil: return " (not installed here)"
        default: return " (another one is installed here)"
        }
    }

    private func lines(_ question: Question, _ index: Int) -> [String] {
        let numbers = ["min", "max", "num_winners"].map { question.json[$0]?.asInteger ?? 0 }
        var lines = [
            "  \(index + 1). \(quoted(question.title, limit: 400))",
            "     \(quoted(question.tallyType)), \(question.answerCount) answers, of which \(numbers[0]) to \(numbers[1]) may be chosen, winners: \(numbers[2])",
        ]
        guard isFull else { return lines }
        for answer in question.json["answers"]?.asArray ?? [] {
            lines.append("     - \(quoted(answer["text"]?.asString ?? "", limit: 400))")
        }
        return lines
    }

    /// Line by line without what would move a cursor.
    private var wholeRequest: [String] {
        String(decoding: task.requestJSON.indentedBytes, as: UTF8.self).split(separator: "\n").map { line in
            let safe = quoted(line, limit: Int.max).dropFirst().dropLast()
            return "  " + safe.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        }
    }

    var json: JSONValue {
        var object = task.record.json
        object["director"] = .string(board.name(of: board.director))
        object["client"] = [
            "name": .string(peers.name(of: board.offer.creator)), "fingerprint": .string(board.offer.creator.hex),
        ]
        object["title"] = .string(task.request.title)
        object["start_date"] = task.date("start_date").map { .string($0) }
        object["end_date"] = task.date("end_date").map { .string($0) }
        object["group"] = .string(group)
        object["threshold"] = .integer(board.threshold)
        object["authorities"] = .array(
            board.offer.parties.map { ["name": .string($0.name), "fingerprint": .string($0.certificate.hex)] })
        object["questions"] = .array(task.request.questions.map(\.json))
        if let order = task.order {
            object["votes_hash"] = .string(DigestURI.text(of: order.votesDigest.bytes))
            object["further"] = .bool(board.isFurther(attempt: task.record.attempt))
            object["votes_url"] = .string(order.votesURL)
        }
        if isFull {
            object["sessions"] = .array(board.offer.sessions.map { .string($0.id) })
            object["whole_request"] = task.requestJSON
        }
        return .object(object)
    }
}
