// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Foundation
import PeerPackages
import TrustStores

extension Seeds {
    static func packages() -> [String: [UInt8]] {
        let pem = SampleCertificate.pem.replacing("\n", with: "\\n")
        let values = "\"hostname\": \"peer.example\", \"ip_address\": \"192.0.2.1\", \"port\": 5000, \"version\": 1"
        return [
            "ours": Array("{\(values), \"ssl_certificate\": \"\(pem)\"}".utf8),
            "least": Array(
                "{\"hostname\":\"P\",\"ip_address\":\"2001:db8::1\",\"ssl_certificate\":\"\(pem)\",\"more\":[{}]}".utf8),
            "climbing": Array("{\"hostname\": \"../x\", \"ip_address\": \"`id`\", \"ssl_certificate\": \"\"}".utf8),
        ]
    }

    static func pem() -> [String: [UInt8]] {
        let pem = SampleCertificate.pem
        return [
            "one": Array(pem.utf8), "commented": Array(("# peer.example\n\(pem)# a comment\n\(pem)").utf8),
            "other-label": Array(pem.replacing("CERTIFICATE", with: "X509 CERTIFICATE").utf8),
            "unended": Array(pem.dropLast(30).utf8), "nested": Array((String(pem.prefix(60)) + "\n" + pem).utf8),
            "carriage-returns": Array(pem.replacing("\n", with: "\r\n").utf8),
        ]
    }

    private static var der: [UInt8] { SampleCertificate.certificate?.der ?? [] }

    static func javaKeystores() -> [String: [UInt8]] {
        func bytes(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        func text(_ text: String) -> [UInt8] { bytes(text.utf8.count, 2) + Array(text.utf8) }
        func keystore(_ version: Int, _ entries: [[UInt8]]) -> [UInt8] {
            let contents =
                [0xFE, 0xED, 0xFE, 0xED] + bytes(version, 4) + bytes(entries.count, 4) + entries.flatMap { $0 }
            return contents + javaChecksum(contents)
        }
        let certificate = bytes(der.count, 4) + der
        func trusted(_ alias: String, typed: Bool = true) -> [UInt8] {
            bytes(2, 4) + text(alias) + bytes(1_700_000_000_000, 8) + (typed ? text("X.509") : []) + certificate
        }
        let key =
            bytes(1, 4) + text("mine") + bytes(1, 8) + bytes(3, 4) + [1, 2, 3] + bytes(1, 4) + text("X.509")
            + certificate
        return [
            "trusted": keystore(2, [trusted("peer.example"), trusted("other")]),
            "key": keystore(2, [key, trusted("ä")]),
            "version-1": keystore(1, [trusted("old", typed: false)]), "empty": keystore(2, []),
        ]
    }

    static func pkcs12Keystores() throws -> [String: [UInt8]] {
        let password = KeystorePassword(keystorePassword)
        var keystore = try Keystores.read(nil, password: password, path: "/k.p12")
        if let certificate = SampleCertificate.certificate { try keystore.set(certificate, alias: "peer.example") }
        return [
            "ours": try keystore.serialized(password), "plain": try plainPKCS12(),
            "none": try Keystores.read(nil, password: password, path: "/k.p12").serialized(password),
        ]
    }

    /// One certificate in a safe without encryption, so that a fuzzer gets to it at once.
    private static func plainPKCS12() throws -> [UInt8] {
        let failure = BrokenInvariant(description: "OpenSSL makes no keystore")
        let x509 = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var cursor = bytes.baseAddress
            return d2i_X509(nil, &cursor, bytes.count)
        }
        guard let file = PKCS12_init(NID_pkcs7_data), let bags = OPENSSL_sk_new_null(),
            let safes = OPENSSL_sk_new_null(),
            let x509, let bag = PKCS12_SAFEBAG_create_cert(x509),
            PKCS12_add_friendlyname_utf8(bag, "peer.example", 12) == 1,
            OPENSSL_sk_push(bags, UnsafeRawPointer(bag)) > 0,
            let safe = PKCS12_pack_p7data(bags), OPENSSL_sk_push(safes, safe) > 0,
            PKCS12_pack_authsafes(file, safes) == 1,
            PKCS12_set_mac(file, keystorePassword, Int32(keystorePassword.utf8.count), nil, 8, 1, EVP_sha1()) == 1
        else { throw failure }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_PKCS12(file, &bytes)
        guard count > 0, let bytes else { throw failure }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}
