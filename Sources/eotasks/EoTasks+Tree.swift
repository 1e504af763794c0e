// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import AuthorityStore
import Elections
import OperatorConsole
import OperatorErrors
import Orchestration
import StrictJSON

extension EoTasks {
    /// From the board on disk: the same whether the server runs or not.
    func tree(of election: String, _ desk: OperatorDesk, _ configuration: HostConfiguration) throws {
        guard let timeline = try desk.timeline(of: election) else { throw UnknownElection(id: election) }
        let known = try KnownCertificates(configuration)
        let me = known.own.flatMap { timeline.board.offer.author(certificate: $0) }
        var status = ElectionStatus(timeline, as: me ?? timeline.board.director)
        let tasks = try desk.database.consents(of: election)
        status.operatorAwaitedSince = tasks.first { $0.state == .waiting }?.createdAt
        status.awaitsShare = timeline.board.isTallyUnderWay && desk.isShareAway(timeline.board)
        let output = TextOutput.standardOutput
        guard !json else {
            guard var object = status.json.asObject else { return }
            object["tasks"] = .array(tasks.map { .object($0.json) })
            return output.line(JSONValue.object(object).compact)
        }
        for line in ElectionTree(status: status, tasks: tasks).lines { output.line(line) }
    }
}

struct UnknownElection: OperatorError {
    let id: String
    var message: String { "there is no election \(quoted(id)) here" }
    var hint: String? { "an election is here once its director has proposed it: eolog --election ID" }
}
