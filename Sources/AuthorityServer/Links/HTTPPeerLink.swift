// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import MutualTLS
package import Orchestration
import StrictJSON
import Synchronization
import TrustStores

/// Reaches peers over mutual TLS, each pinned to its installed certificate.
package final class HTTPPeerLink: PeerLink {
    private let client: PeerClient
    private let peers: InstalledPeers
    /// What peers said of themselves, by certificate: for their mixnet ports.
    private let identities = Mutex<[Digest: PeerIdentity]>([:])

    /// A votes file larger than this is not fetched, in bytes: the archive's format has no place for a file of 8 GiB.
    static let votesByteLimit = (1 << 33) - 1

    package init(client: PeerClient, peers: InstalledPeers) {
        self.client = client
        self.peers = peers
    }

    private func endpoint(of host: String) throws -> PeerEndpoint {
        guard let peer = peers.endpoint(of: host) else { throw RequestRefusal.unknownAuthority(host) }
        return peer
    }

    package func identity(of host: String) async throws -> PeerIdentity {
        let peer = try endpoint(of: host)
        let answer = try await client.send(.get, "/api/identity", to: peer, limit: 64 << 10, timeout: .seconds(5))
        try answer.require(200, from: peer)
        let (identity, certificate) = try SignedIdentity.read(answer.body, from: peer)
        let found = PeerIdentity(
            party: Party(name: host, certificate: certificate.digest, signingKey: identity.signingKey),
            mixnetPort: identity.mixnetPort, version: identity.version, statement: identity.json.compactBytes)
        identities.withLock { $0[peer.certificate.digest] = found }
        return found
    }

    package func exchange(_ message: ExchangeMessage, with host: String) async throws -> ExchangeMessage {
        let peer = try endpoint(of: host)
        let answer = try await client.send(
            .post, "/api/board", to: peer, json: message.serialized, limit: ExchangeMessage.byteLimit,
            timeout: .seconds(30))
        try answer.require(200, from: peer)
        return try ExchangeMessage(serialized: answer.body)
    }

    package func fetchBlob(_ blob: BlobReference, of election: String, from host: String, to file: URL) async throws {
        try await fetch(blob.digest, .exactly(blob.byteCount), of: election, from: host, to: file)
    }

    package func fetchFile(_ digest: Digest, of election: String, from host: String, to file: URL) async throws {
        try await fetch(digest, .atMost(HTTPPeerLink.votesByteLimit), of: election, from: host, to: file)
    }

    private func fetch(
        _ digest: Digest, _ length: PeerClient.ExpectedLength, of election: String, from host: String, to file: URL
    ) async throws {
        let peer = try endpoint(of: host)
        let known = identities.withLock { $0[peer.certificate.digest] }
        let identity = if let known { known } else { try await self.identity(of: host) }
        do {
            try await client.download(
                "/blobs/\(election)/\(digest.hex)", from: peer.at(port: identity.mixnetPort), to: file.path,
                length: length)
        } catch {
            // Its port may have changed.
            identities.withLock { $0[peer.certificate.digest] = nil }
            throw error
        }
    }

    package func fetchVotes(_ url: String, to file: URL, accept: @Sendable (Int) async throws -> Void) async throws {
        guard let (peer, path) = peers.target(of: url) else {
            throw RequestRefusal.unreachableURL(key: "votes_url", url)
        }
        try await client.download(
            path, from: peer, to: file.path, length: .beyond(upTo: HTTPPeerLink.votesByteLimit), accept: accept)
    }

    package func callBack(_ url: String, with body: [UInt8]) async throws {
        guard let (peer, path) = peers.target(of: url) else {
            throw RequestRefusal.unreachableURL(key: "callback_url", url)
        }
        let answer = try await client.send(.post, path, to: peer, json: body, limit: 1 << 20, timeout: .seconds(30))
        guard (200...299).contains(answer.status) else {
            throw PeerClientError.status(
                peer: peer.name, status: answer.status, text: String(decoding: answer.body.prefix(300), as: UTF8.self))
        }
    }
}
