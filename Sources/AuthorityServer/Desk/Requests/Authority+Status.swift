// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
package import Elections
import Foundation
import OperatorErrors
package import Orchestration

extension Authority {
    /// What this authority says of an election to its client and its authorities.
    ///
    /// - Throws: ``RequestRefusal`` for anybody else, and for an election that is not known here.
    package func status(of election: String, for certificate: Digest) throws -> ElectionStatus {
        guard let live = elections[election] else { return try statusOfPreparation(election, for: certificate) }
        let offer = live.board.offer
        guard peers.isSame(certificate, offer.creator) || peers.author(certificate: certificate, in: offer) != nil
        else {
            throw RequestRefusal.notConcerned(election)
        }
        var status = ElectionStatus(live.timeline, as: live.me)
        status.work = live.working.map {
            work($0.action, in: live.board, for: clock.now - $0.since, counter: $0.counter)
        }
        if case .reviewBallots(let attempt) = live.working?.action, let work = status.work, work.total > 0 {
            let milestone = Milestone(kind: .ballots, attempt: attempt, session: nil, author: live.me)
            status.done += live.timeline.share(of: milestone) * work.done / work.total
        }
        status.finished = live.finished
        status.awaitsShare = live.isUnderWay && live.plan.awaited.contains(.share)
        status.transfers = transfers(to: live)
        status.problem = live.damage ?? live.problem ?? catchingUp(live)
        status.peers = live.board.parties.filter { $0 != live.me }.map { peer(live.board.name(of: $0), in: live) }
        if let attempt = live.awaitedConsent, let proposal = live.board.proposal(attempt: attempt) {
            let asked = try? database.consent(to: proposal.digest.hex, attempt: attempt, of: election)
            status.operatorAwaitedSince = asked?.createdAt ?? status.time
        }
        return status
    }

    /// Before there is a board, only the client that asked can know of the election.
    private func statusOfPreparation(_ election: String, for certificate: Digest) throws -> ElectionStatus {
        guard preparing.contains(election) else { throw RequestRefusal.unknownElection(election) }
        let isCreator = try database.tasks(of: election).contains { $0.certificate == certificate.hex }
        guard isCreator else { throw RequestRefusal.notConcerned(election) }
        return ElectionStatus(
            election: election, authority: peers.ownName, time: Date.now.ISO8601Format(), phase: .creating, attempt: 0)
    }

    private func peer(_ name: String, in live: LiveElection) -> ElectionStatus.Peer {
        let heard = lastHeard[name] ?? live.begin
        return .init(
            name: name, silentMilliseconds: Int((clock.now - heard) / .milliseconds(1)), problem: unreachable[name])
    }

    func work(
        _ action: Action, in board: Board, for time: Duration, counter: WorkCounter, isDone: Bool = false
    ) -> ElectionStatus.Work {
        let ballots = action.attempt > 0 ? board.ballotCount(attempt: action.attempt) ?? 0 : 0
        let counted = counter.value
        let total = counted.total > 0 ? counted.total : ballots
        return .init(
            name: action.name, question: action.session, author: action.author.map { board.name(of: $0) },
            milliseconds: Int(time / .milliseconds(1)), done: isDone ? total : counted.done, total: total)
    }

    /// What others are told of an error: what no rule keeps free of private paths stays in the log.
    nonisolated func words(for error: any Error) -> String {
        (error as? any OperatorError)?.message ?? "a fault that only its own log tells"
    }

    /// Files of others that are on their way here.
    private func transfers(to live: LiveElection) -> [ElectionStatus.Work] {
        live.board.entries.flatMap { entry in
            entry.content.blobs.filter { live.fetching.contains($0.digest) }.map { blob in
                let size =
                    try? FileManager.default.attributesOfItem(
                        atPath: live.storage.partialBlob(blob.digest).path)[.size] as? Int
                return .init(
                    name: blob.name, question: entry.content.session, author: live.board.name(of: entry.content.author),
                    milliseconds: 0, done: size ?? 0, total: blob.byteCount)
            }
        }
    }
}
