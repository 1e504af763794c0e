// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import MutualTLS
import OperatorErrors
import Orchestration
import TrustStores

extension Authority {
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
                    if let shortage = await self.takeRoom(for: length, attempt: attempt, of: election) {
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
            } catch let error where Self.isOwnFault(error) {
                // No reason to end the tally: the disk may be full for a while only.
                hindered(election, step: "ballots", by: error)
                try? await Task.sleep(for: settings.hindrancePause)
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
