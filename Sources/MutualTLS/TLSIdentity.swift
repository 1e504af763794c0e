// SPDX-License-Identifier: Apache-2.0

import NIOSSL
package import TrustStores

/// What this authority shows in a handshake, as server and as client: its certificate and the key to it.
package struct TLSIdentity: Sendable {
    package let certificate: Certificate
    let key: NIOSSLPrivateKey
    let chain: [NIOSSLCertificateSource]

    /// - Throws: ``CertificateError/unusable(what:path:)`` for a key that cannot be read.
    package init(certificate: Certificate, keyPath: String) throws {
        self.certificate = certificate
        guard let key = try? NIOSSLPrivateKey(file: keyPath, format: .pem) else {
            throw CertificateError.unusable(what: "private key", path: keyPath)
        }
        self.key = key
        chain = [.certificate(try NIOSSLCertificate(bytes: certificate.der, format: .der))]
    }

    /// All that a peer's certificate may sign a handshake with: BoringSSL's own list leaves P-521 and Ed25519 out.
    static let signatureAlgorithms: [SignatureAlgorithm] = [
        .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .ecdsaSecp521R1Sha512, .ed25519,
        .rsaPssRsaeSha256, .rsaPssRsaeSha384, .rsaPssRsaeSha512, .rsaPkcs1Sha256, .rsaPkcs1Sha384, .rsaPkcs1Sha512,
    ]
}

extension Fingerprint {
    init?(of certificate: NIOSSLCertificate?) {
        guard let der = try? certificate?.toDERBytes() else { return nil }
        self.init(ofDER: der)
    }
}
