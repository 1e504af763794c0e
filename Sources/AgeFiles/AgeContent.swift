// SPDX-License-Identifier: Apache-2.0

/// How the content is cut: chunks of 64 KiB, each sealed under its number, the last one marked as such.
///
/// - SeeAlso: age-encryption.org/v1, "Payload".
enum AgeContent {
    static let chunkByteCount = 64 << 10
    static let sealedByteCount = chunkByteCount + ChaChaPoly.tagByteCount
    static let nonceByteCount = 16

    /// 11 bytes of the chunk's number, then whether it is the last.
    static func nonce(_ number: UInt64, isLast: Bool) -> [UInt8] {
        [0, 0, 0] + withUnsafeBytes(of: number.bigEndian) { Array($0) } + [isLast ? 1 : 0]
    }
}
