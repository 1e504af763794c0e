// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import MutualTLS
import OperatorErrors
import Orchestration

extension Authority {
    /// Starts fetching the files of entries that are not here: others' from their authors, and those that this disk lost from
    /// whoever has them.
    func fetchBlobs(of election: String) {
        guard let live = elections[election] else { return }
        for entry in live.board.entries where !entry.content.blobs.isEmpty && live.needsFiles(of: entry) {
            // Its files are made again.
            if live.facts.lost.contains(entry.digest) { continue }
            let missing = entry.content.blobs.filter { blob in
                guard let live = elections[election] else { return false }
                return !live.facts.heldBlobs.contains(blob.digest) && !live.fetching.contains(blob.digest)
            }
            guard !missing.isEmpty, let count = ballotCount(for: entry, in: live) else { continue }
            if let failure = live.board.failure(ofFilesIn: entry, count: count) {
                return fail(election, attempt: entry.content.attempt, failure)
            }
            elections[election]?.fetching.formUnion(missing.map(\.digest))
            spawn { authority in
                for blob in missing { await authority.fetch(blob, of: entry, in: election) }
            }
        }
    }

    /// By which the lengths of an entry's files are judged: what this authority and the entry's author found both, so that
    /// nothing is fetched before they did.
    private func ballotCount(for entry: Entry, in live: LiveElection) -> Int? {
        let attempt = entry.content.attempt
        guard attempt > 0 else { return 0 }
        let (mine, theirs) = (live.me, entry.content.author)
        guard let review = live.board.entry(.ballots, attempt: attempt, by: mine)?.content.payload,
            review == live.board.entry(.ballots, attempt: attempt, by: theirs)?.content.payload
        else { return nil }
        return live.board.ballotCount(attempt: attempt, by: mine)
    }

    /// Tries until the file is here, nobody needs it any more, or its author has sent another one too often. Each time another authority
    /// is asked, the author first: what comes is believed for its digest, whoever sent it.
    private func fetch(_ blob: BlobReference, of entry: Entry, in election: String) async {
        var (tries, others, refusals) = (0, 0, 0)
        while !Task.isCancelled, let live = elections[election], live.needsFiles(of: entry) {
            let author = entry.content.author
            if live.storage.blob(blob.digest) == nil, live.lacksSeed(of: entry) {
                fail(election, attempt: entry.content.attempt, .missingSeed(of: live.me, on: live.board))
                break
            }
            let askable = (author == live.me ? [] : [author]) + live.others.subtracting([author]).sorted()
            let host = askable.isEmpty ? peers.ownName : live.board.name(of: askable[tries % askable.count])
            do {
                if live.storage.blob(blob.digest) == nil {
                    guard !askable.isEmpty else { throw StoreError.missingBlob(name: blob.name) }
                    try await transfer(blob, of: entry, live, from: host)
                }
                elections[election]?.facts.heldBlobs.insert(blob.digest)
                elections[election]?.fetching.remove(blob.digest)
                if tries > 0 { elections[election]?.problem = nil }
                if author == live.me { catchUp(election) }
                settle(election)
                return
            } catch {
                tries += 1
                if Self.isOwnFault(error) { hindered(election, step: "fetch", by: error) }
                if isOther(error), host == live.board.name(of: author) { others += 1 }
                if others == settings.otherFileLimit, author != live.me {
                    let failure = Failure(
                        check: "blob.content", accused: entry.content.author,
                        message: "\(host) sent \(others) times another file than the \(blob.name) that it announced")
                    fail(election, attempt: entry.content.attempt, failure)
                }
                if tries <= 3 || tries.isMultiple(of: 100) {
                    log(election, step: "fetch", peer: host).warning("cannot fetch \(blob.name) yet: \(error)")
                }
                if case PeerClientError.status(_, 404, _) = error { refusals += 1 } else { refusals = 0 }
                if author == live.me, tries >= max(1, askable.count) {
                    await lacks(entry, isRefused: refusals == settings.refusalLimit * askable.count)
                }
                try? await Task.sleep(for: tries < 5 ? .milliseconds(500) : .seconds(3))
            }
        }
        elections[election]?.fetching.remove(blob.digest)
    }

    /// Nobody has given back files that this authority had made: it makes them again, or cannot go on.
    private func lacks(_ entry: Entry, isRefused: Bool) async {
        let election = entry.content.election
        guard let live = elections[election] else { return }
        if live.isRepeatable(entry) {
            guard elections[election]?.withoutFiles.insert(entry.digest).inserted == true else { return }
            elections[election]?.madeAgain.remove(entry.digest)
            elections[election]?.noteRestored()
            await workBell.ring()
        } else if isRefused {
            let failure = Failure(
                check: "restored.files", accused: live.me,
                message: "\(peers.ownName) lost files that it had made, and nobody else has them")
            fail(election, attempt: entry.content.attempt, failure)
        } else if elections[election]?.problem == nil {
            elections[election]?.problem =
                "files that it made are gone from its disk, and no other authority has given them back"
        }
    }

    /// Whether a peer sent something that is not the file, not merely too little of it.
    private func isOther(_ error: any Error) -> Bool {
        if case StoreError.changedBlob = error { return true }
        if case PeerClientError.answerTooLarge = error { return true }
        return false
    }

    /// Fetches a file; what can be checked of it before it is whole is checked meanwhile.
    private func transfer(_ blob: BlobReference, of entry: Entry, _ live: LiveElection, from host: String) async throws
    {
        let file = live.storage.partialBlob(blob.digest)
        let arrival = performer.arrival(of: blob, in: entry, at: file, on: live.board, as: live.me)
        let checking = arrival.map { arrival in
            Task { [digesting] in
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(100))
                    try await digesting.run { arrival.advance() }
                }
            }
        }
        defer { checking?.cancel() }
        try await link.fetchBlob(blob, of: entry.content.election, from: host, to: file)
        try await digesting.run { [storage = live.storage] in
            arrival?.finish()
            try storage.completeBlob(blob.digest, named: blob.name)
        }
    }
}
