// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import TallyArchives

/// A member of an archive that is made, and the SHA-256 that its content has if it is what was verified.
struct AssembledMember {
    let entry: ArchiveEntry
    /// Nil for a directory.
    let digest: [UInt8]?

    init(directory name: String) {
        entry = ArchiveEntry(name: name, content: .directory)
        digest = nil
    }

    init(_ name: String, bytes: [UInt8]) {
        entry = ArchiveEntry(name: name, content: .bytes(bytes))
        digest = HashFunction.sha256.digest(of: bytes)
    }

    init(_ name: String, file path: String, digest: [UInt8]?) {
        entry = ArchiveEntry(name: name, content: .file(path: path))
        self.digest = digest
    }
}

/// Hashes the content of members while they are packed, one behind the other.
struct MemberDigests: ~Copyable {
    private var hash = IncrementalHash(.sha256)
    private var current = 0
    private var digests: [Int: [UInt8]] = [:]

    /// - Parameter member: its number; never smaller than in the call before.
    mutating func append(_ bytes: UnsafeRawBufferPointer, of member: Int) {
        if member != current { finish(before: member) }
        hash.append(bytes)
    }

    private mutating func finish(before member: Int) {
        digests[current] = hash.digest()
        current = member
    }

    /// - Throws: ``AssemblyError/changedMember(_:)`` with the first member that is not what it should be.
    mutating func compare(_ members: [AssembledMember]) throws(AssemblyError) {
        finish(before: members.count)
        let empty = hash.digest()
        for (number, member) in members.enumerated() {
            if let digest = member.digest, digests[number] ?? empty != digest {
                throw .changedMember(member.entry.name)
            }
        }
    }
}

/// SHA-256 of a file that somebody else reads, piece by piece.
final class StreamDigest {
    private var hash = IncrementalHash(.sha256)

    func append(_ bytes: UnsafeRawBufferPointer) { hash.append(bytes) }
    func digest() -> [UInt8] { hash.digest() }

    static func digest(ofFile path: String) throws -> [UInt8] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        var hash = IncrementalHash(.sha256)
        data.withUnsafeBytes { hash.append($0) }
        return hash.digest()
    }
}
