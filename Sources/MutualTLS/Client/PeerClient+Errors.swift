// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import OperatorErrors
import TrustStores

extension PeerClient {
    /// Runs `body` and turns the many errors of sockets, TLS and HTTP into what an operator can act upon.
    func translatingErrors<Result>(of peer: PeerEndpoint, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as any OperatorError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Self.translated(error, peer: peer.name)
        }
    }

    private static func translated(_ error: any Error, peer: String) -> PeerClientError {
        if let error = error as? HTTPClientError {
            switch error {
            case .connectTimeout, .tlsHandshakeTimeout, .deadlineExceeded, .readTimeout, .writeTimeout,
                .getConnectionFromPoolTimeout:
                return .timeout(peer: peer)
            case .remoteConnectionClosed:
                return .unreachable(peer: peer, reason: "it closed the connection")
            default:
                return .unreachable(peer: peer, reason: error.shortDescription)
            }
        }
        if isAlertAboutCertificate(error) { return .ownCertificateRefused(peer: peer) }
        if isOwnRefusal(error) { return .peerCertificateRefused(peer: peer) }
        return .unreachable(peer: peer, reason: reason(of: error))
    }

    /// The peer ended the handshake because of our certificate, and said so. BoringSSL tells it only in the error's text.
    private static func isAlertAboutCertificate(_ error: any Error) -> Bool {
        let text = "\(error)".uppercased()
        let alerts = [
            "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_REVOKED",
            "ALERT_CERTIFICATE_EXPIRED",
            "ALERT_CERTIFICATE_UNKNOWN", "ALERT_UNKNOWN_CA", "ALERT_ACCESS_DENIED", "ALERT_CERTIFICATE_REQUIRED",
            "ALERT_HANDSHAKE_FAILURE",
        ]
        return alerts.contains { text.contains($0) }
    }

    /// We ended the handshake because of the peer's certificate.
    private static func isOwnRefusal(_ error: any Error) -> Bool {
        if let error = error as? NIOSSLError {
            if error == .unableToValidateCertificate || error == .noCertificateToValidate { return true }
        }
        if error is NIOSSLExtraError { return true }
        return "\(error)".uppercased().contains("CERTIFICATE_VERIFY_FAILED")
    }

    private static func reason(of error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)).lowercased() }
        if let error = error as? NIOConnectionError, let first = error.connectionErrors.first {
            return reason(of: first.error)
        }
        if let error = error as? ChannelError, case .connectTimeout = error { return "no answer in 10 seconds" }
        return "\(error)"
    }
}
