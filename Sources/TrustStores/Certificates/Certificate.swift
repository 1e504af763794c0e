// SPDX-License-Identifier: Apache-2.0

import COpenSSL
public import Foundation

/// An X.509 certificate: its bytes, and what an operator or a check wants to know of them.
///
/// That a value exists says that the bytes parse, and nothing about trust: only being in a ``TrustStore`` gives that.
public struct Certificate: Sendable {
    /// The largest certificate that is taken, in bytes of DER.
    public static let byteLimit = 64 << 10

    public let der: [UInt8]
    public let fingerprint: Fingerprint
    /// In the form of RFC 2253. Foreign text.
    public let subject: String
    /// The first common name of the subject. Foreign text.
    public let commonName: String?
    /// The DNS names of the subject alternative name. Foreign text.
    public let hostNames: [String]
    public let addresses: [IPAddress]
    public let validFrom: Date
    public let validUntil: Date
    /// Basic constraints say CA:TRUE.
    public let isAuthority: Bool
    /// False only if there is a key usage extension that leaves digitalSignature out: TLS then refuses the certificate.
    public let allowsSigning: Bool
    /// Such as "RSA 4096" or "EC 256".
    public let keyDescription: String
    /// The work of breaking the key, in bits: 112 for RSA with 2048.
    public let keyStrength: Int
    /// Such as "sha256WithRSAEncryption".
    public let signatureDescription: String
    /// The work of forging a signature of that kind, in bits: 128 for SHA-256, 63 for SHA-1.
    public let signatureStrength: Int

    /// - Throws: ``CertificateError/malformed`` or ``CertificateError/tooLarge(bytes:limit:)``.
    public init(der: [UInt8]) throws(CertificateError) {
        guard der.count <= Self.byteLimit else { throw .tooLarge(bytes: der.count, limit: Self.byteLimit) }
        let parsed = try ParsedCertificate(der: der)
        self.der = der
        fingerprint = Fingerprint(ofDER: der)
        subject = parsed.subject
        commonName = parsed.commonName
        hostNames = parsed.hostNames
        addresses = parsed.addresses
        (validFrom, validUntil) = try parsed.validity()
        isAuthority = parsed.isAuthority
        allowsSigning = parsed.allowsSigning
        keyDescription = try parsed.keyDescription()
        keyStrength = parsed.keyStrength
        (signatureDescription, signatureStrength) = parsed.signature
    }

    /// The one certificate of a PEM text, with whatever else may stand around it.
    ///
    /// - Throws: ``CertificateError`` for no certificate or several, and for any private key.
    public init(pem: String) throws(CertificateError) {
        guard !pem.contains("PRIVATE KEY") else { throw .containsPrivateKey }
        let certificates = PEM.blocks(in: Array(pem.utf8)).filter { PEM.isCertificate($0.label) }
        guard certificates.count == 1 else { throw .certificateCount(certificates.count) }
        guard let contents = certificates[0].contents else { throw .malformed }
        try self.init(der: contents)
    }

    /// As one PEM block, ending with a line end.
    public var pem: String { PEM.encode(der, label: "CERTIFICATE") }

    /// Whether TLS would take this certificate for `host`: a DNS name that matches, or the common name where there are no names.
    public func isFor(_ host: HostName) -> Bool {
        guard let parsed = try? ParsedCertificate(der: der) else { return false }
        return parsed.isFor(host)
    }

    /// False for a self-signed certificate of which something has changed since it was made.
    package var isAsSigned: Bool { (try? ParsedCertificate(der: der).isAsSigned) ?? false }

    /// Whether `signature` is that of this certificate's key over `bytes` in `domain`; see ``CertificateKey/sign(_:domain:)``.
    public func verifies(_ signature: [UInt8], over bytes: [UInt8], domain: String) -> Bool {
        guard let key = try? ParsedCertificate(der: der).publicKey() else { return false }
        return key.verifies(signature, over: domainSeparated(bytes, domain))
    }
}

extension Certificate: Hashable {
    public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }
    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension PEM {
    static func isCertificate(_ label: String) -> Bool { label == "CERTIFICATE" || label == "X509 CERTIFICATE" }
}
