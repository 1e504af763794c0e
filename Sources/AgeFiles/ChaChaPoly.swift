// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// ChaCha20-Poly1305 (RFC 8439) under one key. Whoever seals gives each piece a nonce of its own.
final class ChaChaPoly {
    static let keyByteCount = 32
    static let tagByteCount = 16

    private let key: WipedBytes
    private let context: OpaquePointer

    init(_ key: WipedBytes) throws(AgeError) {
        precondition(key.count == Self.keyByteCount, "a key of \(key.count) bytes")
        guard let context = EVP_CIPHER_CTX_new() else { throw .libraryFailure("allocate") }
        self.key = key
        self.context = context
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Writes the ciphertext and the tag behind it.
    ///
    /// - Parameters:
    ///   - nonce: 12 bytes.
    ///   - sealed: as long as `plain` and a tag.
    func seal(
        _ plain: UnsafeRawBufferPointer, nonce: [UInt8], into sealed: UnsafeMutableRawBufferPointer
    ) throws(AgeError) {
        precondition(nonce.count == 12 && sealed.count == plain.count + Self.tagByteCount, "sizes do not fit")
        let (input, output) = (plain.octets, sealed.octets)
        var (written, rest): (Int32, Int32) = (0, 0)
        guard EVP_EncryptInit_ex(context, EVP_chacha20_poly1305(), nil, key.start, nonce) == 1,
            plain.isEmpty || EVP_EncryptUpdate(context, output, &written, input, Int32(plain.count)) == 1,
            EVP_EncryptFinal_ex(context, output?.advanced(by: Int(written)), &rest) == 1,
            EVP_CIPHER_CTX_ctrl(
                context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagByteCount), output?.advanced(by: plain.count)) == 1
        else { throw .libraryFailure("encrypt") }
    }

    /// The ciphertext with the tag behind it.
    func seal(_ plain: WipedBytes, nonce: [UInt8]) throws(AgeError) -> WipedBytes {
        let sealed = WipedBytes(count: plain.count + Self.tagByteCount)
        defer { withExtendedLifetime((plain, sealed)) {} }
        try seal(plain.bytes, nonce: nonce, into: sealed.memory)
        return sealed
    }

    /// The plaintext; nil if the tag is not that of these bytes, which are a tag at least.
    func open(_ sealed: WipedBytes, nonce: [UInt8]) throws(AgeError) -> WipedBytes? {
        let plain = WipedBytes(count: sealed.count - Self.tagByteCount)
        defer { withExtendedLifetime((plain, sealed)) {} }
        return try open(sealed.bytes, nonce: nonce, into: plain.memory) ? plain : nil
    }

    /// Writes the plaintext. False if the tag is not that of these bytes; then `plain` holds nothing of use.
    ///
    /// - Parameter plain: as long as `sealed` without its tag.
    func open(
        _ sealed: UnsafeRawBufferPointer, nonce: [UInt8], into plain: UnsafeMutableRawBufferPointer
    ) throws(AgeError) -> Bool {
        precondition(nonce.count == 12 && sealed.count == plain.count + Self.tagByteCount, "sizes do not fit")
        var tag = Array(sealed[plain.count...])
        var (written, rest): (Int32, Int32) = (0, 0)
        guard EVP_DecryptInit_ex(context, EVP_chacha20_poly1305(), nil, key.start, nonce) == 1,
            plain.isEmpty
                || EVP_DecryptUpdate(context, plain.octets, &written, sealed.octets, Int32(plain.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagByteCount), &tag) == 1
        else { throw .libraryFailure("decrypt") }
        defer { ERR_clear_error() }
        return EVP_DecryptFinal_ex(context, plain.octets?.advanced(by: Int(written)), &rest) == 1
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var octets: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate var octets: UnsafeMutablePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
