// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("A changed file that the server needs at its start", .serialized, .timeLimit(.minutes(10)))
struct ChangedHostFilesTests {
    /// A byte of a file below the authority's folder, as a part of its length; what the server ends with, and what it says.
    struct Change: Sendable {
        let path: String
        var place = 0.0
        /// In bytes, instead.
        var offset: Int?
        let status: Int32
        let words: String
    }

    static let changes = [
        Change(path: "certs/cert.pem", place: 0.6, status: 78, words: "certificate"),
        // In the signature: it still reads as a certificate, with the right key.
        Change(path: "certs/cert.pem", place: 0.9, status: 78, words: "no usable certificate in"),
        Change(path: "certs/key-nopass.pem", place: 0.5, status: 78, words: "private key"),
        Change(path: "eoconf.json", status: 78, words: "cannot be read"),
        Change(path: "data/identity/signing.key", place: 0.3, status: 78, words: "restore DATA_PATH from a backup"),
        Change(path: "data/authority.sqlite", status: 74, words: "move authority.sqlite away"),
        // The kind of its second page.
        Change(path: "data/authority.sqlite", offset: 4096, status: 74, words: "move authority.sqlite away"),
    ]

    @Test("is named before anything is served, and the file as it was is taken again")
    func server() async throws {
        let scratch = try ScratchFolder()
        let a = try await AuthorityProcess("a.test", in: scratch)
        try await a.start()
        #expect(await a.stop() == 0)
        for change in Self.changes {
            let file = "\(a.home)/\(change.path)"
            let before = try Data(contentsOf: URL(filePath: file))
            try Self.changed(before, at: change.place, offset: change.offset).write(to: URL(filePath: file))
            let ended = try await status(of: a)
            #expect(ended == change.status && a.told.contains(change.words), "\(change.path): \(a.told)")
            try before.write(to: URL(filePath: file))
        }
        try await a.start()
        #expect(await a.stop() == 0)
        // Without the database it begins again with what its boards say.
        try FileManager.default.moveItem(atPath: "\(a.home)/data/authority.sqlite", toPath: "\(a.home)/away.sqlite")
        try await a.start()
        #expect(await a.stop() == 0)
    }

    @Test("of a peer is named, too, and its package put back where it was")
    func peer() async throws {
        let scratch = try ScratchFolder()
        let a = try await AuthorityProcess("a.test", in: scratch)
        let b = try await AuthorityProcess("b.test", in: scratch)
        try await a.install([a, b])
        for (path, words) in [
            ("certs/calist", "the certificate of b.test is not in"),
            ("peers/b.test.package", "holds no usable package"),
        ] {
            let file = URL(filePath: "\(a.home)/\(path)")
            let before = try Data(contentsOf: file)
            // The last certificate of the calist is the peer's; a package begins with a brace.
            try Self.changed(before, at: path.hasSuffix("calist") ? 0.8 : 0).write(to: file)
            let listed = try await a.tool("eopeers").run(["--list"])
            #expect(listed.errors.contains(words), "\(path): \(listed.errors)")
            try await a.start()
            #expect(await a.stop() == 0)
            let log = try String(contentsOfFile: a.logPath, encoding: .utf8)
            #expect(log.contains(path.hasSuffix("calist") ? "is not in TLS_CALIST_PATH" : words), "\(path): \(a.told)")
            try before.write(to: file)
        }
        let record = URL(filePath: "\(a.home)/peers/.b.test.installed")
        let before = try Data(contentsOf: record)
        for place in [0, 0.3, 0.6, 0.9] {
            try Self.changed(before, at: place).write(to: record)
            for arguments in [["--list"], ["--show", "b.test"]] {
                let shown = try await a.tool("eopeers").run(arguments)
                #expect([0, 1, 74, 78].contains(shown.status), "\(arguments) at \(place): \(shown)")
            }
        }
    }

    /// What the server ends with; nil if it is up after a minute.
    private func status(of authority: AuthorityProcess) async throws -> Int32? {
        try authority.launch()
        for _ in 0..<1200 {
            if case .ended(let status) = authority.state { return status }
            if isListening(port: authority.port) { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        await authority.kill()
        return nil
    }

    /// With another byte at that part of the length; a letter or digit stays one, as a flipped bit of base64 may.
    private static func changed(_ content: Data, at place: Double, offset: Int? = nil) -> Data {
        var changed = content
        let index = content.startIndex + (offset ?? Int(Double(content.count) * place))
        let isText = content.allSatisfy { $0 < 0x80 }
        changed[index] = isText && place > 0 ? (content[index] == 0x41 ? 0x42 : 0x41) : content[index] ^ 4
        return changed
    }
}
