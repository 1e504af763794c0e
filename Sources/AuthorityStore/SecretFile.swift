// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic

/// A secret in a file of mode 0600, and behind it its SHA-256: a bit that flips at rest shows before the secret is used, and nobody
/// is told a wrong proof that would be taken for a lie.
enum SecretFile {
    private static let digestByteCount = HashFunction.sha256.byteCount

    static func write(_ secret: borrowing SecretBytes, to file: URL, kind: String) throws(StoreError) {
        try StoreFile.write(secret.appending(digest(of: secret)), to: file, kind: kind)
    }

    /// - Parameter limit: bytes of the secret alone.
    /// - Returns: nil where there is no file.
    /// - Throws: ``StoreError/damagedSecret(election:)`` if it is not what was written.
    static func read(_ file: URL, atMost limit: Int, kind: String, of election: String) throws(StoreError)
        -> SecretBytes?
    {
        guard let content = try StoreFile.readSecret(file, atMost: limit + digestByteCount, kind: kind) else {
            return nil
        }
        guard content.count > digestByteCount else { throw .damagedSecret(election: election) }
        let secret = content.withBytes {
            SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0.dropLast(digestByteCount)))
        }
        let stored = content.withBytes {
            SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0.suffix(digestByteCount)))
        }
        let isIntact = digest(of: secret).withBytes { found in stored.withBytes { found.elementsEqual($0) } }
        guard isIntact else { throw .damagedSecret(election: election) }
        return secret
    }

    private static func digest(of secret: borrowing SecretBytes) -> SecretBytes {
        var hash = IncrementalHash(.sha256)
        secret.withBytes { hash.append($0) }
        var digest = SecretBytes(count: digestByteCount)
        digest.withMutableBytes { hash.digest(into: $0) }
        return digest
    }
}
