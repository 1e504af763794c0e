// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Foundation

/// The text in front of an encrypted file: how the file key comes out of the passphrase, and a code over all of it.
///
/// - SeeAlso: age-encryption.org/v1, "Header" and "The scrypt recipient type".
struct AgeHeader {
    static let version = "age-encryption.org/v1"
    /// One scrypt stanza fits many times; stanzas for keys are refused anyway.
    static let byteLimit = 4096
    private static let fileKeyByteCount = 16
    private static let saltByteCount = 16
    private static let nonce = [UInt8](repeating: 0, count: 12)

    let text: String
    let fileKey: WipedBytes

    /// A header with a new file key.
    init(_ passphrase: Passphrase, logN: Int) throws(AgeError) {
        fileKey = try .random(Self.fileKeyByteCount)
        let salt = try WipedBytes.random(Self.saltByteCount).copy
        let key = try DerivedKeys.wrapping(passphrase, salt: salt, logN: logN)
        let wrapped = try ChaChaPoly(key).seal(fileKey, nonce: Self.nonce).copy
        let signed =
            "\(Self.version)\n-> scrypt \(base64(salt)) \(logN)\n\(base64(wrapped))\n---"
        text = signed + " \(base64(try Self.code(of: signed, fileKey)))\n"
    }

    /// Reads a header and opens the file key.
    ///
    /// - Parameter text: up to and with the line end behind the code.
    /// - Complexity: 2^logN rounds of scrypt, of 1 KiB memory each.
    init(_ text: String, _ passphrase: Passphrase, logNLimit: Int) throws(AgeError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == Substring(Self.version) else { throw .notEncrypted }
        guard lines.count > 1, lines[1].hasPrefix("-> scrypt ") else { throw .noPassphrase }
        let words = lines[1].split(separator: " ", omittingEmptySubsequences: false)
        guard lines.count == 5, lines[4].isEmpty, words.count == 4, let salt = bytes(base64: words[2]),
            salt.count == Self.saltByteCount, let logN = Int(words[3]), String(logN) == words[3], logN > 0,
            let wrapped = bytes(base64: lines[2]), wrapped.count == Self.fileKeyByteCount + ChaChaPoly.tagByteCount,
            lines[3].hasPrefix("--- "), let code = bytes(base64: lines[3].dropFirst(4))
        else { throw .malformedHeader }
        guard logN <= logNLimit else { throw .workFactor(logN: logN, limit: logNLimit) }
        let key = try DerivedKeys.wrapping(passphrase, salt: salt, logN: logN)
        guard let fileKey = try ChaChaPoly(key).open(WipedBytes(copying: wrapped), nonce: Self.nonce) else {
            throw .wrongPassphrase
        }
        let signed = lines[0...2].joined(separator: "\n") + "\n---"
        guard try Self.code(of: signed, fileKey) == code else { throw .changed(at: nil) }
        self.text = text
        self.fileKey = fileKey
    }

    private static func code(of text: String, _ fileKey: WipedBytes) throws(AgeError) -> [UInt8] {
        let key = try DerivedKeys.hkdf(fileKey, salt: [], info: "header")
        return try DerivedKeys.hmac(WipedBytes(copying: Array(text.utf8)), key: key).copy
    }

    /// The key of the content behind the 16 random bytes that follow the header.
    func contentKey(nonce: [UInt8]) throws(AgeError) -> WipedBytes {
        try DerivedKeys.hkdf(fileKey, salt: nonce, info: "payload")
    }
}

/// Standard base64 without padding, as age writes it.
private func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("=", with: "")
}

/// Nil unless it is the one way to write these bytes.
private func bytes(base64 text: Substring) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: String(text) + padding) else { return nil }
    let bytes = Array(data)
    return base64(bytes) == text ? bytes : nil
}
