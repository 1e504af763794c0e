// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorConsole
import OperatorErrors
import Orchestration
import TallyArchives

/// `eoverify --evidence FILE`: whom a board accuses of what, and what of it anybody can see.
struct EvidenceMode {
    let path: String
    let scratch: String
    let json: Bool
    private let output = TextOutput.standardOutput

    init(path: String, scratch: String, json: Bool) {
        self.path = path
        self.scratch = scratch
        self.json = json
    }

    func run() throws {
        _ = try ArchiveReader.unpack(path, into: scratch)
        let evidence = try Evidence(folder: URL(filePath: scratch))
        let board = evidence.board
        guard !board.accusations.isEmpty else { throw EvidenceError.noAccusation }
        if !json {
            output.line("election \(quoted(board.election))")
            for party in board.offer.parties {
                let voucher =
                    evidence.certificate(of: party) == nil ? "  (does not vouch here for the key that signs)" : ""
                output.line("certificate   \(party.certificate.hex)  \(quoted(party.name))\(voucher)")
            }
        }
        let findings = board.accusations.map { ($0, evidence.finding(on: $0)) }
        if json {
            try output.printJSON(EvidenceJSON(board, findings))
        } else {
            for (accusation, finding) in findings { output.line(line(accusation, finding, board)) }
        }
        let isProven = findings.contains { if case .proven = $0.1 { true } else { false } }
        guard isProven else { throw NothingProven(path: path) }
    }

    private func line(_ accusation: Accusation, _ finding: Finding, _ board: Board) -> String {
        let word =
            switch finding {
            case .proven: output.painted("proven", .red)
            case .refuted: output.painted("refuted", .yellow)
            case .open: "open"
            }
        return "\(word)  \(quoted(board.name(of: accusation.accused))) (\(quoted(accusation.failure.check)), says "
            + "\(quoted(board.name(of: accusation.accuser)))): \(finding.reason)"
    }
}

/// The file convicts nobody.
struct NothingProven: OperatorError {
    let path: String

    var message: String { "the evidence proves nothing against anybody" }
}

extension Finding {
    var reason: String {
        switch self {
        case .proven(let reason), .refuted(let reason), .open(let reason): reason
        }
    }

    fileprivate var word: String {
        switch self {
        case .proven: "proven"
        case .refuted: "refuted"
        case .open: "open"
        }
    }
}

private struct EvidenceJSON: Encodable {
    struct Party: Encodable {
        let name: String
        let certificate: String
    }

    struct Accusation: Encodable {
        let accused: String
        let accuser: String
        let check: String
        /// `proven`, `refuted` or `open`.
        let finding: String
        let reason: String
    }

    let election: String
    let authorities: [Party]
    let accusations: [Accusation]

    init(_ board: Board, _ findings: [(Orchestration.Accusation, Finding)]) {
        election = board.election
        authorities = board.offer.parties.map { Party(name: $0.name, certificate: $0.certificate.hex) }
        accusations = findings.map { accusation, finding in
            Accusation(
                accused: board.name(of: accusation.accused), accuser: board.name(of: accusation.accuser),
                check: accusation.failure.check, finding: finding.word, reason: finding.reason)
        }
    }
}
