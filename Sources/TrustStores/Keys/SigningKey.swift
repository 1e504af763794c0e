// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Foundation
import OperatorErrors

/// An authority's Ed25519 key, with which it signs what it says on boards. Secret; its file is 32 raw bytes, mode 0600.
package struct SigningKey: Sendable {
    private let handle: KeyHandle
    package let verifying: VerifyingKey

    /// Reads the key at `path`, or makes it there if there is none yet.
    package static func stored(at path: String) throws -> SigningKey {
        if let key = try read(path) { return key }
        var seed = try randomSeed()
        let created = Result { try DurableFile.create(seed, at: path, mode: 0o600) }
        OPENSSL_cleanse(&seed, seed.count)
        // Where another process was first, its key is the one.
        if case .failure(let error) = created, (error as? FileError)?.reason != EEXIST { throw error }
        guard let key = try read(path) else { throw CertificateError.unusable(what: "signing key", path: path) }
        return key
    }

    private static func read(_ path: String) throws -> SigningKey? {
        guard var seed = try DurableFile.read(path, limit: 64) else { return nil }
        let key = Result { try SigningKey(seed, path: path) }
        OPENSSL_cleanse(&seed, seed.count)
        return try key.get()
    }

    private static func randomSeed() throws(CertificateError) -> [UInt8] {
        var seed = [UInt8](repeating: 0, count: 32)
        guard RAND_priv_bytes(&seed, 32) == 1 else { throw .libraryFailure("draw random bytes") }
        return seed
    }

    private init(_ seed: [UInt8], path: String) throws(CertificateError) {
        guard seed.count == 32, let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, 32) else {
            throw .unusable(what: "signing key", path: path)
        }
        handle = KeyHandle(owning: key)
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = 32
        guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, let verifying = VerifyingKey(bytes) else {
            throw .libraryFailure("compute a public key")
        }
        self.verifying = verifying
    }

    /// 64 bytes, the same for the same input. The caller's bytes carry their own domain tag.
    package func sign(_ bytes: [UInt8]) throws(CertificateError) -> [UInt8] { try handle.sign(bytes) }
}

/// The public half of a ``SigningKey``: 32 bytes.
package struct VerifyingKey: Sendable, Hashable {
    package let bytes: [UInt8]

    /// Refuses another length than 32. A point that is none verifies nothing.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    package func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard signature.count == 64, let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, 32) else {
            ERR_clear_error()
            return false
        }
        return KeyHandle(owning: key).verifies(signature, over: message)
    }
}
