// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims

/// One OpenSSL key, public or private; private parts are wiped by OpenSSL when the last owner lets go.
///
/// Unchecked, because an `EVP_PKEY` that nobody changes may be used by many threads: OpenSSL counts its references atomically and
/// locks its caches. Nothing here changes one after it was made.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    /// SHA-256 with RSA (PKCS #1 v1.5) or ECDSA, or plain Ed25519, by the kind of key.
    func sign(_ bytes: [UInt8]) throws(CertificateError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw .libraryFailure("allocate") }
        defer { EVP_MD_CTX_free(context) }
        var count = 0
        guard EVP_DigestSignInit(context, nil, digest, nil, pointer) == 1,
            EVP_DigestSign(context, nil, &count, bytes, bytes.count) == 1
        else { throw .libraryFailure("sign") }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1 else {
            throw .libraryFailure("sign")
        }
        return Array(signature.prefix(count))
    }

    func verifies(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, pointer) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    /// Ed25519 hashes by itself.
    private var digest: OpaquePointer? { EVP_PKEY_get_id(pointer) == EVP_PKEY_ED25519 ? nil : EVP_sha256() }
}

/// What is signed in place of `bytes`, so that a signature made for one purpose is none for another: DOMAIN, a zero byte, `bytes`.
func domainSeparated(_ bytes: [UInt8], _ domain: String) -> [UInt8] {
    precondition(!domain.isEmpty && !domain.utf8.contains(0), "a domain is a text without zero bytes")
    return Array(domain.utf8) + [0] + bytes
}
