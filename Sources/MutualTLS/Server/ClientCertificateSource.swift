// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOSSL
import TrustStores

/// From where a server knows with which certificate a client came.
package enum ClientCertificateSource: Sendable {
    /// From the TLS handshake of this very connection, in which the client proved to have the key. Headers say nothing.
    case handshake
    /// From `X-SSL-Client-Cert`, in which a proxy states what it saw: nginx's `$ssl_client_escaped_cert`.
    ///
    /// Only for a socket that nobody but that proxy can write to: whoever can, speaks for every peer.
    case proxyHeader

    static let certificateField = HTTPField.Name("X-SSL-Client-Cert")
    static let addressField = HTTPField.Name("X-Real-IP")

    func verdict(
        on request: Request, channel: any Channel, trust: TrustStoreContext
    ) async throws -> ClientVerdict {
        switch self {
        case .handshake:
            let shown = try await channel.nioSSL_peerCertificate().get()
            guard let fingerprint = Fingerprint(of: shown) else { return trust.judge(nil) }
            // The dates were judged at the handshake: a connection may outlast its certificate.
            guard let certificate = trust.installed(fingerprint) else {
                return .refused(reason: "it is not installed", fingerprint: fingerprint)
            }
            return .accepted(certificate)
        case .proxyHeader:
            guard let field = Self.certificateField else { return trust.judge(nil) }
            let values = request.headers[values: field]
            guard values.count <= 1 else {
                return .refused(reason: "the proxy names \(values.count) certificates", fingerprint: nil)
            }
            // Without a certificate nginx sends an empty one.
            guard let value = values.first, !value.isEmpty else { return trust.judge(nil) }
            guard let pem = value.removingPercentEncoding, let certificate = try? Certificate(pem: pem) else {
                return .refused(reason: "what the proxy names is no certificate", fingerprint: nil)
            }
            return trust.judge(certificate.der)
        }
    }

    /// Where the proxy says that the client is.
    func address(of request: Request) -> IPAddress? {
        guard case .proxyHeader = self, let field = Self.addressField else { return nil }
        return request.headers[field].flatMap { IPAddress($0) }
    }
}
