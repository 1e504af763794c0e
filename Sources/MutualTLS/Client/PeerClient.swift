// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
package import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOSSL
import Synchronization
import TrustStores

/// Asks peers over TLS that is pinned, for each peer, to exactly its installed certificate.
///
/// The address is that of the endpoint, name resolution is never asked; redirects are not followed; answers are bounded.
/// Shut it down when done: ``shutdown()``.
package final class PeerClient: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST" }

    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]
    }

    private let identity: TLSIdentity
    private let logger: Logger
    private let clients = Mutex<[PeerEndpoint: HTTPClient]>([:])

    package init(identity: TLSIdentity, logger: Logger) {
        self.identity = identity
        self.logger = logger
    }

    /// Sends one request and reads the whole answer.
    ///
    /// - Parameters:
    ///   - path: begins with a slash and is percent-encoded already; a query may follow.
    ///   - limit: more bytes than this in the answer are an error.
    ///   - timeout: for all of it; a peer that falls silent in the middle is given up 20 seconds later at most.
    /// - Throws: ``PeerClientError``; a status is none, see ``Answer/require(_:from:)``.
    package func send(
        _ method: Method, _ path: String, to peer: PeerEndpoint, json body: [UInt8]? = nil,
        limit: Int = 1 << 20, timeout: Duration = .seconds(60)
    ) async throws -> Answer {
        let deadline = ContinuousClock.now + timeout
        return try await translatingErrors(of: peer) {
            var request = self.request(method, path, to: peer)
            if let body {
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(body)
            }
            let response = try await self.client(for: peer).execute(
                request, timeout: .nanoseconds(Int64(timeout / .nanoseconds(1))), logger: self.logger)
            var bytes: [UInt8] = []
            for try await chunk in response.body {
                // The client's own deadline ends with the head of the answer.
                guard ContinuousClock.now < deadline else { throw PeerClientError.timeout(peer: peer.name) }
                guard bytes.count + chunk.readableBytes <= limit else {
                    throw PeerClientError.answerTooLarge(peer: peer.name, limit: limit)
                }
                bytes += chunk.readableBytesView
            }
            return Answer(status: Int(response.status.code), body: bytes)
        }
    }

    /// Ends all connections. Requests after this fail.
    package func shutdown() async {
        let all = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in all { try? await client.shutdown() }
    }

    func request(_ method: Method, _ path: String, to peer: PeerEndpoint) -> HTTPClientRequest {
        precondition(path.hasPrefix("/"), "a path begins with a slash")
        var request = HTTPClientRequest(url: "https://\(peer.hostName):\(peer.port)\(path)")
        request.method = HTTPMethod(rawValue: method.rawValue)
        return request
    }

    func client(for peer: PeerEndpoint) throws -> HTTPClient {
        // Under the lock, so that each peer has one: making it costs milliseconds.
        try clients.withLock { clients in
            if let client = clients[peer] { return client }
            // NIOSSL is content with an address that the certificate names; the host name is what counts here.
            guard peer.certificates.contains(where: { $0.isFor(peer.hostName) }) else {
                throw PeerClientError.wrongHostName(peer: peer.name)
            }
            let client = HTTPClient(configuration: try configuration(for: peer))
            for former in clients.keys where former.isElsewhere(than: peer) {
                guard let client = clients.removeValue(forKey: former) else { continue }
                // What is still asked of it there would only be waited for in vain.
                Task { try? await client.shutdown() }
            }
            clients[peer] = client
            return client
        }
    }

    private func configuration(for peer: PeerEndpoint) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.certificateVerification = .fullVerification
        tls.trustRoots = .certificates(
            try peer.certificates.map { try NIOSSLCertificate(bytes: $0.der, format: .der) })
        tls.verifySignatureAlgorithms = TLSIdentity.signatureAlgorithms
        tls.certificateChain = identity.chain
        tls.privateKey = .privateKey(identity.key)
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = tls
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = [peer.hostName.text: peer.address.text]
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(20), write: .seconds(20))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(30)
        // What the peer's own key has signed would chain up to its certificate: only the certificate itself will do.
        configuration.http1_1ConnectionDebugInitializer = { channel in
            DeadPeerDetection.enable(on: channel)
            return channel.nioSSL_peerCertificate().flatMap { shown in
                if let found = Fingerprint(of: shown), peer.certificates.contains(where: { $0.fingerprint == found }) {
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(PeerClientError.peerCertificateRefused(peer: peer.name))
            }
        }
        return configuration
    }
}

extension PeerEndpoint {
    /// Whether it is the same peer at another address, which it has left since.
    fileprivate func isElsewhere(than current: PeerEndpoint) -> Bool {
        hostName == current.hostName && port == current.port && address != current.address
    }
}

extension PeerClient.Answer {
    /// - Throws: ``PeerClientError/status(peer:status:text:)`` unless the status is one of `expected`.
    package func require(_ expected: Int..., from peer: PeerEndpoint) throws(PeerClientError) {
        guard !expected.contains(status) else { return }
        throw .status(peer: peer.name, status: status, text: String(decoding: body.prefix(300), as: UTF8.self))
    }
}
