// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import Logging
import Orchestration
import StrictJSON

extension Authority {
    /// Writes down the answers of requests to this authority that have come to their end.
    func answerTasks(of election: String) {
        guard let live = elections[election] else { return }
        do {
            for task in try database.tasks(of: election) where task.state == .waiting {
                guard let number = task.queueId, let reply = try reply(to: task, live) else { continue }
                try database.answerTask(number, with: reply.json.compactBytes)
                Task { await answerBell.ring() }
            }
        } catch {
            log(election).error("cannot answer a request: \(error)")
        }
    }

    private func reply(to task: TaskRecord, _ live: LiveElection) throws -> ElectionReply? {
        let board = live.board
        guard let id = ElectionIdentifier(board.election) else { return nil }
        switch task.action {
        case .createElection:
            if let stop = board.failure(attempt: 0) {
                return .creationFailed(id, message: board.explanation(of: stop))
            }
            return board.isReady ? .created(id, try publishedKeys(of: board)) : nil
        case .tally:
            let attempt = board.conclusion(of: task.attempt)
            if let stop = board.failure(attempt: attempt) ?? board.failure(attempt: 0) {
                return .tallyFailed(id, message: board.explanation(of: stop))
            }
            guard board.isPublished(attempt: attempt), let digest = board.tallyDigest(attempt: attempt) else {
                return nil
            }
            let address = try address(ofTally: attempt, live)
            return .tallied(
                id, url: "\(address)/public_data/\(board.election)/\(board.archivePath(attempt: attempt))tally.tar.gz",
                digest: digest.bytes)
        }
    }

    /// Of this authority; or if the others tallied without it, of the one that led them.
    private func address(ofTally attempt: Int, _ live: LiveElection) throws -> String {
        let board = live.board
        guard board.roster(attempt: attempt).absent.contains(live.me) else { return settings.address }
        let info = try ProtocolInfo(parsing: board.offer.sessions[0].protocolInfo)
        return "https://\(info.parties[board.opener(attempt: attempt) - 1].hint)"
    }

    /// The keys as this authority published them itself.
    private func publishedKeys(of board: Board) throws -> [ElectionReply.Session] {
        try board.offer.sessions.map { session in
            let file = data.publicFolder.appending(path: "\(board.election)/\(session.id)/publicKey_json")
            let json = try JSONValue(parsing: Array(Data(contentsOf: file)))
            return .init(id: session.id, key: try PublishedKey(JSONField(json, name: "publicKey_json")))
        }
    }

    /// Posts answers to the callback addresses, with a bounded number of tries each.
    func answerClients() async {
        while !Task.isCancelled {
            do {
                try resumeTasks()
                for task in try database.tasks(in: .answered) {
                    guard let number = task.queueId, calling.insert(number).inserted else { continue }
                    spawn { await $0.callBack(task, number: number) }
                }
            } catch {
                log.error("cannot read the queue: \(error)")
            }
            await answerBell.wait(atMost: .seconds(30))
        }
    }

    private func callBack(_ task: TaskRecord, number: Int64) async {
        defer { calling.remove(number) }
        let log = log(task.election, step: "callback")
        for delay in [.zero] + settings.callbackDelays {
            do {
                try await Task.sleep(for: delay)
                try await link.callBack(task.callbackUrl, with: Array(task.answer ?? Data()))
                try database.setTask(number, state: .calledBack)
                log.info("the client took the answer", metadata: ["queue_id": "\(number)"])
                return
            } catch is CancellationError {
                return
            } catch {
                log.warning("the client does not take the answer: \(error)", metadata: ["queue_id": "\(number)"])
            }
        }
        log.error("nobody took the answer", metadata: ["queue_id": "\(number)"])
        try? database.setTask(number, state: .givenUp)
    }

    /// As director: ends key generations in which an authority is silent for too long.
    func keepWatch() async {
        while !Task.isCancelled {
            for (id, live) in elections
            where live.me == live.board.director && !live.board.isReady && !live.board.isStopped {
                let quiet = clock.now - live.lastProgress
                guard quiet > settings.patience, let silent = silentParty(in: live, for: quiet) else { continue }
                let seconds = Int(quiet / .seconds(1))
                let name = live.board.name(of: silent)
                let reason = unreachable[name].map { ": \($0)" } ?? ""
                fail(
                    id, attempt: 0,
                    Failure(
                        check: "creation.timeout", accused: silent,
                        message:
                            "\(name) did not answer for \(seconds) seconds while the key was made\(reason)"
                    ))
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// An authority that is awaited and either cannot be heard or takes too long.
    private func silentParty(in live: LiveElection, for quiet: Duration) -> Int? {
        for case .entry(let kind, _, let author) in live.plan.awaited {
            // Its operator may take any time; so it may be away for a while, once it has the proposal.
            let hasProposal =
                (live.peerCounts[author]?[live.board.director - 1] ?? 0) > 0
                || live.proposalAge > settings.longPatience
            let isDeciding = kind == .countersignature && hasProposal
            let heard = lastHeard[live.board.name(of: author)]
            let limit = isDeciding ? settings.longPatience : settings.patience
            let isSilent = heard.map { clock.now - $0 > limit } ?? true
            if isSilent || (quiet > settings.longPatience && !isDeciding) { return author }
        }
        return nil
    }
}
