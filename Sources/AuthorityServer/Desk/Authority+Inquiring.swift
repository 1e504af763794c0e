// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Logging
import Orchestration
import TrustStores

extension Authority {
    /// Asks every party that is installed here who it is, all at once, and keeps what each says as soon as it has said it: should one
    /// of them be shown to be a liar, nobody believes it without the liar's own word that the key is its own.
    func inquire(_ election: String) {
        guard let parties = elections[election]?.board.offer.parties,
            elections[election]?.fetching.insert(Authority.inquiryMark).inserted == true
        else { return }
        spawn { authority in
            let known = await withTaskGroup(of: Party?.self) { group in
                for party in parties { group.addTask { await authority.acquaintance(party.name, for: election) } }
                return await group.reduce(into: []) { known, party in known += [party].compactMap { $0 } }
            }
            await authority.learned(known, for: election)
        }
    }

    /// Stands in the list of what is under way for asking the parties.
    private static let inquiryMark = Digest(of: Array("inquiry".utf8))

    /// The party of that name as it says itself; nil if it is not installed here, or silent for too long.
    private func acquaintance(_ name: String, for election: String) async -> Party? {
        if name == peers.ownName { return Party(name: name, certificate: peers.ownCertificate, signingKey: key.verifying) }
        guard peers.certificate(of: name) != nil else { return nil }
        var retrying = Retrying(settings, patience: settings.patience)
        while !Task.isCancelled {
            do {
                let identity = try await link.identity(of: name)
                if elections[election] != nil { keep(identity, for: election) }
                return identity.party
            } catch {
                log(election, step: "protocol", peer: name).warning("the peer does not say who it is: \(error)")
                guard let delay = retrying.delay(after: error) else { return nil }
                try? await Task.sleep(for: delay)
            }
        }
        return nil
    }

    /// Keeps what a peer says of itself.
    func keep(_ identity: PeerIdentity, for election: String) {
        do {
            try data.election(election).keepIdentity(identity.statement, of: identity.party.name)
        } catch {
            log(election, step: "protocol", peer: identity.party.name)
                .error("cannot keep what the peer says of itself: \(error)")
        }
    }

    private func learned(_ parties: [Party], for election: String) {
        guard !Task.isCancelled else { return }
        elections[election]?.fetching.remove(Authority.inquiryMark)
        elections[election]?.knownParties = parties
        elections[election]?.facts.knowsParties = true
        settle(election)
    }
}

extension LiveElection {
    /// Whether this authority signs nothing before it knows who the parties are.
    var awaitsIdentities: Bool {
        isUnderWay && facts.unheard.isEmpty && plan.awaited.contains(.identities)
    }

    /// Whether somebody is accused whose word of who it is is not kept: the board may have stopped before it was asked.
    var lacksIdentityOfAccused: Bool {
        board.accusations.contains { $0.accused != me && !storage.holdsIdentity(of: board.name(of: $0.accused)) }
    }
}
