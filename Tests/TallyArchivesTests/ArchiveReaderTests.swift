// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import TallyArchives
import TestSupport
import Testing

@Suite("Unpacking archives that anybody may have made")
struct ArchiveReaderTests {
    let scratch: PrivateFolder
    let target: PrivateFolder

    init() throws {
        scratch = try PrivateFolder()
        target = try PrivateFolder()
    }

    /// Unpacks into the emptied target.
    func unpack(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws -> [UnpackedEntry] {
        let path = scratch.path + "/archive"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: target.path)
        try FileManager.default.createDirectory(atPath: target.path, withIntermediateDirectories: false)
        return try ArchiveReader.unpack(path, into: target.path, limits: limits)
    }

    func content(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: target.path + "/" + name)))
    }

    @Test("takes names with ./ in front, folders or none, both magics, and a prefix")
    func variants() throws {
        var tar = HandmadeTar()
        tar.add("./", type: "5")
        tar.add("./a/b", [1, 2, 3])
        tar.add("c/", type: "5")
        tar.add("c/d", [UInt8](repeating: 7, count: 512), magic: "ustar  \u{0}")
        tar.add("f", [4], prefix: "c/e")
        let entries = try unpack(tar.finished(end: 5120))
        #expect(entries.map(\.name) == ["a/b", "c", "c/d", "c/e/f"])
        #expect(try content("a/b") == [1, 2, 3])
        #expect(try content("c/d") == [UInt8](repeating: 7, count: 512))
        #expect(try content("c/e/f") == [4])
    }

    @Test(
        "refuses names that lead elsewhere",
        arguments: [
            "/etc/passwd", "../a", "a/../b", "a//b", "a/./b", "a/", "..", "a\nb", "a\u{7f}b", "./",
            String(repeating: "a/", count: 16) + "a",
        ])
    func unsafeNames(name: String) {
        var tar = HandmadeTar()
        tar.add(name, [1])
        #expect(throws: ArchiveError.unsafeName(name)) { try unpack(tar.finished()) }
    }

    @Test("refuses links, devices and extensions", arguments: ["1", "2", "3", "4", "6", "7", "x", "g", "L", "S"])
    func types(type: String) throws {
        var tar = HandmadeTar()
        tar.add("a", type: Character(type), link: "/etc/passwd")
        let byte = try #require(type.utf8.first)
        #expect(throws: ArchiveError.forbiddenType(name: "a", type: byte)) { try unpack(tar.finished()) }
    }

    @Test("refuses a name that occurs twice, in whatever spelling")
    func duplicates() {
        var tar = HandmadeTar()
        tar.add("a", [1])
        tar.add("./a", [2])
        #expect(throws: ArchiveError.duplicateName("a")) { try unpack(tar.finished()) }
        var folders = HandmadeTar()
        for _ in 1...2 { folders.add("./", type: "5") }
        #expect(throws: ArchiveError.duplicateName("./")) { try unpack(folders.finished()) }
    }

    @Test("refuses a file that is also a folder")
    func fileAndFolder() {
        var tar = HandmadeTar()
        tar.add("a", [1])
        tar.add("a/b", [2])
        #expect(throws: ArchiveError.self) { try unpack(tar.finished()) }
    }

    @Test("refuses damaged headers and says where")
    func damage() {
        var tar = HandmadeTar()
        tar.add("a", [1])
        tar.add("b", [1], spoil: 3)
        #expect(throws: ArchiveError.badChecksum(offset: 1024)) { try unpack(tar.finished()) }
        var sizes = HandmadeTar()
        sizes.add("a", [1], size: "0000000000x")
        #expect(throws: ArchiveError.badHeader(offset: 0, field: "size")) { try unpack(sizes.finished()) }
        var folder = HandmadeTar()
        folder.add("a", type: "5", size: "00000000001")
        #expect(throws: ArchiveError.badHeader(offset: 0, field: "size of a folder")) { try unpack(folder.finished()) }
        var name = HandmadeTar()
        name.add("a\u{0}b", [1])
        #expect(throws: ArchiveError.badHeader(offset: 0, field: "name")) { try unpack(name.finished()) }
        var magic = HandmadeTar()
        magic.add("a", [1], magic: "tar\u{0}\u{0}\u{0}00")
        #expect(throws: ArchiveError.notAnArchive) { try unpack(magic.finished()) }
        magic = HandmadeTar()
        magic.add("a", [1])
        magic.add("b", [1], magic: "tar\u{0}\u{0}\u{0}00")
        #expect(throws: ArchiveError.badHeader(offset: 1024, field: "magic")) { try unpack(magic.finished()) }
    }

    @Test("refuses archives that end early or go on behind their end")
    func ends() {
        var tar = HandmadeTar()
        tar.add("a", [1, 2, 3])
        let truncated = ArchiveError.truncated(expected: "two blocks of zeros")
        #expect(throws: truncated) { try unpack(tar.finished(end: 0)) }
        #expect(throws: ArchiveError.truncated(expected: "a second block of zeros")) {
            try unpack(tar.finished(end: 512))
        }
        #expect(throws: ArchiveError.truncated(expected: "two blocks of zeros")) { try unpack([]) }
        #expect(throws: ArchiveError.truncated(expected: "zeros behind a")) { try unpack(Array(tar.bytes.prefix(515))) }
        #expect(throws: ArchiveError.truncated(expected: "1 more bytes of a")) {
            try unpack(Array(tar.bytes.prefix(514)))
        }
        #expect(throws: ArchiveError.trailingBytes) { try unpack(tar.finished(end: 1024) + [0, 1]) }
        let ones = [UInt8](repeating: 1, count: 512)
        #expect(throws: ArchiveError.badHeader(offset: 1536, field: "block, expected zeros")) {
            try unpack(tar.finished(end: 512) + ones)
        }
    }

    @Test("bounds the number of entries and the size of what is unpacked")
    func bounds() {
        var tar = HandmadeTar()
        tar.add("a", [1])
        tar.add("b", [1])
        #expect(throws: ArchiveError.tooManyEntries(limit: 1)) {
            try unpack(tar.finished(), limits: ArchiveLimits(entryCount: 1))
        }
        #expect(throws: ArchiveError.tooLarge(limit: 100)) {
            try unpack(tar.finished(), limits: ArchiveLimits(byteCount: 100))
        }
    }

    @Test("unpacks nothing for which there is no room, and for its owner alone")
    func room() throws {
        var tar = HandmadeTar()
        tar.add("a/b", [1])
        for reserve in [1 << 60, Int.max] {
            let error = #expect(throws: ArchiveError.self) {
                try unpack(tar.finished(), limits: ArchiveLimits(diskReserve: reserve))
            }
            guard case .noSpace("a/b", _, _)? = error else { Issue.record("\(String(describing: error))"); return }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.path + "/a").isEmpty)
        _ = try unpack(tar.finished())
        for (path, mode) in [("/a", 0o700), ("/a/b", 0o600)] {
            let found = try FileManager.default.attributesOfItem(atPath: target.path + path)[.posixPermissions] as? Int
            #expect(found == mode)
        }
    }

    @Test("follows no link to an archive")
    func link() throws {
        let path = scratch.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
        #expect(throws: ArchiveError.file(FileError(operation: .read, path: "link", reason: ELOOP))) {
            try ArchiveReader.unpack(path, into: target.path)
        }
    }

    @Test("refuses what unpacks to many times its own size")
    func bomb() throws {
        let path = scratch.path + "/bomb.tar.gz"
        let zeros = ArchiveEntry(name: "zeros", content: .bytes([UInt8](repeating: 0, count: 4 << 20)))
        try DeterministicArchive.write([zeros], to: path)
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        let limits = ArchiveLimits(expansion: 32, freeByteCount: 1 << 20)
        #expect(throws: ArchiveError.tooLarge(limit: 32 * size + 1 << 20)) {
            try ArchiveReader.unpack(path, into: target.path, limits: limits)
        }
    }

    @Test("refuses what stands behind gzip also where that ends with the piece of the file that was read")
    func behindPiece() throws {
        let path = scratch.path + "/packed.tar.gz"
        var count = 1 << 18
        var packed: [UInt8] = []
        // What does not compress makes the archive a byte longer for each of its own, nearly.
        for _ in 0..<20 {
            var state: UInt64 = 7
            let noise = (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            try DeterministicArchive.write([ArchiveEntry(name: "a", content: .bytes(noise))], to: path)
            packed = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
            if packed.count == 1 << 18 { break }
            count += (1 << 18) - packed.count
        }
        try #require(packed.count == 1 << 18)
        #expect(try unpack(packed).map(\.byteCount) == [count])
        #expect(throws: ArchiveError.trailingBytes) { try unpack(packed + [0]) }
    }

    @Test("unpacks gzip and refuses damage to it, a second member and anything behind it")
    func gzip() throws {
        let path = scratch.path + "/packed.tar.gz"
        try DeterministicArchive.write(
            [ArchiveEntry(name: "a", content: .bytes([1, 2, 3]))], to: path)
        let good = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(try unpack(good).map(\.name) == ["a"])
        #expect(throws: ArchiveError.trailingBytes) { try unpack(good + good) }
        #expect(throws: ArchiveError.trailingBytes) { try unpack(good + [0]) }
        #expect(throws: ArchiveError.truncated(expected: "the end of the gzip stream")) { try unpack(good.dropLast()) }
        var wrongChecksum = good
        wrongChecksum[good.count - 5] ^= 1
        #expect(throws: ArchiveError.badCompression("incorrect data check")) { try unpack(wrongChecksum) }
    }
}
