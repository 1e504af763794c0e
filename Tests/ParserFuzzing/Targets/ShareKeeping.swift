// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Foundation
import GroupArithmetic
import Orchestration
import TrustStores

/// An authority that takes key shares back, with a certificate and a key that are made once a process.
struct ShareKeeping: Sendable {
    /// A message for this authority in which some bytes are replaced by others.
    struct Place: Sendable {
        let name: String
        /// What could stand there, so that the message is opened.
        let bytes: [UInt8]
        /// Whether the content and the code over it stay as they were sealed.
        let leavesContent: Bool
        private let whole: [UInt8]
        private let place: DERPlace

        fileprivate init(
            _ name: String, in whole: [UInt8], _ path: [Int], _ children: Range<Int>, bytes: [UInt8]? = nil,
            leavesContent: Bool
        ) {
            self.name = name
            self.whole = whole
            self.leavesContent = leavesContent
            place = DERPlace(path: path, children: children)
            self.bytes = bytes ?? derBytes(at: place, of: whole)
        }

        func message(with bytes: [UInt8]) -> String {
            Data(splicing(bytes, into: place, of: whole)).base64EncodedString()
        }
    }

    let certificate: Certificate
    let places: [Place]
    private let envelope: KeyShareEnvelope
    private let openEnvelope: KeyShareEnvelope

    /// One with an RSA key, as `eorchestra init` makes them, and one with a key on a curve.
    static let all = Result { try [withRSA(), withCurve()] }

    private static func withRSA() throws -> ShareKeeping {
        // A short one, as thousands of messages are opened with it.
        try ShareKeeping(CertificateKey.generate(bits: 1024)) { message in
            let older = splicing(CMSBytes.envelopedData, into: DERPlace(path: [], children: 0..<1), of: message)
            return [
                Place("key-transport", in: message, [1, 0, 1, 0], 2..<3, leavesContent: true),
                Place("content", in: message, [1, 0], 2..<4, leavesContent: false),
                Place("older-content", in: older, [1, 0], 2..<4, bytes: CMSBytes.stream, leavesContent: false),
            ]
        }
    }

    private static func withCurve() throws -> ShareKeeping {
        try ShareKeeping(curveKey()) { message in
            [
                Place("key-agreement", in: message, [1, 0, 1, 0], 1..<3, leavesContent: true),
                Place("agreed-key", in: message, [1, 0, 1, 0, 3, 0], 1..<2, leavesContent: true),
            ]
        }
    }

    private init(_ key: CertificateKey, _ places: ([UInt8]) -> [Place]) throws {
        guard let name = HostName("a.example") else { throw BrokenInvariant(description: "a.example is a host name") }
        certificate = try Certificate.selfSigned(by: key, hostName: name)
        envelope = KeyShareEnvelope(certificate: certificate, key: key, leavesUnencrypted: false)
        openEnvelope = KeyShareEnvelope(certificate: certificate, key: key, leavesUnencrypted: true)
        self.places = places(try Self.message(of: ShareSample.content, for: certificate))
        // Otherwise what is put there would never meet the right key.
        for place in self.places {
            let content = try opened(place.message(with: place.bytes))
            try require(content != nil, "no message is opened whatever stands at \(place.name)")
        }
    }

    func sealed(_ content: [UInt8]) throws -> String { try envelope.sealed(SecretBytes(content), for: certificate) }

    /// What is taken for key shares. Nothing that somebody sends is a failure of this authority's: that would be an error here.
    func opened(_ text: String, unencrypted: Bool = false) throws -> [UInt8]? {
        guard let shares = try (unencrypted ? openEnvelope : envelope).opened(text) else { return nil }
        try ShareSample.check(shares)
        return shares.withBytes { Array($0) }
    }

    static func message(of content: [UInt8], for certificate: Certificate) throws -> [UInt8] {
        try content.withUnsafeBytes { try EnvelopedMessage.seal($0, for: [certificate]) }
    }

    private static func curveKey() throws -> CertificateKey {
        let path = "\(try scratchFolder(of: .privateShares))/curve.pem"
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        let file = BIO_new_file(path, "w")
        var key: OpaquePointer?
        defer {
            EVP_PKEY_free(key)
            EVP_PKEY_CTX_free(context)
        }
        let isMade =
            EVP_PKEY_keygen_init(context) == 1
            && EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1
            && EVP_PKEY_keygen(context, &key) == 1
            && PEM_write_bio_PrivateKey(file, key, nil, nil, 0, nil, nil) == 1
        BIO_free(file)
        try require(isMade, "OpenSSL makes no key")
        return try CertificateKey(file: path)
    }
}
