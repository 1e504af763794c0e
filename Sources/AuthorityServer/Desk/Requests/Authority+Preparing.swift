// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import GroupArithmetic
import Logging
import Orchestration
import TrustStores
import StrictJSON

extension Authority {
    /// As director: asks all authorities who they are, and proposes the protocol to them.
    func prepare(_ request: ElectionRequest, task: Int64, creator: Digest) {
        let id = request.id.text
        // Requests of which nothing is on a board are gone through again and again, those under way among them.
        guard preparing.insert(id).inserted else { return }
        log(id, step: "protocol").info(
            "asking the authorities", metadata: ["authorities": "\(request.authorities.count)"])
        spawn { authority in
            var found: [PeerIdentity] = []
            var missing: [any Error] = []
            await withTaskGroup(of: Result<PeerIdentity, any Error>.self) { group in
                for party in request.authorities {
                    group.addTask { await authority.identity(of: party.name, for: id) }
                }
                for await result in group {
                    switch result {
                    case .success(let identity): found.append(identity)
                    case .failure(let error): missing.append(error)
                    }
                }
            }
            guard !Task.isCancelled else { return }
            await authority.propose(request, task: task, creator: creator, identities: found, missing: missing)
        }
    }

    private func identity(of name: String, for election: String) async -> Result<PeerIdentity, any Error> {
        if name == peers.ownName {
            return .success(
                PeerIdentity(
                    party: Party(name: name, certificate: peers.ownCertificate, signingKey: verifyingKey),
                    mixnetPort: settings.mixnetPort, version: settings.version))
        }
        var retrying = Retrying(settings, patience: settings.patience)
        while true {
            var isKnown = false
            do {
                let identity = try await link.identity(of: name)
                isKnown = true
                try await requireFree(election, at: name)
                return .success(identity)
            } catch let taken as TakenID {
                return .failure(taken)
            } catch {
                let what = isKnown ? "whether it knows the election" : "who it is"
                log(election, step: "protocol", peer: name).warning("the peer does not say \(what): \(error)")
                guard let delay = retrying.delay(after: error), (try? await Task.sleep(for: delay)) != nil else {
                    return .failure(isKnown ? UnansweredQuestion(election: election, host: name, error: error) : error)
                }
            }
        }
    }

    private func propose(
        _ request: ElectionRequest, task: Int64, creator: Digest, identities: [PeerIdentity],
        missing: [any Error]
    ) {
        let id = request.id.text
        preparing.remove(id)
        do {
            if let taken = missing.lazy.compactMap({ $0 as? TakenID }).first { throw taken }
            guard missing.isEmpty else {
                throw PreparationError.unreachable(missing.map { "\($0)" }.sorted().joined(separator: "; "))
            }
            let offer = try ProtocolOffer(
                proposing: request, creator: creator, identities: identities, defaultGroup: settings.group)
            guard let me = offer.author(certificate: peers.ownCertificate) else {
                throw RequestRefusal.missingDirector(peers.ownName)
            }
            let content = EntryContent(election: id, kind: .protocol, author: me, sequence: 0, payload: offer.payload)
            // Before anybody sees the protocol: nobody is asked again who it is.
            for identity in identities where identity.party.name != peers.ownName { keep(identity, for: id) }
            try open(Board(first: Entry(signing: content, with: key)), as: me)
            log(id, step: "protocol").info("posted")
        } catch {
            log(id, step: "protocol").error("the election is not made: \(error)")
            let reply = ElectionReply.creationFailed(request.id, message: "\(error)")
            do {
                try database.answerTask(task, with: reply.json.compactBytes)
                try database.removeElection(id)
                try data.election(id).removeUnused()
                if let taken = error as? TakenID { try recall(taken) }
            } catch {
                log(id).error("cannot give the election's id back: \(error)")
            }
            Task { await answerBell.ring() }
        }
    }
}

/// Why a director does not even propose an election.
enum PreparationError: Error, CustomStringConvertible {
    /// What went wrong with each authority, by name.
    case unreachable(String)

    var description: String {
        switch self {
        case .unreachable(let reasons): "not all authorities say who they are: \(reasons)"
        }
    }
}

extension ProtocolOffer {
    /// The protocol that a director proposes: one session a question, with new session ids.
    init(proposing request: ElectionRequest, creator: Digest, identities: [PeerIdentity], defaultGroup: String) throws {
        guard let group = request.group ?? SafePrimeGroup.named(defaultGroup) else {
            throw RequestRefusal.groupNotAllowed(defaultGroup)
        }
        let identities = identities.sorted { ProtocolOffer.precedes($0.party.name, $1.party.name) }
        let threshold = request.threshold ?? identities.count
        let ports = Dictionary(uniqueKeysWithValues: request.authorities.map { ($0.name, $0.url.port) })
        let sessions = try request.questions.indices.map { index in
            let info = try ProtocolInfo(
                sessionID: "\(index)-\(UUID().uuidString.lowercased())", electionName: request.id.text,
                description: SessionBinding(of: request).text, threshold: threshold, group: group,
                parties: identities.map { identity in
                    .init(
                        of: identity.party, http: "http://\(identity.party.name):\(identity.mixnetPort)",
                        hint: "\(identity.party.name):\(ports[identity.party.name] ?? 5000)")
                })
            return Session(id: info.sessionID, protocolInfo: info.bytes)
        }
        self.init(
            request: request.canonicalBytes, creator: creator, parties: identities.map(\.party), threshold: threshold,
            sessions: sessions)
    }
}
