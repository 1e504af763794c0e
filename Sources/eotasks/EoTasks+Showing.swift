// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import AuthorityStore
import OperatorConsole
import OperatorErrors
import StrictJSON

extension EoTasks {
    func list(_ desk: OperatorDesk, _ configuration: HostConfiguration) throws {
        let output = TextOutput.standardOutput
        let all = try desk.database.consents()
        let waiting = all.filter { $0.state == .waiting }
        let shown = waiting + all.filter { $0.state != .waiting }.suffix(10)
        if json { return output.line(JSONValue.array(shown.map { .object($0.json) }).compact) }
        if waiting.isEmpty {
            output.line(
                configuration.acceptsAutomatically
                    ? "nothing waits for a decision: AUTOACCEPT_REQUESTS is true" : "nothing waits for a decision")
        }
        guard !shown.isEmpty else { return }
        var table = TextTable(["ID", "WHAT", "BALLOTS", "STATE"], alignments: [.right, .left, .right])
        for record in shown {
            table.add([
                "\(record.number ?? 0)", record.title, record.ballots.map(String.init) ?? "", record.outcome,
            ])
        }
        output.print(table)
    }

    func show(_ number: Int64, isFull: Bool, _ desk: OperatorDesk, _ configuration: HostConfiguration) throws {
        let task = try OperatorTask(number, at: desk)
        let rendering = TaskRendering(task: task, peers: try KnownCertificates(configuration), isFull: isFull)
        if json { return TextOutput.standardOutput.line(rendering.json.compact) }
        for line in rendering.lines { TextOutput.standardOutput.line(line) }
    }

    func decide(_ number: Int64, accepts: Bool, _ desk: OperatorDesk, _ configuration: HostConfiguration) throws {
        // Whoever accepts accepts this entry, whatever may lie there a moment later.
        let task = try OperatorTask(number, at: desk)
        let reason = reason.flatMap { $0.isEmpty ? nil : $0 }
        try desk.database.decide(
            number, about: task.record.proposal, accepts: accepts, reason: reason, at: currentTime())
        let output = TextOutput.standardOutput
        guard !json else {
            let record = try desk.database.consent(number) ?? task.record
            return output.line(JSONValue.object(record.json).compact)
        }
        output.line("\(accepts ? "accepted" : "rejected"): \(task.record.title)")
        if !ServerCheck(configuration).isRunning {
            TextOutput.standardError.printWarning("eorchestra is not running here: it takes this up when it starts")
        }
    }
}
