// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import MutualTLS
import OperatorErrors
import Orchestration

extension Authority {
    /// Starts fetching the files of others' entries, each from the entry's author.
    func fetchBlobs(of election: String) {
        guard let live = elections[election] else { return }
        for entry in live.board.entries where entry.content.author != live.me && !entry.content.blobs.isEmpty {
            guard live.needsFiles(of: entry) else { continue }
            let missing = entry.content.blobs.filter { blob in
                guard let live = elections[election] else { return false }
                return !live.facts.heldBlobs.contains(blob.digest) && !live.fetching.contains(blob.digest)
            }
            guard !missing.isEmpty, let count = ballotCount(for: entry, in: live) else { continue }
            if let failure = live.board.failure(ofFilesIn: entry, count: count) {
                return fail(election, attempt: entry.content.attempt, failure)
            }
            elections[election]?.fetching.formUnion(missing.map(\.digest))
            let host = live.board.name(of: entry.content.author)
            spawn { authority in
                for blob in missing {
                    await authority.fetch(blob, of: entry, in: election, from: host)
                }
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

    /// Tries until the file is here, nobody needs it any more, or its author has sent another one too often.
    private func fetch(_ blob: BlobReference, of entry: Entry, in election: String, from host: String) async {
        var (tries, others) = (0, 0)
        while !Task.isCancelled, let live = elections[election], live.needsFiles(of: entry) {
            do {
                if live.storage.blob(blob.digest) == nil { try await transfer(blob, of: entry, live, from: host) }
                elections[election]?.facts.heldBlobs.insert(blob.digest)
                elections[election]?.fetching.remove(blob.digest)
                settle(election)
                return
            } catch {
                tries += 1
                if isOther(error) { others += 1 }
                if others == settings.otherFileLimit {
                    let failure = Failure(
                        check: "blob.content", accused: entry.content.author,
                        message: "\(host) sent \(others) times another file than the \(blob.name) that it announced")
                    fail(election, attempt: entry.content.attempt, failure)
                }
                if tries <= 3 || tries.isMultiple(of: 100) {
                    log(election, step: "fetch", peer: host).warning("cannot fetch \(blob.name) yet: \(error)")
                }
                try? await Task.sleep(for: tries < 5 ? .milliseconds(500) : .seconds(3))
            }
        }
        elections[election]?.fetching.remove(blob.digest)
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

    /// Starts fetching the votes file of the tally under way.
    func fetchVotes(of election: String) {
        guard let live = elections[election] else { return }
        let attempt = live.board.attempt
        guard live.plan.awaited.contains(.votesFile), let order = live.board.tallyRequest(attempt: attempt),
            elections[election]?.fetching.insert(order.votesDigest).inserted == true
        else { return }
        spawn { await $0.fetchVotes(order, attempt: attempt, of: election) }
    }

    private func fetchVotes(_ order: TallyOrder, attempt: Int, of election: String) async {
        defer { elections[election]?.fetching.remove(order.votesDigest) }
        guard peers.isReachable(order.votesURL) else {
            fail(
                election, attempt: attempt,
                Failure(
                    check: "votes.url",
                    message: "votes_url does not lead to a peer that is installed at \(peers.ownName)"))
            return
        }
        var retrying = Retrying(settings, patience: settings.longPatience)
        while !Task.isCancelled, let live = elections[election], live.board.failure(attempt: attempt) == nil {
            let file = live.storage.partialBlob(order.votesDigest)
            let held = Self.byteCount(of: file)
            do {
                try await link.fetchVotes(order.votesURL, to: file) { length in
                    if let shortage = live.board.diskShortage(
                        for: length, isStored: false, storage: live.storage, me: live.me)
                    {
                        throw DiskShortage(failure: shortage)
                    }
                }
                try await digesting.run { [storage = live.storage] in
                    try storage.completeBlob(order.votesDigest, named: "votes")
                }
                elections[election]?.facts.heldBlobs.insert(order.votesDigest)
                elections[election]?.fetching.remove(order.votesDigest)
                elections[election]?.problem = nil
                settle(election)
                return
            } catch is CancellationError {
                return
            } catch let shortage as DiskShortage {
                try? FileManager.default.removeItem(at: file)
                fail(election, attempt: attempt, shortage.failure)
                return
            } catch StoreError.changedBlob {
                // What had come before may have been of another file: it is gone, and all of it comes anew, once.
                if held > 0 { continue }
                fail(
                    election, attempt: attempt,
                    Failure(
                        check: "votes.hash",
                        message: "the votes file that \(peers.ownName) fetched does not have the hash votes_hash"))
                return
            } catch {
                let reason = (error as? PeerClientError)?.message ?? "it could not be stored"
                log(election, step: "ballots").warning("cannot fetch the votes file: \(error)")
                elections[election]?.problem = "cannot fetch the votes file yet: \(reason)"
                if Self.byteCount(of: file) > held { retrying.hasProgressed() }
                guard let delay = retrying.delay(after: error) else {
                    fail(
                        election, attempt: attempt,
                        Failure(
                            check: "votes.fetch", message: "\(peers.ownName) cannot fetch the votes file: \(reason)"))
                    return
                }
                try? await Task.sleep(for: delay)
            }
        }
    }

    private static func byteCount(of file: URL) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
    }
}

/// Ends the transfer of a votes file whose tally this authority has no room for.
private struct DiskShortage: OperatorError {
    let failure: Failure
    var message: String { failure.message }
}
