// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import OperatorConsole
import OperatorErrors
import Orchestration
import StrictJSON

extension EoTasks {
    func evidence(of election: String, to path: String, _ desk: OperatorDesk) throws {
        guard let board = try desk.timeline(of: election)?.board else { throw UnknownElection(id: election) }
        try desk.exportEvidence(from: board, to: path)
        let output = TextOutput.standardOutput
        let accusations = board.accusations
        if json {
            let written: JSONValue = [
                "election": .string(election), "file": .string(path), "accusations": .integer(accusations.count),
            ]
            return output.line(written.compact)
        }
        for accusation in accusations {
            let accused = accusation.isConfession ? "itself" : board.name(of: accusation.accused)
            output.line("\(board.name(of: accusation.accuser)) accuses \(accused): \(accusation.failure.check)")
        }
        output.line("anybody sees what is true of it with: eoverify --evidence \(path)")
    }
}
