// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims
public import Foundation

extension Certificate {
    /// A certificate that `key` signs for itself, as authorities use them: a root of its own (CA:TRUE), for servers and clients.
    ///
    /// - Parameters:
    ///   - hostName: the common name and first alternative name.
    ///   - addresses: more alternative names.
    public static func selfSigned(
        by key: CertificateKey, hostName: HostName, addresses: [IPAddress] = [], validFrom: Date = Date(),
        days: Int = 7300
    ) throws(CertificateError) -> Certificate {
        guard let x509 = X509_new() else { throw .libraryFailure("allocate") }
        defer { X509_free(x509) }
        try fill(x509, key: key, hostName: hostName, validFrom: validFrom, days: days)
        let names = ["DNS:\(hostName)"] + addresses.map { "IP:\($0)" }
        // The subject key identifier must stand before the authority's, which is copied from it.
        for (identifier, value) in [
            (NID_basic_constraints, "critical,CA:TRUE"),
            (NID_key_usage, "critical,digitalSignature,keyEncipherment,keyCertSign"),
            (NID_ext_key_usage, "serverAuth,clientAuth"),
            (NID_subject_key_identifier, "hash"),
            (NID_authority_key_identifier, "keyid:always"),
            (NID_subject_alt_name, names.joined(separator: ",")),
        ] {
            try add(identifier, value, to: x509)
        }
        guard X509_sign(x509, key.handle.pointer, EVP_sha256()) > 0 else { throw .libraryFailure("sign a certificate") }
        return try Certificate(der: encoded(x509))
    }

    private static func fill(
        _ x509: OpaquePointer, key: CertificateKey, hostName: HostName, validFrom: Date, days: Int
    ) throws(CertificateError) {
        var serial = [UInt8](repeating: 0, count: 16)
        guard X509_set_version(x509, 2) == 1, RAND_bytes(&serial, 16) == 1, let number = BN_bin2bn(serial, 16, nil)
        else {
            throw .libraryFailure("make a certificate")
        }
        defer { BN_free(number) }
        let start = UnsafeMutablePointer<time_t>.allocate(capacity: 1)
        defer { start.deallocate() }
        start.pointee = time_t(validFrom.timeIntervalSince1970)
        let name = X509_get_subject_name(x509)
        let text = Array(hostName.text.utf8)
        // RFC 5280 bounds a common name at 64 bytes; a longer host name stands in the alternative names alone.
        let commonName = text.count <= 64 ? text : Array("authority".utf8)
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nil,
            X509_time_adj_ex(X509_getm_notBefore(x509), 0, 0, start) != nil,
            X509_time_adj_ex(X509_getm_notAfter(x509), Int32(days), 0, start) != nil,
            X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, commonName, Int32(commonName.count), -1, 0)
                == 1,
            X509_set_issuer_name(x509, name) == 1, X509_set_pubkey(x509, key.handle.pointer) == 1
        else { throw .libraryFailure("make a certificate") }
    }

    private static func add(_ identifier: Int32, _ value: String, to x509: OpaquePointer) throws(CertificateError) {
        var context = X509V3_CTX()
        eo_self_signed_context(&context, x509)
        guard let added = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
            throw .libraryFailure("make a certificate's extension")
        }
        defer { X509_EXTENSION_free(added) }
        guard X509_add_ext(x509, added, -1) == 1 else { throw .libraryFailure("make a certificate's extension") }
    }

    private static func encoded(_ x509: OpaquePointer) throws(CertificateError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(x509, &bytes)
        guard count > 0, let bytes else { throw .libraryFailure("encode a certificate") }
        defer { eo_free_openssl(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}
