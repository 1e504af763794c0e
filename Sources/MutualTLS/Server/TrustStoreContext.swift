// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging
import NIOCore
package import NIOSSL
import OperatorErrors
import Synchronization
package import TrustStores

/// Whom this authority's server takes as a client, always as the calist stands now.
///
/// A client's certificate counts if it is exactly one of the calist's and valid today; no chain is followed. The file is looked
/// at (one `stat`) whenever somebody asks, and read again when it changed. A calist that cannot be read, or holds no certificate,
/// changes nothing and is logged: it is rather broken than meant.
package final class TrustStoreContext: Sendable {
    private struct State {
        var stamp: FileStamp?
        var installed: [Fingerprint: Certificate]
        var context: NIOSSLContext
    }

    private let path: String
    private let identity: TLSIdentity
    private let logger: Logger
    private let state: Mutex<State>
    /// Of all servers that ask here whom to take.
    let refusals = RefusalLog()

    /// - Throws: ``CertificateError/unusable(what:path:)`` where the calist holds no certificate at the start.
    package init(identity: TLSIdentity, trustStorePath: String, logger: Logger) throws {
        let stamp = FileStamp(path: trustStorePath)
        let store = try TrustStore(file: trustStorePath)
        guard !store.certificates.isEmpty else {
            throw CertificateError.unusable(what: "certificate", path: trustStorePath)
        }
        path = trustStorePath
        self.identity = identity
        self.logger = logger
        state = Mutex(
            State(
                stamp: stamp, installed: Self.byFingerprint(store),
                context: try Self.makeContext(identity: identity, trusted: store.certificates)))
    }

    /// The TLS context for the next connection.
    package var context: NIOSSLContext {
        state.withLock { state in
            refresh(&state)
            return state.context
        }
    }

    /// The installed certificate with this fingerprint, or nil: then whoever shows it is nobody we know.
    package func installed(_ fingerprint: Fingerprint) -> Certificate? {
        state.withLock { state in
            refresh(&state)
            return state.installed[fingerprint]
        }
    }

    /// What to do with a client that showed `der`.
    func judge(_ der: [UInt8]?, now: Date = Date()) -> ClientVerdict {
        guard let der else { return .refused(reason: "no certificate", fingerprint: nil) }
        let fingerprint = Fingerprint(ofDER: der)
        guard let certificate = installed(fingerprint) else {
            return .refused(reason: "it is not installed", fingerprint: fingerprint)
        }
        guard certificate.validFrom <= now, now <= certificate.validUntil else {
            return .refused(reason: "it is not valid today", fingerprint: fingerprint)
        }
        return .accepted(certificate)
    }

    private func refresh(_ state: inout State) {
        let stamp = FileStamp(path: path)
        guard stamp != state.stamp else { return }
        state.stamp = stamp
        do {
            let store = try TrustStore(file: path)
            guard !store.certificates.isEmpty else {
                throw CertificateError.unusable(what: "certificate", path: path)
            }
            state.context = try Self.makeContext(identity: identity, trusted: store.certificates)
            state.installed = Self.byFingerprint(store)
            logger.notice("took up the changed trust store", metadata: ["certificates": "\(store.certificates.count)"])
            if store.unreadableCount > 0 {
                logger.warning(
                    "unreadable certificates in the trust store", metadata: ["count": "\(store.unreadableCount)"])
            }
        } catch {
            logger.error("kept the old trust store: the changed one is unusable", metadata: ["reason": "\(error)"])
        }
    }

    private static func byFingerprint(_ store: TrustStore) -> [Fingerprint: Certificate] {
        Dictionary(store.certificates.map { ($0.fingerprint, $0) }) { first, _ in first }
    }

    private static func makeContext(identity: TLSIdentity, trusted: [Certificate]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.chain, privateKey: .privateKey(identity.key))
        configuration.minimumTLSVersion = .tlsv12
        // Asks for a client certificate and insists on one; MutualTLSChannel judges it.
        configuration.certificateVerification = .noHostnameVerification
        // Only for the list of names by which clients choose a certificate.
        configuration.trustRoots = .certificates(try trusted.map { try NIOSSLCertificate(bytes: $0.der, format: .der) })
        configuration.sendCANameList = true
        // A server that ends waits this long in any case, as the client's half of the connection stays open. Nothing is lost by a shorter
        // time: lengths, not ends, close a body.
        configuration.shutdownTimeout = .milliseconds(100)
        configuration.verifySignatureAlgorithms = TLSIdentity.signatureAlgorithms
        return try NIOSSLContext(configuration: configuration)
    }
}

enum ClientVerdict {
    case accepted(Certificate)
    case refused(reason: String, fingerprint: Fingerprint?)
}
