// SPDX-License-Identifier: Apache-2.0

import ElGamal
package import Elections
import GroupArithmetic
import MutualTLS
import OperatorErrors
import StrictJSON
import TrustStores

extension Rehearsal {
    /// Has a new election created, and compares the keys that all authorities publish.
    ///
    /// - Returns: the id of the election, which no election of that authority had before.
    package func create(_ wish: ElectionWish, on host: RehearsalHost) async throws -> ElectionIdentifier {
        try await host.asking(patience: patience) { client in
            // The own authority first: that it does not run is the likeliest and the easiest to mend.
            try await client.checkDirector()
            let participants = try await participants(wish, on: host, client)
            let count = participants.all.count
            if let threshold = wish.threshold, !(1...count).contains(threshold) {
                throw RehearsalError.threshold(threshold, authorities: count)
            }
            journal.learn { facts in
                facts.authorities = participants.all.map(\.hostName.text)
                facts.threshold = wish.threshold ?? count
                facts.questions = wish.questions.count
            }
            let (election, sessions) = try await journal.step(
                .create, "waiting for \(host.director.hostName) to create the election"
            ) {
                try await requested(wish, of: participants, on: host, client)
            } detail: {
                "election \($0.0)"
            }
            try await compare(sessions, of: election, wish, participants, client)
            let record = ElectionRecord(
                authorities: participants.all.map {
                    .init(hostName: $0.hostName.text, fingerprint: $0.certificate.fingerprint)
                },
                threshold: wish.threshold ?? count, sessions: sessions, voteCount: wish.voteCount,
                takesRandomVotes: wish.takesRandomVotes, requiresBoundProofs: wish.requiresBoundProofs,
                questions: wish.questions)
            let folder = folder(election)
            try folder.make()
            try folder.write(record)
            return election
        }
    }

    /// This authority, and the peers that were named or that say that they are authorities.
    private func participants(
        _ wish: ElectionWish, on host: RehearsalHost, _ client: AuthorityClient
    ) async throws -> Participants {
        var others: [PeerEndpoint] = []
        for peer in try named(wish.peers, on: host) {
            let status = try await client.status(ofIdentityAt: peer)
            if status == 200 {
                others.append(await peer.showingNow(to: host.identity))
            } else if wish.peers != nil {
                throw RehearsalError.notAnAuthority(name: peer.name, status: status)
            } else {
                journal.note("left out \(peer.hostName), which is not an authority")
            }
        }
        if others.isEmpty && wish.peers == nil { throw RehearsalError.noPeers }
        return Participants(director: host.director, others: others)
    }

    private func named(_ names: [String]?, on host: RehearsalHost) throws(RehearsalError) -> [PeerEndpoint] {
        guard let names else { return host.installed }
        var peers: [PeerEndpoint] = []
        for name in names {
            let hostName = HostName(name)
            // The director is among them anyway.
            if hostName == host.director.hostName { continue }
            guard let peer = host.installed.first(where: { $0.hostName == hostName }) else {
                throw .notInstalled(host: name)
            }
            if !peers.contains(peer) { peers.append(peer) }
        }
        return peers
    }

    /// Asks with an id that is free, and waits for the keys.
    private func requested(
        _ wish: ElectionWish, of participants: Participants, on host: RehearsalHost, _ client: AuthorityClient
    ) async throws -> (ElectionIdentifier, [ElectionReply.Session]) {
        var triesLeft = 3
        while true {
            triesLeft -= 1
            let election = freshIdentifier()
            let mailbox = Mailbox()
            let routes = routes(for: election, on: host, authorities: [], mailbox: mailbox)
            do {
                return try await host.server.serving(routes) { port in
                    let callback = host.url(routes.callbackPath(.creation), port: port)
                    let draft = ElectionDraft(
                        id: election, questions: wish.questions, group: wish.group, threshold: wish.threshold,
                        requiresBoundProofs: wish.requiresBoundProofs, participants: participants, callback: callback)
                    let watch = ElectionWatch(election, at: participants.all, through: client, journal: journal)
                    let reply = try await watch.during {
                        try await client.post("/public_api/election", draft.json)
                        journal.learn { $0.election = election.text }
                        return try await awaited(.creation, from: host, in: mailbox, watch: watch) { nil }
                    }
                    switch reply {
                    case .created(_, let sessions): return (election, sessions)
                    case .creationFailed(_, let message):
                        throw RehearsalError.failed(
                            action: "create the election", by: host.director.name, words: message)
                    case .tallied, .tallyFailed:
                        throw RehearsalError.malformedAnswer(
                            from: host.director.name, reason: "an answer about a tally")
                    }
                }
            } catch RehearsalError.refused(_, 409, _, _) where triesLeft > 0 {
                // Somebody has had this id: take another one.
                continue
            }
        }
    }

    /// A number that no rehearsal here has had; whether the authority has had it, it says itself.
    private func freshIdentifier() -> ElectionIdentifier {
        while true {
            let number = Int.random(in: 1_000_000...Int(Int32.max))
            if let id = ElectionIdentifier(String(number)), !folder(id).exists { return id }
        }
    }

    private func compare(
        _ sessions: [ElectionReply.Session], of election: ElectionIdentifier, _ wish: ElectionWish,
        _ participants: Participants, _ client: AuthorityClient
    ) async throws {
        try await journal.step(
            .compareKeys, "comparing the keys of \(participants.all.count) authorities"
        ) {
            let comparison = KeyComparison(election: election, sessions: sessions)
            let keys = try comparison.publicKeys(questionCount: wish.questions.count, asked: wish.group)
            journal.learn { $0.group = keys.first?.group.name }
            let watch = ElectionWatch(election, at: participants.all, through: client, journal: journal)
            try await watch.during {
                try await comparison.compare(at: participants, through: client, within: min(patience, .seconds(180))) {
                    journal.progress($0, of: $1)
                }
            }
        } detail: {
            "\(sessions.count) \(sessions.count == 1 ? "key" : "keys") of \(journal.facts.group ?? "") equal at all authorities"
        }
    }
}

extension Rehearsal {
    func routes(
        for election: ElectionIdentifier, on host: RehearsalHost, authorities: Set<Fingerprint>, mailbox: Mailbox
    ) -> CallbackRoutes {
        CallbackRoutes(
            election: election, director: host.director.certificate, authorities: authorities,
            votesPath: folder(election).votesPath, mailbox: mailbox
        ) { [journal] reason in journal.note(reason) }
    }

    /// Waits for the callback about `subject`, and shows meanwhile what the authorities do. One that falls silent may come back
    /// and go on: that is told, and no reason to give up before the time.
    ///
    /// - Parameter detail: what is known about why nothing comes.
    func awaited(
        _ subject: Mailbox.Subject, from host: RehearsalHost, in mailbox: Mailbox, watch: ElectionWatch,
        detail: () -> String?
    ) async throws -> ElectionReply {
        let reply = try await mailbox.next(subject, within: patience) { [journal] seconds in
            if let activity = watch.activity { journal.shows(activity) } else { journal.waits(seconds: seconds) }
        }
        guard let reply else {
            let details = [watch.silence, detail()].compactMap { $0 }
            throw RehearsalError.noAnswer(
                from: host.director.name, to: "POST /\(subject.rawValue)", seconds: Int(patience / .seconds(1)),
                detail: details.isEmpty ? nil : details.joined(separator: "; "))
        }
        return reply
    }
}
