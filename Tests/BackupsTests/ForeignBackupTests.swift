// SPDX-License-Identifier: Apache-2.0

import AgeFiles
import Foundation
import HostTestSupport
import Testing

@testable import Backups

@Suite("A backup that is not as this software makes them")
struct ForeignBackupTests {
    private let scratch: ScratchFolder
    private let file = TarBlock(kind: .file, name: "peers/a", target: "", mode: 0o600, modified: 0, byteCount: 3)
    private let end = [UInt8](repeating: 0, count: 1024)
    private let content: [UInt8] = [1, 2, 3] + [UInt8](repeating: 0, count: 509)

    init() throws { scratch = try ScratchFolder() }

    /// Unpacks a tar, encrypted as backups are, into the folder `new/home`, which is not there yet.
    private func unpack(_ tar: [UInt8]) throws -> Set<String> {
        if scratch.exists("new") { try FileManager.default.removeItem(atPath: scratch.path("new")) }
        let passphrase = try Array("correct horse battery".utf8).withUnsafeBytes { try Passphrase($0) }
        var encrypted: [UInt8] = []
        let writer = try AgeWriter(passphrase, logN: 4) { encrypted += $0 }
        try tar.withUnsafeBytes { try writer.write($0) }
        try writer.finish()
        try Data(encrypted).write(to: URL(filePath: scratch.path("b.age")))
        return try Unpacking(into: URL(filePath: scratch.path("new/home")))
            .run(scratch.path("b.age"), passphrase: passphrase)
    }

    private func tar(_ fill: (TarWriter) throws -> Void) throws -> [UInt8] {
        var tar: [UInt8] = []
        let writer = TarWriter { tar += $0 }
        try fill(writer)
        try writer.finish()
        return tar
    }

    private func named(_ names: [String]) throws -> [UInt8] {
        try tar { writer in for name in names { try writer.file(name, mode: 0o644, modified: 0, content: [1]) } }
    }

    private func expectRefused(_ tar: [UInt8], _ what: String, _ comment: Comment? = nil) {
        #expect(throws: BackupError.malformed(what), comment) { try unpack(tar) }
    }

    @Test("is read where it has the right names, for its owner alone but for what is public")
    func plain() throws {
        let names = ["eoconf.json", "certs/cert.pem", "data/public/e1/0-x/publicKey_json", "data/private/e1/board/x"]
        #expect(try unpack(named(names)) == Set(names))
        #expect(try scratch.mode("new/home/certs/cert.pem") == 0o600 && scratch.mode("new/home/certs") == 0o700)
        #expect(try scratch.mode("new/home/data/public/e1/0-x/publicKey_json") == 0o644)
    }

    @Test(
        "writes nowhere but where backups have files",
        arguments: [
            "/etc/passwd", "../a", "data/../../a", "data/./a", "data//a", "data/", "data", "certs/a/b", "peers", "a",
            "backup.json/a", "other/a", "data/a b", "data/a\nb", "data/\u{7f}", "data/é",
            "data/" + String(repeating: "a", count: 996), "data" + String(repeating: "/a", count: 16),
        ])
    func names(name: String) throws {
        expectRefused(try named([name]), "a name")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["b.age"])
    }

    @Test("replaces no file of its own")
    func twice() throws {
        expectRefused(try named(["peers/a", "peers/a"]), "a name")
    }

    @Test("links nothing but what came before", arguments: ["peers/none", "../b.age", "/etc/passwd", "peers/b"])
    func links(target: String) throws {
        let tar = try tar { writer in
            try writer.file("peers/a", mode: 0o600, modified: 0, content: [1])
            try writer.link("peers/b", to: target, mode: 0o600, modified: 0)
        }
        expectRefused(tar, "a link")
        #expect(!scratch.exists("new/home/peers/b"))
    }

    @Test("is refused where it ends early, or goes on behind its end")
    func ends() throws {
        let member: [UInt8] = file.encoded + content
        let whole: [UInt8] = member + end
        #expect(try unpack(whole) == ["peers/a"])
        for count in [0, 511, 513, 515, 1023, 1024, 1535, 1536, whole.count - 1] {
            expectRefused(Array(whole.prefix(count)), "the end", "\(count)")
        }
        for more: [UInt8] in [[0], file.encoded] {
            expectRefused(whole + more, "the end")
        }
        expectRefused(whole.dropLast(512) + file.encoded, "the end")
    }

    @Test("is refused for a header that is no header")
    func headers() throws {
        var link = TarBlock(kind: .link, name: "peers/b", target: "peers/a", mode: 0o600, modified: 0, byteCount: 3)
        expectRefused(link.encoded + content + end, "a size")
        link.byteCount = 0
        expectRefused(changed(0, to: 0x62, sum: false) + content + end, "a header")
        let changes: [(Int, UInt8)] = [
            (257, 0x55), (105, 0x38), (140, 0x38), (156, 0x32), (156, 0x35), (0, 0xFF), (130, 0x38), (130, 0x20),
            (124, 0x80),
        ]
        for (place, byte) in changes {
            expectRefused(changed(place, to: byte) + content + end, "a header", "byte \(place)")
        }
    }

    /// The header of ``file`` with another byte, and the checksum that fits it.
    private func changed(_ place: Int, to byte: UInt8, sum fits: Bool = true) -> [UInt8] {
        var block = file.encoded
        let old = block[place]
        block[place] = byte
        guard fits else { return block }
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
        precondition(old != byte)
        let text = String(sum, radix: 8)
        block.replaceSubrange(148..<154, with: Array((String(repeating: "0", count: 6 - text.count) + text).utf8))
        return block
    }

    @Test("is refused for records that describe its members wrongly")
    func records() throws {
        func extended(_ records: String, count: Int? = nil) -> [UInt8] {
            let header = TarBlock(
                kind: .extended, name: "PaxHeader", target: "", mode: 0o600, modified: 0,
                byteCount: count ?? records.utf8.count)
            let padding = TarBlock.padding(after: records.utf8.count)
            return header.encoded + Array(records.utf8) + [UInt8](repeating: 0, count: padding)
        }
        let member = file.encoded + content + end
        #expect(try unpack(extended("16 path=peers/b\n") + member) == ["peers/b"])
        for records in [
            "16 path=peers/b", "16 path=peers/bb", "17 path=peers/b\n", "15 path=peers/b\n", "-1 path=peers/b\n",
            "0 path=peers/b\n",
            "3 \n", "x path=peers/b\n", "16 path:peers/b\n", "16 link=peers/b\n", "16 path=peers/b\n\u{0}",
        ] {
            expectRefused(extended(records) + member, "an extended header", "\(records)")
        }
        expectRefused(extended("11 size=-3\n") + member, "a size")
        expectRefused(extended("16 path=peers/b\n") + extended("16 path=peers/b\n") + member, "an extended header")
        expectRefused(extended("16 path=peers/b\n") + end, "an extended header")
        let long = String(repeating: "16 path=peers/b\n", count: 1025)
        expectRefused(extended(long) + member, "an extended header")
    }
}
