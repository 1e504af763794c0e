// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import DurableFiles
import Foundation
import Logging
import Orchestration

/// Files at rest that have changed: found by their digests, named, and got back.
extension Authority {
    func context(of live: LiveElection, note: @escaping @Sendable (String) -> Void = { _ in }) -> ActionContext {
        ActionContext(
            board: live.board, me: live.me, storage: live.storage, knownParties: live.knownParties ?? [], note: note)
    }

    /// Takes up what a look at the files found.
    func take(_ inspection: Inspection, of election: String) {
        guard let live = elections[election] else { return }
        for name in inspection.changed {
            log(election, step: "files").error(
                "\(name) had changed on this disk or was gone, and is fetched or made again")
        }
        elections[election]?.facts.heldBlobs = inspection.held
        elections[election]?.damage = nil
        if !inspection.damagedSecrets.isEmpty {
            let error = StoreError.damagedSecret(election: election)
            elections[election]?.damage = error.message
            log(election, step: "files").critical(
                "\(inspection.damagedSecrets.joined(separator: ", ")) changed on this disk; \(error.hint ?? "")")
        }
        if inspection.lacksTally, let entry = live.board.entry(.tally, attempt: live.board.attempt, by: live.me),
            // What is about to be made again need not come.
            !live.facts.lost.contains(entry.digest), let digest = Digest(bytes: entry.content.payload),
            elections[election]?.fetching.insert(digest).inserted == true
        {
            spawn { await $0.fetchTally(digest, attempt: live.board.attempt, of: election) }
        }
    }

    /// After a step met a file that had changed: everything is looked at again, and what was verified is verified anew.
    func inspectAgain(_ election: String) async {
        guard let live = elections[election] else { return }
        do {
            let context = context(of: live)
            let inspection = try await heavy.run { [performer] in
                performer.forget(election)
                return try performer.inspect(context)
            }
            elections[election]?.facts.verified = []
            take(inspection, of: election)
            settle(election)
        } catch {
            log(election, step: "files").error("cannot look at the files of the election: \(error)")
        }
    }

    /// Looks at what is published, and at secrets that wait for their use, at the start and every day.
    func keepInspecting() async {
        while !Task.isCancelled {
            for (id, live) in elections where !live.isUnderWay {
                let context = context(of: live)
                do {
                    let inspection = try await digesting.run { [performer] in try performer.inspect(context) }
                    guard elections[id]?.isUnderWay == false else { continue }
                    take(inspection, of: id)
                } catch is CancellationError {
                    return
                } catch {
                    log(id, step: "files").error("cannot look at the files of the election: \(error)")
                }
            }
            try? await Task.sleep(for: settings.inspectionInterval)
        }
    }

    /// Gets the archive of a tally back from whoever has it.
    private func fetchTally(_ digest: Digest, attempt: Int, of election: String) async {
        var tries = 0
        while !Task.isCancelled, let live = elections[election] {
            let hosts = live.others.sorted().map { live.board.name(of: $0) }
            guard !hosts.isEmpty else { break }
            let host = hosts[tries % hosts.count]
            let file = live.storage.partialBlob(digest)
            let context = context(of: live)
            do {
                try await link.fetchFile(digest, of: election, from: host, to: file)
                try await digesting.run { [performer] in try performer.takeTally(file, attempt: attempt, in: context) }
                elections[election]?.fetching.remove(digest)
                log(election, step: "files", peer: host).notice("the tally is here again")
                settle(election)
                return
            } catch {
                tries += 1
                if tries <= 3 || tries.isMultiple(of: 100) {
                    log(election, step: "files", peer: host).warning("cannot fetch the tally yet: \(error)")
                }
                try? await Task.sleep(for: tries < 5 ? .milliseconds(500) : .seconds(3))
            }
        }
        elections[election]?.fetching.remove(digest)
    }

    /// Looks at a file before it is shown to the same party again: what it had before was not whole, or not what the digest says.
    ///
    /// - Throws: ``RequestRefusal/unknownFile`` if the file has changed; then it is fetched or made again.
    func checkShown(_ file: URL, _ digest: Digest, of election: String, to certificate: Digest) async throws {
        guard var live = elections[election] else { throw RequestRefusal.unknownElection(election) }
        let isFirst = live.shown[digest, default: []].insert(certificate).inserted
        elections[election]?.shown = live.shown
        guard !isFirst, live.looked[digest].map({ clock.now - $0 > .seconds(60) }) ?? true else { return }
        elections[election]?.looked[digest] = clock.now
        guard try await digesting.run({ (try? Digest(ofFile: file)) == digest }) else {
            log(election, step: "files").error("a file that was shown to others has changed on this disk")
            try await digesting.run { try FileManager.default.removeItem(at: file) }
            elections[election]?.facts.heldBlobs.remove(digest)
            settle(election)
            throw RequestRefusal.unknownFile
        }
    }

    /// Says, in the log and to whoever asks, what hinders this authority itself. Once, until it changes.
    func hindered(_ election: String, step: String, by error: any Error) {
        let words = words(for: error)
        guard elections[election]?.problem != words else { return }
        elections[election]?.problem = words
        log(election, step: step).error("this authority is hindered, and tries again: \(error)")
    }

    /// Whether an error is this host's own, not a peer's or the network's.
    nonisolated static func isOwnFault(_ error: any Error) -> Bool {
        if case StoreError.changedBlob = error { return false }
        return error is StoreError || error is FileError
    }
}
