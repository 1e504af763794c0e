// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Elections
import Foundation
import GroupArithmetic
import Orchestration
import Synchronization
package import TrustStores

/// Tells peers something else than stands on this authority's own board, over its own signature.
package final class Liar: Sendable {
    let lie: Lie
    private let key: SigningKey
    private let state = Mutex(State())

    private struct State {
        var offer: ProtocolOffer?
        /// Own entries that were told, in their order.
        var told: [Entry] = []
        /// What the deceived peer got in place of the own entry of that number.
        var digests: [Int: Digest] = [:]
        /// Files that were announced, and that nobody gets.
        var withheld: Set<Digest> = []
    }

    /// - Parameter key: with which this authority signs its entries.
    package init(_ lie: Lie, key: SigningKey) {
        self.lie = lie
        self.key = key
    }

    /// Who takes part stands in what others send, too.
    func hear(_ message: ExchangeMessage) {
        for entry in message.entries where entry.content.kind == .protocol {
            guard let offer = try? ProtocolOffer(payload: entry.content.payload) else { continue }
            state.withLock { if $0.offer == nil { $0.offer = offer } }
        }
    }

    /// - Parameter listener: whether a party is the one that the message goes to.
    func tell(_ message: ExchangeMessage, to listener: (Party) -> Bool) throws -> ExchangeMessage {
        hear(message)
        guard let offer = state.withLock({ $0.offer }), let me = offer.author(of: key.verifying),
            let last = (1...offer.parties.count).last(where: { $0 != me })
        else { return message }
        let isDeceived = listener(offer.parties[last - 1])
        let own = { (entry: Entry) in entry.content.author == me }
        var told = message
        switch lie {
        case .differentCommitments, .differentProtocol, .fork:
            guard isDeceived else { break }
            told.entries = try message.entries.map { own($0) ? try other($0, offer) : $0 }
        case .twoVersions:
            told.entries = try message.entries.flatMap { entry in
                guard own(entry), entry.content.kind == .ballots else { return [entry] }
                return [entry, try signed(entry.content) { $0.payload.append(0) }]
            }
        case .repeatedEntry:
            told.entries = try message.entries.flatMap { entry in
                guard own(entry), entry.content.kind == .ballots else { return [entry] }
                return [entry, try again(entry)]
            }
        case .foreignEntry:
            let foreign = try message.entries.filter(own).map { try signed($0.content) { $0.election = "another" } }
            told.entries += foreign
        case .oldEntries:
            let old = state.withLock { state in
                defer { state.told += message.entries.filter(own) }
                return state.told
            }
            told.entries = old + message.entries
        case .confessed:
            let shuffles = message.entries.filter { own($0) && $0.content.kind == .shuffle }
            state.withLock { $0.withheld.formUnion(shuffles.flatMap(\.content.blobs).map(\.digest)) }
        default: break
        }
        return told
    }

    func withholds(_ file: Digest) -> Bool { state.withLock { $0.withheld.contains(file) } }

    private func signed(_ content: EntryContent, _ change: (inout EntryContent) -> Void) throws -> Entry {
        var content = content
        change(&content)
        return try Entry(signing: content, with: key)
    }

    /// The same statement in the place behind it.
    private func again(_ entry: Entry) throws -> Entry {
        try signed(entry.content) { content in
            content.inputs = content.inputs.filter { $0.author != content.author } + [entry.reference]
            content.sequence += 1
        }
    }

    /// The entry that the deceived peer gets: with something else in it, or behind such a one.
    private func other(_ entry: Entry, _ offer: ProtocolOffer) throws -> Entry {
        var content = entry.content
        let digests = state.withLock { $0.digests }
        content.inputs = content.inputs.map { input in
            guard input.author == content.author, let digest = digests[input.sequence] else { return input }
            return EntryReference(author: input.author, sequence: input.sequence, digest: digest)
        }
        if let payload = try otherPayload(content, offer) { content.payload = payload }
        guard content != entry.content else { return entry }
        let other = try Entry(signing: content, with: key)
        state.withLock { $0.digests[content.sequence] = other.digest }
        return other
    }

    private func otherPayload(_ content: EntryContent, _ offer: ProtocolOffer) throws -> [UInt8]? {
        switch (lie, content.kind) {
        case (.differentProtocol, .protocol):
            var other = offer
            other.sessions = try offer.sessions.map { session in
                let id = session.id.dropLast() + (session.id.hasSuffix("0") ? "1" : "0")
                let text = String(decoding: session.protocolInfo, as: UTF8.self)
                let info = text.replacing(session.id, with: id)
                return .init(
                    id: String(id), protocolInfo: try ProtocolInfo(parsing: Array(info.utf8)).bytes)
            }
            return other.payload
        case (.fork, .permutation): return content.payload + [0]
        case (.differentCommitments, .keyHash), (.differentCommitments, .keyCommitments):
            let openings = try offer.sessions.map { try opening(in: $0, offer, as: content.author) }
            let isHash = content.kind == .keyHash
            return ByteTree.node(openings.map { isHash ? .leaf(Digest(of: $0.serialized).bytes) : $0 }).serialized
        default: return nil
        }
    }

    /// Of another polynomial than the one that the others know.
    private func opening(in session: ProtocolOffer.Session, _ offer: ProtocolOffer, as author: Int) throws -> ByteTree {
        let info = try ProtocolInfo(parsing: session.protocolInfo)
        let sharing = KeySharing(
            group: info.group, trusteeCount: offer.parties.count, threshold: offer.threshold, session: info.sessionID,
            prefix: info.prefix)
        guard let seed = SecretSeed(SecretBytes([UInt8](repeating: 7, count: SecretSeed.byteCount))) else {
            throw LyingPerformer.NotYet()
        }
        return KeyDealing(sharing, index: author, seed: seed).opening
    }
}

extension ProtocolOffer {
    fileprivate func author(of key: VerifyingKey) -> Int? {
        parties.firstIndex { $0.signingKey == key }.map { $0 + 1 }
    }
}
