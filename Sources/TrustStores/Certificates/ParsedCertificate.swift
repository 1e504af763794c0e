// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims
import Foundation

/// OpenSSL's view of a certificate, for as long as one question takes.
struct ParsedCertificate: ~Copyable {
    let x509: OpaquePointer

    /// Takes all of `der`: bytes behind the certificate are refused.
    init(der: [UInt8]) throws(CertificateError) {
        let parsed = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var cursor = bytes.baseAddress
            guard let x509 = d2i_X509(nil, &cursor, bytes.count) else { return nil }
            guard let end = cursor, let start = bytes.baseAddress, end == start + bytes.count else {
                X509_free(x509)
                return nil
            }
            return x509
        }
        ERR_clear_error()
        guard let parsed else { throw .malformed }
        x509 = parsed
    }

    deinit { X509_free(x509) }

    var subject: String {
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        X509_NAME_print_ex(bio, X509_get_subject_name(x509), 0, eo_name_flags())
        var bytes: UnsafeMutablePointer<CChar>?
        let count = eo_bio_bytes(bio, &bytes)
        guard let bytes, count > 0 else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    var commonName: String? {
        let name = X509_get_subject_name(x509)
        let index = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard index >= 0, let text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)) else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, text)
        guard count >= 0, let bytes else { return nil }
        defer { eo_free_openssl(bytes) }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    var hostNames: [String] { alternativeNames(GEN_DNS) { String(decoding: $0, as: UTF8.self) } }

    var addresses: [IPAddress] { alternativeNames(GEN_IPADD) { IPAddress(bytes: $0) } }

    func validity() throws(CertificateError) -> (Date, Date) {
        guard let from = date(X509_get0_notBefore(x509)), let until = date(X509_get0_notAfter(x509)) else {
            throw .malformed
        }
        return (from, until)
    }

    /// False where it names itself as its issuer, and its key did not sign what it says.
    var isAsSigned: Bool {
        defer { ERR_clear_error() }
        guard X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0,
            let key = X509_get0_pubkey(x509)
        else { return true }
        return X509_verify(x509, key) == 1
    }

    var isAuthority: Bool { X509_check_ca(x509) == 1 }

    var allowsSigning: Bool {
        // Reads the extensions into OpenSSL's cache first; without the extension all usages are set.
        X509_check_ca(x509)
        return X509_get_key_usage(x509) & UInt32(KU_DIGITAL_SIGNATURE) != 0
    }

    func keyDescription() throws(CertificateError) -> String {
        guard let key = X509_get0_pubkey(x509) else { throw .malformed }
        let name = EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "unknown"
        return "\(name) \(EVP_PKEY_get_bits(key))"
    }

    var keyStrength: Int { X509_get0_pubkey(x509).map { Int(EVP_PKEY_get_security_bits($0)) } ?? 0 }

    /// The name of the signature's algorithm and its strength in bits, 0 for one that OpenSSL does not know.
    var signature: (name: String, strength: Int) {
        let identifier = X509_get_signature_nid(x509)
        let name = identifier == NID_undef ? nil : OBJ_nid2ln(identifier).map { String(cString: $0) }
        var strength: Int32 = 0
        let isKnown = X509_get_signature_info(x509, nil, nil, &strength, nil) == 1
        ERR_clear_error()
        return (name ?? "unknown", isKnown ? Int(strength) : 0)
    }

    func isFor(_ host: HostName) -> Bool {
        let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        return X509_check_host(x509, host.text, host.text.utf8.count, flags, nil) == 1
    }

    func publicKey() throws(CertificateError) -> KeyHandle {
        guard let key = X509_get_pubkey(x509) else { throw .malformed }
        return KeyHandle(owning: key)
    }

    private func alternativeNames<Name>(_ type: Int32, _ make: ([UInt8]) -> Name?) -> [Name] {
        guard let names = X509_get_ext_d2i(x509, NID_subject_alt_name, nil, nil) else { return [] }
        let list = OpaquePointer(names)
        defer { GENERAL_NAMES_free(list) }
        return (0..<eo_general_name_count(list)).compactMap { index in
            var length: Int32 = 0
            guard let bytes = eo_general_name(list, index, type, &length), length > 0 else { return nil }
            return make(Array(UnsafeBufferPointer(start: bytes, count: Int(length))))
        }
    }

    private func date(_ time: UnsafePointer<ASN1_TIME>?) -> Date? {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Date(timeIntervalSince1970: TimeInterval(timegm(&parts)))
    }
}
