// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Foundation

/// A keystore in Sun's own format, JKS, of version 1 or 2.
///
/// Big-endian throughout: FEEDFEED, version, count (4 bytes each); then the entries; then SHA-1 over the password in UTF-16, the
/// text "Mighty Aphrodite" and everything before. An entry is its tag (1 a key, 2 a trusted certificate), its alias, the
/// milliseconds since 1970 in 8 bytes, and its contents; texts have their length before them in 2 bytes, contents in 4. From
/// version 2 on a certificate's type stands before it.
struct JavaKeystore: Keystore {
    static let magic: [UInt8] = [0xFE, 0xED, 0xFE, 0xED]
    private static let digestByteCount = 20

    private struct Entry {
        let alias: String
        let kind: KeystoreEntry
        /// As it stands in the file.
        let bytes: ArraySlice<UInt8>
    }

    private let version: UInt32
    private var entries: [Entry]

    init(bytes: [UInt8], password: KeystorePassword, path: String) throws(KeystoreError) {
        guard bytes.count >= 12 + Self.digestByteCount else { throw .damaged(path: path) }
        let contents = bytes.dropLast(Self.digestByteCount)
        guard Self.digest(contents, password) == Array(bytes.suffix(Self.digestByteCount)) else {
            throw .wrongPasswordOrDamaged(path: path)
        }
        var reader = KeystoreReader(contents.dropFirst(Self.magic.count))
        guard let version = reader.integer(), version == 1 || version == 2, let count = reader.integer() else {
            throw .damaged(path: path)
        }
        self.version = version
        entries = []
        for _ in 0..<count {
            guard let entry = Self.entry(&reader, version) else { throw .damaged(path: path) }
            entries.append(entry)
        }
        guard reader.rest.isEmpty else { throw .damaged(path: path) }
    }

    func entry(_ alias: String) -> KeystoreEntry? { entries.first { $0.alias == alias.lowercased() }?.kind }

    mutating func set(_ certificate: Certificate, alias: String) {
        let alias = alias.lowercased()
        var bytes = bigEndian(2, count: 4) + text(alias)
        bytes += bigEndian(UInt64(Date().timeIntervalSince1970 * 1000), count: 8)
        if version == 2 { bytes += text("X.509") }
        bytes += bigEndian(UInt64(certificate.der.count), count: 4) + certificate.der
        let entry = Entry(alias: alias, kind: .trustedCertificate(certificate.der), bytes: bytes[...])
        if let index = entries.firstIndex(where: { $0.alias == alias }) {
            precondition(entries[index].kind != .key, "a key stands under \(alias)")
            entries[index] = entry
        } else {
            entries.append(entry)
        }
    }

    mutating func remove(_ alias: String) {
        entries.removeAll { $0.alias == alias.lowercased() && $0.kind != .key }
    }

    func serialized(_ password: KeystorePassword) -> [UInt8] {
        var bytes = Self.magic + bigEndian(UInt64(version), count: 4) + bigEndian(UInt64(entries.count), count: 4)
        for entry in entries { bytes += entry.bytes }
        return bytes + Self.digest(bytes[...], password)
    }

    private static func entry(_ reader: inout KeystoreReader, _ version: UInt32) -> Entry? {
        let start = reader.rest
        guard let tag = reader.integer(), let alias = reader.text(), reader.skip(8) else { return nil }
        let kind: KeystoreEntry
        switch tag {
        case 1:
            guard reader.contents() != nil, let count = reader.integer() else { return nil }
            for _ in 0..<count { guard reader.certificate(version) != nil else { return nil } }
            kind = .key
        case 2:
            guard let certificate = reader.certificate(version) else { return nil }
            kind = .trustedCertificate(Array(certificate))
        default: return nil
        }
        return Entry(alias: alias.lowercased(), kind: kind, bytes: start[..<reader.rest.startIndex])
    }

    /// Taken piece by piece, so that the password stands beside nothing else.
    private static func digest(_ contents: ArraySlice<UInt8>, _ password: KeystorePassword) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestByteCount)
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        let parts = [Array("Mighty Aphrodite".utf8)[...], contents]
        let done = password.withUTF16 { password in
            EVP_DigestInit_ex(context, EVP_sha1(), nil) == 1
                && EVP_DigestUpdate(context, password.baseAddress, password.count) == 1
                && parts.allSatisfy { part in
                    part.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
                } && EVP_DigestFinal_ex(context, &digest, nil) == 1
        }
        // libcrypto fails here only without memory.
        precondition(done, "libcrypto has no SHA-1")
        return digest
    }
}

private func text(_ text: String) -> [UInt8] { bigEndian(UInt64(text.utf8.count), count: 2) + Array(text.utf8) }

private func bigEndian(_ number: UInt64, count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
}
