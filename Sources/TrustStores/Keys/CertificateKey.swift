// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims
import DurableFiles
import Foundation

/// The private key of an authority's certificate. Secret; it is read from its file, used, and never shown.
public struct CertificateKey: Sendable {
    let handle: KeyHandle

    /// A new 4096-bit RSA key. Takes up to seconds.
    public static func generate(bits: Int = 4096) throws(CertificateError) -> CertificateKey {
        guard let key = eo_generate_rsa(bits) else { throw .libraryFailure("make an RSA key") }
        return CertificateKey(handle: KeyHandle(owning: key))
    }

    private init(handle: KeyHandle) { self.handle = handle }

    /// Reads an unencrypted PEM file.
    ///
    /// - Throws: ``CertificateError/unusable(what:path:)``, without a word about what is in the file.
    public init(file path: String) throws(CertificateError) {
        guard let text = try? SecretMemory(file: path, limit: 1 << 20),
            let bio = BIO_new_mem_buf(text.bytes.baseAddress, Int32(text.bytes.count))
        else {
            throw .unusable(what: "private key", path: path)
        }
        defer { BIO_free(bio) }
        // An encrypted key must not make a server ask its terminal for a password.
        let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
        ERR_clear_error()
        guard let key else { throw .unusable(what: "private key", path: path) }
        handle = KeyHandle(owning: key)
    }

    /// Writes the key as PKCS #8 to a new file of mode 0600; an old file is never replaced.
    package func create(at path: String) throws {
        guard let bio = BIO_new(BIO_s_secmem()) else { throw CertificateError.libraryFailure("allocate") }
        defer { BIO_free(bio) }
        var bytes: UnsafeMutablePointer<CChar>?
        guard PEM_write_bio_PrivateKey(bio, handle.pointer, nil, nil, 0, nil, nil) == 1 else {
            throw CertificateError.libraryFailure("write a key")
        }
        let count = eo_bio_bytes(bio, &bytes)
        guard let bytes, count > 0 else { throw CertificateError.libraryFailure("write a key") }
        try DurableFile.create(UnsafeRawBufferPointer(start: bytes, count: count), at: path, mode: 0o600)
    }

    public func belongs(to certificate: Certificate) -> Bool {
        guard let key = try? ParsedCertificate(der: certificate.der).publicKey() else { return false }
        return EVP_PKEY_eq(key.pointer, handle.pointer) == 1
    }

    /// Signs `bytes` for one purpose; ``Certificate/verifies(_:over:domain:)`` checks it.
    ///
    /// - Parameter domain: names the purpose, so that a signature for one is worthless for another, a TLS handshake included.
    public func sign(_ bytes: [UInt8], domain: String) throws(CertificateError) -> [UInt8] {
        try handle.sign(domainSeparated(bytes, domain))
    }
}
