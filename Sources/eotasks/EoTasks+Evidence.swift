// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import AuthorityStore
import OperatorConsole
import OperatorErrors
import Orchestration
import StrictJSON

extension EoTasks {
    func evidence(
        of election: String, to path: String, _ desk: OperatorDesk, _ configuration: HostConfiguration
    ) throws {
        guard let board = try desk.timeline(of: election)?.board else { throw UnknownElection(id: election) }
        let me = configuration.ownNumber(on: board)
        let unidentified = try desk.exportEvidence(from: board, to: path).filter { $0 != me }
            .map { board.name(of: $0) }
        let output = TextOutput.standardOutput
        let accusations = board.accusations
        if json {
            let written: JSONValue = [
                "election": .string(election), "file": .string(path), "accusations": .integer(accusations.count),
                "unidentified": .array(unidentified.map { .string($0) }),
            ]
            return output.line(written.compact)
        }
        for accusation in accusations {
            let accused = accusation.isConfession ? "itself" : board.name(of: accusation.accused)
            output.line("\(board.name(of: accusation.accuser)) accuses \(accused): \(accusation.failure.check)")
        }
        if !unidentified.isEmpty {
            let names = unidentified.joined(separator: ", ")
            TextOutput.standardError.printWarning(
                "nothing here shows that the key that signed is that of \(names), and without that this convicts nobody: "
                    + "a starting eorchestra asks it; write the evidence again then")
        }
        output.line("anybody sees what is true of it with: eoverify --evidence \(path)")
    }
}
