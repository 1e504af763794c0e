// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
package import Foundation
import Logging
package import Orchestration
import TrustStores
import OperatorErrors

extension Authority {
    /// Compares boards with all peers: when something was posted, and every few seconds in case a message was lost.
    func exchangeWithPeers() async {
        var round = 0
        while !Task.isCancelled {
            // Boards at rest are compared now and then only: somebody may have been away when they came to rest.
            let includesResting = round.isMultiple(of: 15)
            var hosts: Set<String> = []
            for live in elections.values where isCompared(live, includingResting: includesResting) {
                for author in live.board.parties where author != live.me { hosts.insert(live.board.name(of: author)) }
            }
            for host in hosts where exchanging.insert(host).inserted {
                spawn { await $0.exchange(with: host, includingResting: includesResting) }
            }
            for id in lostBoards where asking.insert(id).inserted { spawn { await $0.askFor(id) } }
            stopWaiting()
            round += 1
            await exchangeBell.wait(atMost: settings.exchangeInterval)
        }
    }

    private func isCompared(_ live: LiveElection, includingResting: Bool) -> Bool {
        live.isUnderWay || lacks(live, includingResting: includingResting)
    }

    /// Whether some peer is not known to hold all of a board on which nothing is under way.
    private func lacks(_ live: LiveElection, includingResting: Bool) -> Bool {
        live.board.parties.contains { $0 != live.me && live.peerCounts[$0] != live.board.counts }
            && (includingResting || live.lastProgress + .seconds(60) > clock.now)
    }

    private func exchange(with host: String, includingResting: Bool) async {
        defer { exchanging.remove(host) }
        for (id, live) in elections where isCompared(live, includingResting: includingResting) {
            guard let author = live.board.offer.parties.firstIndex(where: { $0.name == host }).map({ $0 + 1 }),
                author != live.me
            else { continue }
            // A few turns, so that both sides end with the same board; what is still missing then comes with the next ring.
            for _ in 0..<6 {
                guard let live = elections[id], !Task.isCancelled else { return }
                let message = live.board.message(beyond: live.peerCounts[author] ?? [], disputed: live.disputed)
                do {
                    let answer = try await link.exchange(message, with: host)
                    guard answer.election == id else { break }
                    heard(host)
                    let added = take(answer, from: author)
                    guard added || elections[id]?.board.counts != answer.counts else { break }
                    guard added || elections[id]?.board.entries(beyond: answer.counts).isEmpty == false else { break }
                } catch {
                    missed(host, error)
                    return
                }
            }
        }
    }

    private func heard(_ host: String) {
        lastHeard[host] = clock.now
        if unreachable.removeValue(forKey: host) != nil {
            log.info("the peer answers again", metadata: ["peer": "\(host)"])
        }
    }

    private func missed(_ host: String, _ error: any Error) {
        guard !Task.isCancelled else { return }
        let isNew = unreachable.updateValue(words(for: error), forKey: host) == nil
        guard isNew else { return }
        log.warning("the peer does not answer: \(error)", metadata: ["peer": "\(host)"])
    }

    /// Takes what a party of the election sent. True if the board grew.
    private func take(_ message: ExchangeMessage, from sender: Int) -> Bool {
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
        switch error {
        case .equivocation, .misplaced:
            // It is not on the board on disk; the failure entry that follows carries it.
            guard var board = elections[election]?.board else { return }
            _ = try? board.append(entry)
            elections[election]?.board = board
            settle(election)
        case .differentInput(_, let input, _): elections[election]?.disputed[input.author] = input.sequence
        default: break
        }
        guard !error.isEarly, elections[election]?.refused.insert(entry.digest).inserted == true else { return }
        log(election, step: entry.content.kind.rawValue, peer: elections[election]?.board.name(of: sender)).error(
            "entry refused: \(error)")
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

    // MARK: - What peers send

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

    /// Starts the board of an election that a peer proposes.
    func begin(_ message: ExchangeMessage, from certificate: Digest) throws {
        let id = message.election
        guard let first = message.entries.first else { throw RequestRefusal.unknownElection(id) }
        guard DataFolder.isName(id) else { throw StoreError.electionName(id) }
        guard !preparing.contains(id) else { throw StoreError.electionExists(id) }
        let board = try Board(first: first)
        guard board.election == id, peers.author(certificate: certificate, in: board.offer) != nil,
            let me = peers.author(certificate: peers.ownCertificate, in: board.offer),
            me != board.director || data.isRestored || lostBoards.contains(id),
            board.offer.parties[me - 1].signingKey == key.verifying, board.offer.parties[me - 1].name == peers.ownName
        else { throw RequestRefusal.notAParty(id) }
        guard try database.election(id)?.state != .deleted else { throw StoreError.electionExists(id) }
        if try database.election(id) == nil { try database.addElection(id, at: Date.now.ISO8601Format()) }
        if data.isRestored { try data.election(id).markRestored(ownEntries: 0) }
        try open(board, as: me)
        log(id, step: "protocol", peer: board.name(of: board.director)).info("received")
    }

    /// Makes the first entry durable and the election live.
    func open(_ board: Board, as me: Int) throws {
        let storage = try data.election(board.election)
        try boards.append(board.entries[0], number: 0, to: board.election)
        var live = LiveElection(
            board: board, me: me, storage: storage, consent: try consent(of: board.election),
            arrivals: [Date()], now: clock.now)
        try live.readMark()
        lostBoards.remove(board.election)
        elections[board.election] = live
        settle(board.election)
        Task { await exchangeBell.ring() }
    }

    /// A file of an election, its votes and its tally among them, for a party of that election.
    package func blob(_ digest: Digest, of election: String, for certificate: Digest) async throws -> URL {
        guard let live = elections[election] else { throw RequestRefusal.unknownElection(election) }
        guard peers.author(certificate: certificate, in: live.board.offer) != nil else {
            throw RequestRefusal.notAParty(election)
        }
        guard let file = try live.file(digest) else { throw RequestRefusal.unknownFile }
        try await checkShown(file, digest, of: election, to: certificate)
        return file
    }
}

extension LiveElection {
    /// A file that stands on the board.
    fileprivate func file(_ digest: Digest) throws -> URL? {
        if board.entries.contains(where: { $0.content.blobs.contains { $0.digest == digest } }) {
            return storage.blob(digest)
        }
        guard board.attempt > 0 else { return nil }
        for attempt in 1...board.attempt {
            if board.tallyRequest(attempt: attempt)?.votesDigest == digest { return storage.blob(digest) }
            if board.tallyDigest(attempt: attempt) == digest { return try storage.archive(attempt: attempt) }
        }
        return nil
    }
}
