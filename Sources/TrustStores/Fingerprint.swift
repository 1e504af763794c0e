// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The SHA-256 digest of a certificate's DER bytes: by it, and by nothing else, a certificate is known to be an installed one.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public let hex: String

    public var description: String { hex }

    /// In the form of `openssl x509 -fingerprint -sha256`: `AB:CD:…`.
    public var colonForm: String {
        stride(from: 0, to: hex.utf8.count, by: 2).map { String(hex.uppercased().dropFirst($0).prefix(2)) }.joined(
            separator: ":")
    }

    /// Four lines of four groups of four digits, which two people can read out to each other.
    public var readAloud: [String] {
        let groups = stride(from: 0, to: 64, by: 4).map { String(hex.dropFirst($0).prefix(4)) }
        return stride(from: 0, to: 16, by: 4).map { groups[$0..<$0 + 4].joined(separator: " ") }
    }

    public init(ofDER der: some Sequence<UInt8>) {
        hex = sha256(Array(der)).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// Takes 64 hexadecimal digits, in either case, with or without colons, spaces and line ends between them.
    public init?(hex: String) {
        let digits = hex.filter { $0 != ":" && !$0.isWhitespace }.lowercased()
        guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit), digits.allSatisfy(\.isASCII) else { return nil }
        self.hex = digits
    }
}

func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256(bytes, bytes.count, &digest)
    return digest
}
