// SPDX-License-Identifier: Apache-2.0

/// Pieces of CMS in DER (RFC 5652), as others may write them.
enum CMSBytes {
    /// The type without a code over its content, which stands where ours has AuthEnvelopedData.
    static let envelopedData: [UInt8] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3]

    static let aes256GCM = aes256(0x2E)
    static let aes256CBC = aes256(0x2A)
    private static let aes256CFB = aes256(0x2C)

    /// Content that any key of the right length decrypts to something.
    static let stream = encryptedContent(
        derElement(0x30, aes256CFB + derElement(4, counting(16))), counting(32))

    /// EncryptedContentInfo.
    static func encryptedContent(_ algorithm: [UInt8], _ content: [UInt8]) -> [UInt8] {
        derElement(0x30, [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1] + algorithm + derElement(0x80, content))
    }

    /// The algorithm with its parameters (RFC 5084).
    static func gcm(nonce: [UInt8]) -> [UInt8] {
        derElement(0x30, aes256GCM + derElement(0x30, derElement(4, nonce) + [2, 1, 16]))
    }

    static func counting(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

    private static func aes256(_ mode: UInt8) -> [UInt8] { [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, mode] }
}
