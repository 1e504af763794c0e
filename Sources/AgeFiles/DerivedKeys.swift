// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The keys of a file, from its file key and from the passphrase.
enum DerivedKeys {
    /// HKDF with SHA-256 (RFC 5869), one block of output.
    static func hkdf(_ secret: WipedBytes, salt: [UInt8], info: String) throws(AgeError) -> WipedBytes {
        // No salt counts as 32 zero bytes.
        let salt = WipedBytes(copying: salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt)
        let extracted = try hmac(secret, key: salt)
        return try hmac(WipedBytes(copying: Array(info.utf8) + [1]), key: extracted)
    }

    static func hmac(_ message: WipedBytes, key: WipedBytes) throws(AgeError) -> WipedBytes {
        let code = WipedBytes(count: 32)
        defer { withExtendedLifetime((message, key)) {} }
        guard
            HMAC(
                EVP_sha256(), key.memory.baseAddress, Int32(key.count), message.start, message.count, code.start, nil)
                != nil
        else { throw .libraryFailure("compute a code") }
        return code
    }

    /// The key that wraps the file key: scrypt (RFC 7914) with r = 8, p = 1, N = 2^logN.
    static func wrapping(_ passphrase: Passphrase, salt: [UInt8], logN: Int) throws(AgeError) -> WipedBytes {
        let salt = Array("age-encryption.org/v1/scrypt".utf8) + salt
        let key = WipedBytes(count: ChaChaPoly.keyByteCount)
        let rounds = UInt64(1) << UInt64(logN)
        defer { withExtendedLifetime(passphrase) {} }
        let text = passphrase.secret.memory.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard
            EVP_PBE_scrypt(
                text, passphrase.secret.count, salt, salt.count, rounds, 8, 1, rounds * 1024 + (1 << 24), key.start,
                key.count) == 1
        else { throw .libraryFailure("derive a key of the passphrase") }
        return key
    }
}
