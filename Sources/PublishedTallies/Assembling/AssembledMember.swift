// SPDX-License-Identifier: Apache-2.0

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

    /// Reads an archive back, as a stream: it must be the file with that digest, and hold these members, in this order,
    /// with this content, and nothing else.
    ///
    /// - Throws: ``AssemblyError``, or `ArchiveError` if it cannot be read.
    static func compare(_ members: [AssembledMember], with path: String, digest: [UInt8]) throws {
        let whole = StreamDigest()
        var found: [(entry: UnpackedEntry, digest: [UInt8])] = []
        try ArchiveReader.read(path, observe: whole.append) { (entry, content) throws(ArchiveError) in
            var hash = IncrementalHash(.sha256)
            try content { (bytes) throws(ArchiveError) in hash.append(bytes) }
            found.append((entry, hash.digest()))
        }
        for (index, member) in members.enumerated() {
            let name = member.entry.name
            guard index < found.count, found[index].entry.name == name,
                found[index].entry.isDirectory == (member.digest == nil)
            else { throw AssemblyError.misplacedMember(name) }
            if let digest = member.digest, found[index].digest != digest { throw AssemblyError.changedMember(name) }
        }
        guard found.count == members.count else {
            throw AssemblyError.misplacedMember(found[members.count].entry.name)
        }
        guard whole.digest() == digest else { throw AssemblyError.changedArchive }
    }
}

/// SHA-256 of a file that somebody else reads, piece by piece.
final class StreamDigest {
    private var hash = IncrementalHash(.sha256)

    func append(_ bytes: UnsafeRawBufferPointer) { hash.append(bytes) }
    func digest() -> [UInt8] { hash.digest() }
}
