// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration
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
                } catch where Self.refusalStatus(of: error) == RequestRefusal.unknownElection(id).status {
                    // It has come out of a backup, and knows nothing of what it knew: from now on it is told all.
                    heard(host)
                    for id in elections.keys { forgetCounts(of: host, in: id) }
                    break
                } catch {
                    missed(host, error)
                    return
                }
            }
        }
    }

    private func forgetCounts(of host: String, in election: String) {
        guard let party = elections[election]?.board.offer.parties.firstIndex(where: { $0.name == host }) else { return }
        elections[election]?.peerCounts[party + 1] = nil
    }

    func heard(_ host: String) {
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
}
