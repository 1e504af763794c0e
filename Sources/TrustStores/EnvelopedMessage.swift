// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import COpenSSLShims

/// A message that only the keys of certain certificates open: CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM, as
/// `openssl cms -encrypt -aes-256-gcm` makes it and `openssl cms -decrypt` opens it.
package enum EnvelopedMessage {
    /// - Returns: DER.
    package static func seal(
        _ content: UnsafeRawBufferPointer, for certificates: [Certificate]
    ) throws(CertificateError) -> [UInt8] {
        let flags = UInt32(CMS_BINARY | CMS_PARTIAL)
        guard let input = BIO_new_mem_buf(content.baseAddress, Int32(content.count)) else {
            throw .libraryFailure("allocate")
        }
        defer {
            BIO_free(input)
            ERR_clear_error()
        }
        guard let message = CMS_encrypt(nil, input, EVP_aes_256_gcm(), flags) else {
            throw .libraryFailure("make a message")
        }
        defer { CMS_ContentInfo_free(message) }
        for certificate in certificates { try addRecipient(certificate, to: message) }
        guard CMS_final(message, input, nil, flags) == 1 else { throw .libraryFailure("encrypt a message") }
        var der: UnsafeMutablePointer<UInt8>?
        let count = i2d_CMS_ContentInfo(message, &der)
        guard count > 0, let der else { throw .libraryFailure("write a message") }
        defer { eo_free_openssl(der) }
        return Array(UnsafeBufferPointer(start: der, count: Int(count)))
    }

    /// The content's key goes to RSA keys by OAEP with SHA-256, to those of curves by agreement.
    private static func addRecipient(
        _ certificate: Certificate, to message: OpaquePointer
    ) throws(CertificateError) {
        let parsed = try ParsedCertificate(der: certificate.der)
        guard let recipient = CMS_add1_recipient_cert(message, parsed.x509, UInt32(CMS_KEY_PARAM)) else {
            throw .libraryFailure("encrypt to a certificate")
        }
        guard try EVP_PKEY_get_base_id(parsed.publicKey().pointer) == EVP_PKEY_RSA else { return }
        let context = CMS_RecipientInfo_get0_pkey_ctx(recipient)
        guard EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1
        else { throw .libraryFailure("encrypt to a certificate") }
    }

    /// Whether these bytes are such a message, or one of the older kind without a code over its content.
    package static func isMessage(_ der: [UInt8]) -> Bool {
        guard let message = parsed(der) else { return false }
        defer { CMS_ContentInfo_free(message) }
        let kind = OBJ_obj2nid(CMS_get0_type(message))
        return kind == NID_pkcs7_enveloped || kind == NID_id_smime_ct_authEnvelopedData
    }

    /// Opens a message with the key of `certificate`; nil if it is for others, or not what was sealed.
    ///
    /// - Parameter body: is shown the content, which is wiped then.
    package static func open<Value: ~Copyable>(
        _ der: [UInt8], with key: CertificateKey, of certificate: Certificate,
        _ body: (UnsafeRawBufferPointer) throws -> Value
    ) throws -> Value? {
        defer { ERR_clear_error() }
        guard let message = parsed(der), let output = BIO_new(BIO_s_secmem()) else { return nil }
        defer {
            CMS_ContentInfo_free(message)
            BIO_free(output)
        }
        let x509 = try ParsedCertificate(der: certificate.der)
        guard CMS_decrypt(message, key.handle.pointer, x509.x509, nil, output, UInt32(CMS_BINARY)) == 1 else {
            return nil
        }
        var bytes: UnsafeMutablePointer<CChar>?
        let count = eo_bio_bytes(output, &bytes)
        guard let bytes, count > 0 else { return nil }
        return try body(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    private static func parsed(_ der: [UInt8]) -> OpaquePointer? {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var cursor = bytes.baseAddress
            guard let message = d2i_CMS_ContentInfo(nil, &cursor, bytes.count) else { return nil }
            guard let end = cursor, let start = bytes.baseAddress, end == start + bytes.count else {
                CMS_ContentInfo_free(message)
                return nil
            }
            return message
        }
    }
}
