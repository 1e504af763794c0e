// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import TallyArchives
import TestSupport
import Testing

@Suite("Packing tallies deterministically, specification 1.3")
struct DeterministicArchiveTests {
    struct Repacked: Decodable {
        let entries: [String]
        let tar_bytes: Int
        let gzip_header: Hexadecimal
        let targz_bytes: Int
        let targz_sha256: Hexadecimal
    }
    struct Tally8: Decodable {
        let repacked_deterministically: Repacked
    }
    struct Vectors: Decodable {
        let tally_8: Tally8
    }

    @Test(
        "packs the files of a published tally to the known bytes",
        .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
    func publishedTally() throws {
        let vector = try JSONDecoder().decode(Vectors.self, from: SharedVectors.data("sequent/vectors.json"))
            .tally_8.repacked_deterministically
        let outer = try PrivateFolder()
        let inner = try PrivateFolder()
        _ = try ArchiveReader.unpack(
            SharedVectors.folder.appendingPathComponent("sequent/8.tar").path, into: outer.path)
        let unpacked = try ArchiveReader.unpack(outer.path + "/8.tar.gz", into: inner.path)
        let folders = Set(unpacked.filter(\.isDirectory).map(\.name))
        let entries = vector.entries.map { listed in
            let name = listed.hasSuffix("/") ? String(listed.dropLast()) : listed
            return ArchiveEntry(
                name: name, content: folders.contains(name) ? .directory : .file(path: inner.path + "/" + name))
        }
        var observed: [UInt8] = []
        let path = outer.path + "/tally.tar.gz"
        try DeterministicArchive.write(entries, to: path) { observed.append(contentsOf: $0) }
        #expect(observed.count == vector.targz_bytes)
        #expect(Array(observed.prefix(vector.gzip_header.bytes.count)) == vector.gzip_header.bytes)
        #expect(HashFunction.sha256.digest(of: observed) == vector.targz_sha256.bytes)
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == observed)
        let again = try PrivateFolder()
        #expect(try ArchiveReader.unpack(path, into: again.path).count == entries.count)
    }

    @Test("this machine's zlib compresses as the one that tallies are published with")
    func selfCheck() throws {
        try CompressorSelfCheck.run()
    }

    @Test("gives the same bytes whether data come from a file or from memory")
    func sources() throws {
        let folder = try PrivateFolder()
        let data = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        try Data(data).write(to: URL(fileURLWithPath: folder.path + "/data"))
        try DeterministicArchive.write([ArchiveEntry(name: "x", content: .bytes(data))], to: folder.path + "/1")
        try DeterministicArchive.write(
            [ArchiveEntry(name: "x", content: .file(path: folder.path + "/data"))], to: folder.path + "/2")
        let first = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/1"))
        #expect(try first == Data(contentsOf: URL(fileURLWithPath: folder.path + "/2")))
    }

    @Test("refuses names of more than 100 bytes and leaves nothing behind")
    func longName() throws {
        let folder = try PrivateFolder()
        let name = String(repeating: "n", count: 101)
        #expect(throws: ArchiveError.nameTooLong(name)) {
            try DeterministicArchive.write([ArchiveEntry(name: name, content: .bytes([]))], to: folder.path + "/t")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a file that grows or shrinks while it is packed is refused, and leaves nothing behind", arguments: [-1, 1])
    func changing(by change: Int) throws {
        let folder = try PrivateFolder()
        let (file, archive, count) = (folder.path + "/data", folder.path + "/t", 1 << 20)
        try Data(count: count).write(to: URL(fileURLWithPath: file))
        #expect(throws: ArchiveError.sizeChanged(name: "x")) {
            try DeterministicArchive.write(
                [ArchiveEntry(name: "x", content: .file(path: file))], to: archive,
                content: { _, _ in truncate(file, count + change) })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data"])
    }

    @Test("a private folder is gone with its last user")
    func privateFolder() throws {
        let path = try {
            let folder = try PrivateFolder()
            try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/a"))
            return folder.path
        }()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("what the disk refuses is told without the folders, which may be private")
    func privatePaths() throws {
        let folder = try PrivateFolder()
        let missing = ArchiveEntry(name: "a", content: .file(path: folder.path + "/none"))
        for (entries, path) in [([missing], "/a.tar"), ([], "/none/a.tar")] {
            let error = #expect(throws: ArchiveError.self) {
                try DeterministicArchive.writeUncompressed(entries, to: folder.path + path)
            }
            #expect(error?.message.contains("/") == false)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
