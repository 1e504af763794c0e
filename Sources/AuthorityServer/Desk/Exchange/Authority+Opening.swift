// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration
import TrustStores

extension Authority {
    /// Starts the board of an election that a peer proposes.
    func begin(_ message: ExchangeMessage, from certificate: Digest) throws {
        let id = message.election
        guard DataFolder.isName(id) else { throw StoreError.electionName(id) }
        guard try database.election(id)?.state != .deleted else { throw StoreError.electionExists(id) }
        guard let first = message.entries.first, first.content.kind == .protocol else {
            throw RequestRefusal.unknownElection(id)
        }
        guard !preparing.contains(id) else { throw StoreError.electionExists(id) }
        let board = try Board(first: first)
        guard board.election == id, peers.author(certificate: certificate, in: board.offer) != nil,
            let me = peers.author(certificate: peers.ownCertificate, in: board.offer),
            me != board.director || data.isRestored || lostBoards.contains(id),
            board.offer.parties[me - 1].signingKey == key.verifying, board.offer.parties[me - 1].name == peers.ownName
        else { throw RequestRefusal.notAParty(id) }
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
}
