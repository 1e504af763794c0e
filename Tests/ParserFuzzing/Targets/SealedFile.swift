// SPDX-License-Identifier: Apache-2.0

import AgeFiles
import COpenSSL
import Foundation

/// A file of age-encryption.org/v1 as anybody can make it who knows the passphrase: each piece is sealed under the right key and its own number,
/// whether it may stand there or not. Written apart from `AgeFiles`, from the specification.
struct SealedFile {
    struct Piece {
        let byteCount: Int
        let isLast: Bool
    }

    static let passphrase: Passphrase = {
        let made = Array(words.utf8).withUnsafeBytes { try? Passphrase($0) }
        // Made here once: a line of text is a passphrase.
        guard let made else { preconditionFailure("\(words) is no passphrase") }
        return made
    }()

    private static let words = "correct horse battery"
    private static let chunkByteCount = 65_536
    private static let fileKey = [UInt8](repeating: 7, count: 16)
    private static let nonce = [UInt8](repeating: 9, count: 16)

    let pieces: [Piece]
    private(set) var bytes: [UInt8]
    private(set) var content: [UInt8] = []

    init(header: [UInt8], pieces: [Piece]) {
        self.pieces = pieces
        bytes = header + Self.nonce
        let key = Self.derived(from: Self.fileKey, salt: Self.nonce, info: "payload")
        for (number, piece) in pieces.enumerated() {
            let plain = [UInt8](repeating: UInt8(truncatingIfNeeded: number + 1), count: piece.byteCount)
            let mark: UInt8 = piece.isLast ? 1 : 0
            let nonce = [0, 0, 0] + withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) } + [mark]
            bytes += Self.sealed(plain, key: key, nonce: nonce)
            content += plain
        }
    }

    /// Up to four pieces, of which each byte of the input describes one.
    init(describedBy input: [UInt8]) {
        let lengths = [0, 1, 100, 65_535, Self.chunkByteCount, 65_537]
        self.init(
            header: Self.header,
            pieces: input.prefix(4).map { Piece(byteCount: lengths[Int($0 & 0x7F) % 6], isLast: $0 & 0x80 != 0) })
    }

    /// Whether the pieces are what the format has: full ones, then one that is marked as the last and is empty only if it is the first.
    var isWhole: Bool {
        guard let last = pieces.last else { return false }
        let isEndRight =
            last.isLast && last.byteCount <= Self.chunkByteCount && (last.byteCount > 0 || pieces.count == 1)
        return isEndRight && pieces.dropLast().allSatisfy { !$0.isLast && $0.byteCount == Self.chunkByteCount }
    }

    private static let header: [UInt8] = {
        let lines = ["age-encryption.org/v1", "-> scrypt \(base64([UInt8](repeating: 5, count: 16))) 1"]
        return header(lines, salt: [UInt8](repeating: 5, count: 16), logN: 1)
    }()

    /// The input's header, with the wrapped key and the code that belong to its salt and rounds; nil if it names none.
    static func header(like input: [UInt8]) -> [UInt8]? {
        let text = String(decoding: input.prefix(2048), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let stanza = lines.firstIndex(where: { $0.hasPrefix("-> ") }) else { return nil }
        let words = lines[stanza].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count > 3, let logN = Int(words[3]), (1...6).contains(logN),
            let salt = Data(base64Encoded: words[2] + String(repeating: "=", count: (4 - words[2].utf8.count % 4) % 4))
        else { return nil }
        return header(Array(lines[...stanza]), salt: Array(salt), logN: logN)
    }

    private static func header(_ lines: [String], salt: [UInt8], logN: Int) -> [UInt8] {
        let label = Array("age-encryption.org/v1/scrypt".utf8) + salt
        var key = [UInt8](repeating: 0, count: 32)
        _ = EVP_PBE_scrypt(
            words, words.utf8.count, label, label.count, 1 << UInt64(logN), 8, 1, 1 << 25, &key, key.count)
        let wrapped = sealed(fileKey, key: key, nonce: [UInt8](repeating: 0, count: 12))
        let signed = (lines + [base64(wrapped), "---"]).joined(separator: "\n")
        let code = code(
            Array(signed.utf8), key: derived(from: fileKey, salt: [UInt8](repeating: 0, count: 32), info: "header"))
        return Array("\(signed) \(base64(code))\n".utf8)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func derived(from secret: [UInt8], salt: [UInt8], info: String) -> [UInt8] {
        code(Array(info.utf8) + [1], key: code(secret, key: salt))
    }

    private static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        _ = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
        return code
    }

    private static func sealed(_ plain: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8] {
        guard let context = EVP_CIPHER_CTX_new() else { preconditionFailure("no memory") }
        defer { EVP_CIPHER_CTX_free(context) }
        var (output, tag) = ([UInt8](repeating: 0, count: plain.count), [UInt8](repeating: 0, count: 16))
        var written: Int32 = 0
        EVP_EncryptInit_ex(context, EVP_chacha20_poly1305(), nil, key, nonce)
        EVP_EncryptUpdate(context, &output, &written, plain, Int32(plain.count))
        EVP_EncryptFinal_ex(context, &tag, &written)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag)
        return output + tag
    }
}
