// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import AuthorityStore
import OperatorConsole
import OperatorErrors
import Orchestration
import StrictJSON
import TrustStores

extension EoTasks {
    /// Tells this authority to go on without some others. What it would not take is refused here already.
    func goOn(
        without hosts: [String], in election: String, _ desk: OperatorDesk, _ configuration: HostConfiguration
    ) throws {
        guard let board = try desk.timeline(of: election)?.board,
            let me = configuration.ownNumber(on: board)
        else { throw UnknownElection(id: election) }
        let absent = try board.absence(of: hosts, as: me).absent
        let names = absent.map { board.name(of: $0) }
        try desk.database.addAbsence(
            AbsenceRecord(election: election, attempt: board.attempt, hosts: names, createdAt: currentTime()))
        let missing = board.parties.filter { other in
            other != me && !absent.contains(other) && board.absence(by: other, attempt: board.attempt) != absent
        }.map { board.name(of: $0) }
        let output = TextOutput.standardOutput
        if json {
            let said: JSONValue = [
                "election": .string(election), "attempt": .integer(board.attempt),
                "without": .array(names.map { .string($0) }),
                "still_to_say_so": .array(missing.map { .string($0) }),
            ]
            return output.line(said.compact)
        }
        output.line("this authority goes on without \(names.joined(separator: ", ")) in election \(quoted(election))")
        let leader = board.name(of: board.leader(without: absent))
        // Nobody knows which votes before a client has said so.
        let next = board.attempt == 0 ? "the client can ask \(leader) for the tally" : "the tally begins anew"
        output.line(
            missing.isEmpty
                ? "all others have said so: \(next)\(board.attempt == 0 ? " now" : " without it")"
                : "\(next) once these operators have said the same: \(missing.joined(separator: ", "))")
        if !ServerCheck(configuration).isRunning {
            TextOutput.standardError.printWarning("eorchestra is not running here: it takes this up when it starts")
        }
    }
}
