// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims

/// One bag of a PKCS#12 safe.
final class SafeBag {
    let pointer: OpaquePointer

    private static let trustedKeyUsage = "2.16.840.1.113894.746875.1.1"

    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PKCS12_SAFEBAG_free(pointer) }

    /// A trusted-certificate entry.
    init(_ certificate: Certificate, alias: String) throws(KeystoreError) {
        let failure = KeystoreError.libraryFailure("make an entry of a keystore")
        guard let bag = try? ParsedCertificate(der: certificate.der).safeBag() else { throw failure }
        pointer = bag
        guard let everything = OBJ_nid2obj(NID_anyExtendedKeyUsage),
            PKCS12_add_friendlyname_utf8(bag, alias, Int32(alias.utf8.count)) == 1,
            eo_add_object_attribute(bag, Self.trustedKeyUsage, everything) == 1
        else { throw failure }
    }

    /// The friendly name in lower case, as Java compares aliases.
    var alias: String? {
        guard let text = PKCS12_get_friendlyname(pointer) else { return nil }
        defer { eo_free_openssl(text) }
        return String(cString: text).lowercased()
    }

    /// Private keys, encrypted or not, and secret keys.
    var isKey: Bool {
        [NID_keyBag, NID_pkcs8ShroudedKeyBag, NID_secretBag].contains(PKCS12_SAFEBAG_get_nid(pointer))
    }

    /// The certificate of an entry that Java trusts; nil for every other bag, such as one of a key's chain.
    var trustedCertificate: [UInt8]? {
        guard PKCS12_SAFEBAG_get_nid(pointer) == NID_certBag,
            PKCS12_SAFEBAG_get_bag_nid(pointer) == NID_x509Certificate,
            let usage = OBJ_txt2obj(Self.trustedKeyUsage, 1)
        else { return nil }
        defer { ASN1_OBJECT_free(usage) }
        guard X509at_get_attr_by_OBJ(PKCS12_SAFEBAG_get0_attrs(pointer), usage, -1) >= 0,
            let x509 = PKCS12_SAFEBAG_get1_cert(pointer)
        else { return nil }
        defer { X509_free(x509) }
        return encodedDER { i2d_X509(x509, $0) }
    }
}

extension ParsedCertificate {
    fileprivate func safeBag() throws(CertificateError) -> OpaquePointer {
        guard let bag = PKCS12_SAFEBAG_create_cert(x509) else { throw .libraryFailure("make an entry of a keystore") }
        return bag
    }
}

/// One safe of a PKCS#12 file: encrypted or plain, and its bags where they could be read.
final class Safe {
    /// As it stands in the file; nil for a new one.
    let original: UnsafeMutablePointer<PKCS7>?
    let isEncrypted: Bool
    var bags: [SafeBag]
    var isChanged = false

    init(original: UnsafeMutablePointer<PKCS7>, isEncrypted: Bool, bags: [SafeBag]) {
        self.original = original
        self.isEncrypted = isEncrypted
        self.bags = bags
    }

    init(new bag: SafeBag) {
        original = nil
        isEncrypted = true
        bags = [bag]
        isChanged = true
    }

    deinit { if let original { PKCS7_free(original) } }
}

/// What one of OpenSSL's `i2d` functions writes.
func encodedDER(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32) -> [UInt8]? {
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = encode(&bytes)
    guard count > 0, let bytes else { return nil }
    defer { eo_free_openssl(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
}
