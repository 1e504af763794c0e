// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import MutualTLS
import Orchestration

/// An election that came out of a backup: since the backup was made, this authority may have said more than it remembers.
///
/// It says nothing before every other authority told it what they hold of its own entries: two versions of one entry are what a
/// liar signs. Then the local side of those entries is made again: steps are repeatable, as their secrets are in the backup;
/// what is not repeatable is fetched from those who have it.
extension Authority {
    /// Looks whether the election came out of a backup, and begins to ask if so.
    func beginCatchingUp(_ election: String) throws {
        guard let count = try elections[election]?.storage.restoredCount() else { return }
        elections[election]?.restoredCount = count
        elections[election]?.noteRestored()
    }

    /// Looks again at what is missing, after a peer said something.
    func catchUp(_ election: String) {
        guard var live = elections[election], live.restoredCount != nil else { return }
        let wasWaiting = !live.facts.unheard.isEmpty
        live.noteRestored()
        elections[election] = live
        guard live.facts.unheard.isEmpty else { return }
        if wasWaiting { endWaiting(live) }
        fetchOwnBlobs(of: election)
        endCatchingUp(election)
    }

    /// All have said what they hold of this authority's entries: from here on it goes on as always.
    private func endWaiting(_ live: LiveElection) {
        let election = live.board.election
        log(election, step: "restored").notice(
            "all peers have said what this authority had said since the backup",
            metadata: ["entries": "\(live.board.counts[live.me - 1] - (live.restoredCount ?? 0))"])
        settle(election)
        do {
            for task in try database.tasks(of: election)
            where task.state == .waiting && task.attempt > live.board.attempt {
                resume(task)
            }
        } catch {
            log(election).error("cannot read the queue: \(error)")
        }
    }

    /// Forgets that there was a backup, once nothing of it is left to do.
    private func endCatchingUp(_ election: String) {
        guard let live = elections[election], live.facts.unheard.isEmpty, live.facts.lost.isEmpty,
            live.entriesWithoutFiles.isEmpty
        else { return }
        do {
            try live.storage.clearRestored()
            elections[election]?.restoredCount = nil
            log(election, step: "restored").info("caught up with what was said since the backup")
        } catch {
            log(election).error("cannot note that the election has caught up: \(error)")
        }
    }

    /// Takes the result of an action whose entry stands on the board already. False if it is a new entry's.
    func takeAsMadeAgain(_ content: EntryContent) -> Bool {
        guard let live = elections[content.election],
            let said = live.board.entry(
                content.kind, attempt: content.attempt, session: content.session, by: live.me),
            live.facts.lost.contains(said.digest)
        else { return false }
        let log = log(content.election, step: content.kind.rawValue, session: content.session)
        guard said.content.payload == content.payload, Set(said.content.blobs) == Set(content.blobs) else {
            let failure = Failure(
                check: "restored.differs", accused: live.me,
                message: "\(peers.ownName), restored from a backup, finds something else than it had said")
            fail(content.election, attempt: content.attempt, failure)
            return true
        }
        log.info("made again what was said since the backup")
        elections[content.election]?.madeAgain.insert(said.digest)
        catchUp(content.election)
        settle(content.election)
        return true
    }

    /// Fetches files of own entries that cannot be made again, from whoever fetched them before.
    private func fetchOwnBlobs(of election: String) {
        guard let live = elections[election] else { return }
        for entry in live.entriesWithoutFiles {
            guard elections[election]?.fetching.insert(entry.digest).inserted == true else { continue }
            spawn { await $0.fetchOwnBlobs(of: entry, in: election) }
        }
    }

    private func fetchOwnBlobs(of entry: Entry, in election: String) async {
        defer { elections[election]?.fetching.remove(entry.digest) }
        let (attempt, session) = (entry.content.attempt, entry.content.session)
        // Without its seed a committed permutation cannot be mixed by.
        if let live = elections[election], entry.content.kind == .permutation,
            live.board.entry(.shuffle, attempt: attempt, session: session, by: live.me) == nil
        {
            return fail(election, attempt: attempt, .missingSeed(of: live.me, on: live.board))
        }
        let log = log(election, step: entry.content.kind.rawValue, session: entry.content.session)
        /// Rounds in which every other authority said that it has not got them.
        var refusals = 0
        while !Task.isCancelled, let live = elections[election],
            live.board.failure(attempt: entry.content.attempt) == nil
        {
            var refused = 0
            for author in live.board.parties where author != live.me {
                do {
                    try await fetch(entry, live, from: live.board.name(of: author))
                    log.info("has its own files back", metadata: ["peer": "\(live.board.name(of: author))"])
                    elections[election]?.problem = nil
                    settle(election)
                    endCatchingUp(election)
                    return
                } catch {
                    if case PeerClientError.status(_, 404, _) = error { refused += 1 }
                    if refusals == 0 { log.warning("a peer cannot give own files back: \(error)") }
                }
            }
            refusals = refused == live.board.partyCount - 1 ? refusals + 1 : 0
            if refusals == Self.refusalLimit {
                let failure = Failure(
                    check: "restored.files", accused: live.me,
                    message: "\(peers.ownName) lost files that it had made, and nobody has them: a backup was restored")
                return fail(election, attempt: attempt, failure)
            }
            elections[election]?.problem =
                "files that it made are gone since a backup was restored, and no other authority has given them back"
            try? await Task.sleep(for: .seconds(3))
        }
    }

    /// Three seconds each: somebody may be fetching the files from somebody else.
    private static let refusalLimit = 20

    private func fetch(_ entry: Entry, _ live: LiveElection, from host: String) async throws {
        for blob in entry.content.blobs where live.storage.blob(blob.digest) == nil {
            let file = live.storage.partialBlob(blob.digest)
            try await link.fetchBlob(blob, of: live.board.election, from: host, to: file)
            try await digesting.run { [storage = live.storage] in
                try storage.completeBlob(blob.digest, named: blob.name)
            }
        }
        guard let session = entry.content.session else { return }
        let id = live.board.offer.sessions[session].id
        let folder = try live.storage.proofFolder(session: id, attempt: entry.content.attempt)
        for blob in entry.content.blobs { try live.storage.place(blob, in: folder) }
    }

    /// What is said of an authority that waits, in words that go on after its name.
    func catchingUp(_ live: LiveElection) -> String? {
        guard !live.facts.unheard.isEmpty else { return nil }
        let names = live.facts.unheard.sorted().map { live.board.name(of: $0) }.joined(separator: ", ")
        return "restored from a backup, and waits to hear from \(names) what it had said since"
    }
}
