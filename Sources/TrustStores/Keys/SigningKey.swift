// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import DurableFiles
import Foundation
import OperatorErrors

/// An authority's Ed25519 key, with which it signs what it says on boards. Secret; its file, mode 0600, is 32 raw bytes and the
/// public key that belongs to them, so that a flipped bit makes no other key of it. Files of 32 bytes are older.
///
/// It is handed to OpenSSL for one signature at a time: what OpenSSL holds of such a key does not lie in its secure heap.
package struct SigningKey: Sendable {
    private let seed: SecretMemory
    package let verifying: VerifyingKey

    private static let byteCount = 32

    /// Reads the key at `path`, or makes it there if there is none yet.
    package static func stored(at path: String) throws -> SigningKey {
        if let key = try read(path) { return key }
        let seed = SecretMemory(count: byteCount)
        guard RAND_priv_bytes(seed.bytes.baseAddress, Int32(byteCount)) == 1 else {
            throw CertificateError.libraryFailure("draw random bytes")
        }
        let content = SecretMemory(count: 2 * byteCount)
        content.bytes.copyMemory(from: UnsafeRawBufferPointer(seed.bytes))
        for (index, byte) in try SigningKey(seed, path: path).verifying.bytes.enumerated() {
            content.bytes[byteCount + index] = byte
        }
        do { try DurableFile.create(UnsafeRawBufferPointer(content.bytes), at: path, mode: 0o600) } catch {
            // Where another process was first, its key is the one.
            guard error.reason == EEXIST else { throw error }
        }
        guard let key = try read(path) else { throw CertificateError.unusable(what: "signing key", path: path) }
        return key
    }

    private static func read(_ path: String) throws -> SigningKey? {
        guard let content = try SecretMemory(file: path, limit: 2 * byteCount) else { return nil }
        guard content.bytes.count >= byteCount else { throw CertificateError.unusable(what: "signing key", path: path) }
        let seed = SecretMemory(count: byteCount)
        seed.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: content.bytes[..<byteCount]))
        let key = try SigningKey(seed, path: path)
        guard content.bytes.count == byteCount || content.bytes[byteCount...].elementsEqual(key.verifying.bytes) else {
            throw CertificateError.unusable(what: "signing key", path: path)
        }
        return key
    }

    private init(_ seed: SecretMemory, path: String) throws(CertificateError) {
        guard seed.bytes.count == Self.byteCount, let key = Self.handle(of: seed) else {
            throw .unusable(what: "signing key", path: path)
        }
        self.seed = seed
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        var count = Self.byteCount
        guard EVP_PKEY_get_raw_public_key(key.pointer, &bytes, &count) == 1, let verifying = VerifyingKey(bytes) else {
            throw .libraryFailure("compute a public key")
        }
        self.verifying = verifying
    }

    private static func handle(of seed: SecretMemory) -> KeyHandle? {
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed.bytes.baseAddress, seed.bytes.count)
            .map { KeyHandle(owning: $0) }
    }

    /// 64 bytes, the same for the same input. The caller's bytes carry their own domain tag.
    package func sign(_ bytes: [UInt8]) throws(CertificateError) -> [UInt8] {
        guard let handle = Self.handle(of: seed) else { throw .libraryFailure("sign") }
        return try handle.sign(bytes)
    }
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
