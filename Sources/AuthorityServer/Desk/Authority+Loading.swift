// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration
import TrustStores

extension Authority {
    /// Reads all boards back and goes on where each stood. Before anybody is answered: of what is not read yet this authority would say
    /// that it knows nothing, and a peer would begin it anew over what lies on the disk.
    package func load() {
        do {
            lostBoards = Set(try boards.lostElections())
            for id in try boards.elections() { load(id) }
            if settings.autoAccepts { try closeNeedlessQuestions() }
            try resumeTasks()
        } catch {
            log.error("cannot read the stored elections: \(error)")
        }
    }

    /// Goes on with requests of which nothing is on a board: this process was interrupted, or its disk was full.
    func resumeTasks() throws {
        for task in try database.tasks(in: .waiting) where !lostBoards.contains(task.election) {
            if let live = elections[task.election], live.board.attempt >= task.attempt {
                answerTasks(of: task.election)
            } else {
                resume(task)
            }
        }
    }

    private func load(_ id: String) {
        do {
            let storage = try data.election(id)
            let known = try storage.restoredCount()
            let (read, isSalvaged) = try readBoard(id)
            guard var board = read else {
                lostBoards.insert(id)
                return
            }
            for name in try boards.recallEvidence(on: &board) {
                log(id, step: "board").error("what \(name) signed against the rules changed on this disk")
            }
            guard let me = peers.author(certificate: peers.ownCertificate, in: board.offer) else {
                log(id).error("this authority's certificate is no longer one of the election's")
                return
            }
            guard board.offer.parties[me - 1].signingKey == key.verifying else {
                log(id).error("the signing key in DATA_PATH is not the one of this election: restore it from a backup")
                return
            }
            if try database.election(id) == nil { try database.addElection(id, at: Date.now.ISO8601Format()) }
            var live = LiveElection(
                board: board, me: me, storage: storage, consent: try consent(of: id),
                arrivals: try boards.arrivals(of: id, count: board.entries.count), now: clock.now)
            if isSalvaged { try storage.markRestored(ownEntries: min(known ?? .max, board.counts[me - 1])) }
            try live.readMark()
            if live.restoredCount == nil, live.isUnderWay {
                // DATA_PATH may be older than what was said last: an image of this machine, a disk that lied before a power cut.
                live.unheardUntil = clock.now + settings.patience
                live.noteRestored()
            }
            elections[id] = live
            catchUp(id)
            log(id).info("board loaded", metadata: ["entries": "\(board.entries.count)"])
            // Files of elections on which nothing is under way are looked at later, beside everything else.
            if live.isUnderWay { take(try performer.inspect(context(of: live)), of: id) }
            settle(id)
        } catch {
            log(id).error("cannot go on with this election: \(error)")
        }
    }

    /// The board as it lies on disk. What is damaged is moved out of the way, for the other authorities to give it back.
    ///
    /// - Returns: no board if nothing of it is left.
    private func readBoard(_ id: String) throws -> (board: Board?, isSalvaged: Bool) {
        do { return (try boards.load(id), false) } catch let error as StoreError {
            guard case .damagedEntry = error else { throw error }
            log(id).error(
                "\(error.message): this authority says nothing more before it has its board back from the others")
            return (try boards.salvage(id), true)
        }
    }
}
