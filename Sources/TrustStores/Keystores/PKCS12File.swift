// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims

/// OpenSSL's PKCS#12 structure: the checksum under the password, and the safes.
final class PKCS12File {
    private let pointer: OpaquePointer
    /// How the checksum of an old file was made, and that of its successor will be.
    private var macDigest = EVP_sha256()
    private var macIterations: Int32 = 10_000

    /// As many rounds of hashing as a file may ask for before it is known who made it.
    private static let iterationLimit = 5_000_000

    init() throws(KeystoreError) {
        guard let new = PKCS12_init(NID_pkcs7_data) else { throw .libraryFailure("make a keystore") }
        pointer = new
    }

    /// Takes all of `bytes`.
    init(bytes: [UInt8], path: String) throws(KeystoreError) {
        let parsed = bytes.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var cursor = bytes.baseAddress
            guard let p12 = d2i_PKCS12(nil, &cursor, bytes.count) else { return nil }
            guard let end = cursor, let start = bytes.baseAddress, end == start + bytes.count else {
                PKCS12_free(p12)
                return nil
            }
            return p12
        }
        ERR_clear_error()
        guard let parsed else { throw .damaged(path: path) }
        pointer = parsed
    }

    deinit { PKCS12_free(pointer) }

    func checkMAC(_ password: KeystorePassword, path: String) throws(KeystoreError) {
        var (mac, salt): (UnsafePointer<ASN1_OCTET_STRING>?, UnsafePointer<ASN1_OCTET_STRING>?)
        var algorithm: UnsafePointer<X509_ALGOR>?
        var iterations: UnsafePointer<ASN1_INTEGER>?
        guard PKCS12_mac_present(pointer) == 1 else { throw .damaged(path: path) }
        PKCS12_get0_mac(&mac, &algorithm, &salt, &iterations, pointer)
        let count = iterations.map { ASN1_INTEGER_get($0) } ?? 1
        guard (1...Self.iterationLimit).contains(count) else { throw .damaged(path: path) }
        let fits = password.withUTF8 { PKCS12_verify_mac(pointer, $0, $1) == 1 }
        ERR_clear_error()
        guard fits else { throw .wrongPasswordOrDamaged(path: path) }
        macIterations = Int32(count)
        if let object = algorithm?.pointee.algorithm, let digest = EVP_get_digestbyname(OBJ_nid2sn(OBJ_obj2nid(object)))
        {
            macDigest = digest
        }
    }

    func safes(_ password: KeystorePassword, path: String) throws(KeystoreError) -> [Safe] {
        guard let list = PKCS12_unpack_authsafes(pointer) else { throw .damaged(path: path) }
        defer { OPENSSL_sk_free(list) }
        // All are owned from here on, also when one of them cannot be read.
        let all = (0..<OPENSSL_sk_num(list)).compactMap { index in
            OPENSSL_sk_value(list, index).map { $0.assumingMemoryBound(to: PKCS7.self) }
        }
        let safes = all.map { p7 in (p7, Self.bags(of: p7, password)) }.map { p7, bags in
            (
                Safe(original: p7, isEncrypted: OBJ_obj2nid(p7.pointee.type) != NID_pkcs7_data, bags: bags ?? []),
                bags != nil
            )
        }
        guard safes.allSatisfy(\.1) else { throw .damaged(path: path) }
        return safes.map(\.0)
    }

    func serialized(_ safes: [Safe], _ password: KeystorePassword) throws(KeystoreError) -> [UInt8] {
        guard let list = OPENSSL_sk_new_null() else { throw .libraryFailure("write a keystore") }
        var made: [UnsafeMutablePointer<PKCS7>] = []
        defer {
            OPENSSL_sk_free(list)
            for p7 in made { PKCS7_free(p7) }
        }
        for safe in safes {
            var p7 = safe.original
            if safe.isChanged {
                p7 = Self.pack(safe, password)
                if let p7 { made.append(p7) }
            }
            guard let p7, OPENSSL_sk_push(list, p7) > 0 else { throw .libraryFailure("write a keystore") }
        }
        let isWritten = password.withUTF8 { password, count in
            PKCS12_pack_authsafes(pointer, list) == 1
                && PKCS12_set_mac(pointer, password, count, nil, 20, macIterations, macDigest) == 1
        }
        ERR_clear_error()
        guard isWritten, let bytes = encodedDER({ i2d_PKCS12(self.pointer, $0) }) else {
            throw .libraryFailure("write a keystore")
        }
        return bytes
    }

    // MARK: Safes

    private static func bags(of p7: UnsafeMutablePointer<PKCS7>, _ password: KeystorePassword) -> [SafeBag]? {
        var list: OpaquePointer?
        if OBJ_obj2nid(p7.pointee.type) == NID_pkcs7_data {
            list = PKCS12_unpack_p7data(p7)
        } else {
            let open = { password.withUTF8 { PKCS12_unpack_p7encdata(p7, $0, $1) } }
            list = open()
            // Java before 16 encrypted certificates with RC2, which OpenSSL keeps apart.
            if list == nil, loadOldCiphers { list = open() }
        }
        ERR_clear_error()
        guard let list else { return nil }
        defer { OPENSSL_sk_free(list) }
        return (0..<OPENSSL_sk_num(list)).compactMap { index in
            OPENSSL_sk_value(list, index).map { SafeBag(owning: OpaquePointer($0)) }
        }
    }

    private static let loadOldCiphers: Bool = {
        // With one provider loaded by name, the usual one is no longer loaded by itself.
        OSSL_PROVIDER_load(nil, "legacy") != nil && OSSL_PROVIDER_load(nil, "default") != nil
    }()

    private static func pack(_ safe: Safe, _ password: KeystorePassword) -> UnsafeMutablePointer<PKCS7>? {
        guard let list = OPENSSL_sk_new_null() else { return nil }
        defer { OPENSSL_sk_free(list) }
        for bag in safe.bags { guard OPENSSL_sk_push(list, UnsafeRawPointer(bag.pointer)) > 0 else { return nil } }
        guard safe.isEncrypted else { return PKCS12_pack_p7data(list) }
        // As Java does since 16: PBES2, PBKDF2 with HMAC-SHA-256, AES-256 in CBC mode.
        return password.withUTF8 { PKCS12_pack_p7encdata(NID_aes_256_cbc, $0, $1, nil, 20, 10_000, list) }
    }
}
