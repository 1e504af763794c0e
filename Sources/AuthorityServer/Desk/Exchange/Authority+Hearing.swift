// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import OperatorErrors
package import Orchestration
import TrustStores

extension Authority {
    /// Answers a peer that compares its copy of a board with ours.
    package func answer(_ message: ExchangeMessage, from certificate: Digest) throws -> ExchangeMessage {
        let id = message.election
        if elections[id] == nil { try begin(message, from: certificate) }
        guard let live = elections[id], let sender = peers.author(certificate: certificate, in: live.board.offer),
            sender != live.me
        else {
            throw RequestRefusal.notAParty(id)
        }
        heard(live.board.name(of: sender))
        _ = take(message, from: sender)
        guard let live = elections[id] else { throw RequestRefusal.unknownElection(id) }
        // The sender's counts include what it just sent, and are before what we answer.
        return live.board.message(beyond: message.counts, disputed: live.disputed)
    }

    /// Takes what a party of the election sent. True if the board grew.
    func take(_ message: ExchangeMessage, from sender: Int) -> Bool {
        guard let live = elections[message.election] else { return false }
        if message.counts.count == live.board.partyCount {
            elections[message.election]?.peerCounts[sender] = message.counts
        }
        var grew = false
        for entry in message.entries {
            guard var live = elections[message.election] else { break }
            do {
                var board = live.board
                guard try board.append(entry) == .added else { continue }
                if entry.content.author == live.me, live.restoredCount == nil {
                    try markIncomplete(&live)
                    elections[message.election] = live
                }
                try boards.append(entry, number: live.board.entries.count, to: message.election)
                live.grow(to: board, now: clock.now)
                elections[message.election] = live
                grew = true
                logArrival(of: entry, in: live)
            } catch let error as BoardError {
                refuse(entry, because: error, in: message.election, from: sender)
                if error.isEarly { break }
            } catch {
                hindered(message.election, step: "board", by: error)
                break
            }
        }
        catchUp(message.election)
        if grew {
            elections[message.election]?.problem = nil
            settle(message.election)
            Task { await exchangeBell.ring() }
        }
        return grew
    }

    private func refuse(_ entry: Entry, because error: BoardError, in election: String, from sender: Int) {
        if case .differentInput(_, let input, _) = error {
            let known = elections[election]?.disputed[input.author] ?? .max
            elections[election]?.disputed[input.author] = min(known, input.sequence)
        }
        keepEvidence(in: entry, of: election)
        guard !error.isEarly, elections[election]?.refused.insert(entry.digest).inserted == true else { return }
        log(election, step: entry.content.kind.rawValue, peer: elections[election]?.board.name(of: sender)).error(
            "entry refused: \(error)")
    }

    /// What nobody signs by accident stops the board, through restarts too; the failure entry that follows shows it to the others.
    private func keepEvidence(in entry: Entry, of election: String) {
        guard var board = elections[election]?.board else { return }
        let known = board.evidence
        _ = try? board.append(entry)
        guard board.evidence != known else { return }
        // Entries that are taken because of it can be read back only with it.
        do { try boards.keepEvidence(on: board) } catch {
            return log(election, step: "board").error(
                "cannot keep what an authority signed against the rules: \(error)")
        }
        elections[election]?.board = board
        for fork in board.equivocations where elections[election]?.disputed[fork.author] ?? -1 >= fork.sequence {
            elections[election]?.disputed[fork.author] = nil
        }
        settle(election)
    }

    private func logArrival(of entry: Entry, in live: LiveElection) {
        let content = entry.content
        let log = log(
            live.board.election, step: content.kind.rawValue, session: content.session,
            peer: live.board.name(of: content.author))
        if content.kind == .failure, let failure = try? Failure(payload: content.payload) {
            log.error("the peer stopped: \(failure.message)", metadata: ["check": "\(failure.check)"])
        } else {
            log.info("received")
        }
    }
}
