// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Orchestration
import StrictJSON
import Testing
import TrustStores

@Suite("eorchestra backup and restore as operators use them", .serialized)
struct BackupTests {
    private let scratch: ScratchFolder
    private let eorchestra: BuiltTool
    private var words: String { scratch.path("words") }

    /// An authority that has been running, with a board, secrets, a file under two names and one that is half there.
    init() async throws {
        scratch = try ScratchFolder()
        var tool = BuiltTool("eorchestra")
        let made = try await tool.run([
            "init", "--home", scratch.path("a"), "--hostname", "a.example", "--public-ip", "127.0.0.1",
        ])
        try #require(made.status == 0, "\(made.errors)")
        tool.environment = ["EO_CONFIG": scratch.path("a/eoconf.json")]
        eorchestra = tool
        _ = try scratch.write("correct horse battery\n", to: "words")
        let data = try DataFolder(root: URL(filePath: scratch.path("a/data")))
        _ = try AuthorityDatabase(file: data.database)
        try Self.fill(data, other: SigningKey.stored(at: scratch.path("other.key")))
    }

    private static func fill(_ data: DataFolder, other: SigningKey) throws {
        let offer = ProtocolOffer(
            request: Array("{}".utf8), creator: Digest(of: [1]),
            parties: [
                Party(name: "a.example", certificate: Digest(of: [6]), signingKey: try data.signingKey().verifying),
                Party(name: "b.example", certificate: Digest(of: [7]), signingKey: other.verifying),
            ], threshold: 2, sessions: [.init(id: "0-session", protocolInfo: [10])])
        let content = EntryContent(election: "e1", kind: .protocol, author: 1, sequence: 0, payload: offer.payload)
        let election = try data.election("e1")
        try BoardFolder(data: data).append(Entry(signing: content, with: data.signingKey()), number: 0, to: "e1")
        _ = try election.seed("dealing", session: "0-session")
        let file = try election.proofFolder(session: "0-session", attempt: 1).appending(path: "Proof.bt")
        let bytes = [UInt8](repeating: 7, count: 3_000_000)
        try Data(bytes).write(to: file)
        _ = try election.adoptBlob(file, digest: Digest(of: bytes))
        try Data(bytes).write(to: election.partialBlob(Digest(of: [2])))
        try election.publish(Array("published".utf8), at: "0-session/publicKey_json")
    }

    private func backup(to name: String = "b.age") async throws -> BuiltTool.Ended {
        try await eorchestra.run(["backup", scratch.path(name), "--passphrase-file", words])
    }

    private func restore(_ name: String, to home: String, words: String? = nil) async throws -> BuiltTool.Ended {
        try await BuiltTool("eorchestra").run([
            "restore", scratch.path(name), "--home", scratch.path(home), "--passphrase-file", words ?? self.words,
        ])
    }

    @Test("a backup is encrypted, its owner's alone, replaces nothing, and comes back as it was, in another place")
    func roundTrip() async throws {
        let made = try await backup()
        #expect(made.status == 0 && made.output.hasSuffix(" bytes, 1 election\n"), "\(made)")
        #expect(
            made.errors
                == "eorchestra: warning: the key of election e1 was being made: make another backup when it is there\n")
        #expect(try scratch.mode("b.age") == 0o600)
        let file = try Data(contentsOf: URL(filePath: scratch.path("b.age")))
        // The three megabytes lie in it once, and nothing of the secrets does.
        #expect(file.count > 3_000_000 && file.count < 3_300_000)
        let seed = try Data(contentsOf: URL(filePath: scratch.path("a/data/private/e1/0-session/dealing.seed")))
        let key = try Data(contentsOf: URL(filePath: scratch.path("a/data/identity/signing.key")))
        #expect(seed.count == 32 + 32 && file.range(of: seed) == nil && file.range(of: key) == nil)
        let again = try await backup()
        let errors = """
            eorchestra: error: "\(scratch.path("b.age"))" is there already
            eorchestra: hint: choose another name, or move that away

            """
        #expect(again == .init(status: 1, output: "", errors: errors))
        #expect(try Data(contentsOf: URL(filePath: scratch.path("b.age"))) == file)

        let restored = try await restore("b.age", to: "new/home")
        #expect(restored.status == 0 && restored.output == scratch.path("new/home/eoconf.json\n"), "\(restored)")
        for name in ["certs/cert.pem", "certs/key-nopass.pem", "certs/calist", "data/identity/signing.key"]
            + ["board/000000.entry", "0-session/dealing.seed", "0-session/tally-1/Proof.bt"].map({
                "data/private/e1/" + $0
            })
            + ["data/public/e1/0-session/publicKey_json"]
        {
            #expect(
                FileManager.default.contents(atPath: scratch.path("a/\(name)"))
                    == FileManager.default.contents(atPath: scratch.path("new/home/\(name)")), "\(name)")
            let isPublic = name.hasPrefix("data/public")
            #expect(try scratch.mode("new/home/\(name)") == (isPublic ? 0o644 : 0o600), "\(name)")
        }
        for name in ["", "/data/private", "/data/private/e1/board", "/certs"] {
            #expect(try scratch.mode("new/home\(name)") == 0o700, "\(name)")
        }
        #expect(!scratch.exists("new/home/backup.json"))
        let blobs = try FileManager.default.contentsOfDirectory(atPath: scratch.path("new/home/data/private/e1/blobs"))
        #expect(blobs.count == 1, "what was half there is left out")
        #expect(try arrival("a") == arrival("new/home"))
        // Its entries since then are asked for.
        #expect(try DataFolder(root: URL(filePath: scratch.path("new/home/data"))).election("e1").restoredCount() == 1)
        var eopeers = BuiltTool("eopeers")
        eopeers.environment = ["EO_CONFIG": scratch.path("new/home/eoconf.json")]
        let package = try await eopeers.run(["--show-mine"])
        eopeers.environment = ["EO_CONFIG": scratch.path("a/eoconf.json")]
        let own = try await eopeers.run(["--show-mine"])
        #expect(package.status == 0 && package == own)
    }

    @Test("age and tar read a backup without this software")
    func otherPrograms() async throws {
        #expect(try await backup().status == 0)
        var script = BuiltTool("script")
        script.path = "/usr/bin/script"
        let tar = scratch.path("b.tar")
        let opened = try await script.run(
            ["-qec", "age -d -o \(tar) \(scratch.path("b.age"))", "/dev/null"], input: "correct horse battery\n")
        #expect(opened.status == 0, "\(opened)")
        var program = BuiltTool("tar")
        program.path = "/usr/bin/tar"
        let listed = try await program.run(["-tvf", tar])
        #expect(listed.status == 0 && listed.errors.isEmpty, "\(listed)")
        for name in ["backup.json", "eoconf.json", "data/authority.sqlite", "data/private/e1/board/000000.entry"] {
            #expect(listed.output.split(separator: "\n").contains { $0.hasSuffix(" \(name)") }, "\(listed.output)")
        }
        #expect(listed.output.contains(" link to "))
        let unpacked = try await program.run(["-xf", tar, "-C", scratch.path, "eoconf.json"])
        #expect(unpacked.status == 0)
        #expect(try scratch.text("eoconf.json") == scratch.text("a/eoconf.json"))
    }

    @Test("what is wrong with a file, a passphrase or a place is said, and leaves nothing behind")
    func refused() async throws {
        #expect(try await backup().status == 0)
        let file = try Data(contentsOf: URL(filePath: scratch.path("b.age")))
        try file.dropLast(100_000).write(to: URL(filePath: scratch.path("short.age")))
        var changed = file
        changed[changed.count / 2] ^= 1
        try changed.write(to: URL(filePath: scratch.path("changed.age")))
        let wrong = try scratch.write("correct horse batterz\n", to: "wrong")
        let before = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        let refusals: [(file: String, words: String?, message: String)] = [
            ("b.age", wrong, "the passphrase is not the one that the file is encrypted with"),
            ("short.age", nil, "behind byte"),
            ("changed.age", nil, "the encrypted file was changed, is damaged or cut off"),
            ("words", nil, "the file is not encrypted as age does it"),
        ]
        for refusal in refusals {
            let ended = try await restore(refusal.file, to: "new", words: refusal.words)
            #expect(ended.status == 1 && ended.output.isEmpty, "\(ended)")
            #expect(ended.errors.contains(refusal.message), "\(ended)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == before)
        }
        let occupied = try await restore("b.age", to: "a")
        #expect(occupied.status == 1 && occupied.errors.contains("is there already"))
        let none = try await restore("none.age", to: "new")
        #expect(none.status == 74 && none.errors.contains("no such file or directory"))

        let short = try await eorchestra.run(
            ["backup", scratch.path("c.age"), "--passphrase-file", scratch.write("short", to: "few")])
        let errors = """
            eorchestra: error: the passphrase has 5 bytes, at least 12 are needed
            eorchestra: hint: six random words are a good one

            """
        #expect(short == .init(status: 64, output: "", errors: errors))
        var alone = BuiltTool("setsid")
        alone.path = "/usr/bin/setsid"
        alone.environment = eorchestra.environment
        let silent = try await alone.run(["-w", eorchestra.path, "backup", scratch.path("c.age")])
        let noTerminal = """
            eorchestra: error: there is no terminal on which a passphrase could be asked for
            eorchestra: hint: name a file that holds it: --passphrase-file FILE

            """
        #expect(silent == .init(status: 64, output: "", errors: noTerminal))
        #expect(!scratch.exists("c.age"))
        let nobody = try scratch.write("{\"HOSTNAME\": \"a.example\", \"DATA_PATH\": \"/nowhere\"}", to: "other.json")
        let ended = try await BuiltTool("eorchestra").run([
            "backup", scratch.path("c.age"), "--passphrase-file", words, "--config", nobody,
        ])
        #expect(
            ended.status == 78 && ended.errors.contains("no authority has been running with DATA_PATH \"/nowhere\""))
    }

    @Test("the passphrase can be typed, unseen, twice for a backup and once to restore it")
    func typed() async throws {
        var script = BuiltTool("script")
        script.path = "/usr/bin/script"
        script.environment = eorchestra.environment
        let words = "correct horse battery\n"
        let made = try await script.run(
            ["-qec", "\(eorchestra.path) backup \(scratch.path("b.age"))", "/dev/null"], input: words + words)
        #expect(made.status == 0 && made.output.contains("passphrase of the backup: "), "\(made)")
        let home = scratch.path("new")
        let restored = try await script.run(
            ["-qec", "\(eorchestra.path) restore \(scratch.path("b.age")) --home \(home)", "/dev/null"], input: words)
        #expect(restored.status == 0 && scratch.exists("new/eoconf.json"), "\(restored)")
        let different = try await script.run(
            ["-qec", "\(eorchestra.path) backup \(scratch.path("c.age"))", "/dev/null"],
            input: words + "correct horse batterz\n")
        #expect(different.status == 64 && different.output.contains("the two passphrases differ"), "\(different)")
        #expect(!scratch.exists("c.age"))
    }

    @Test("while it makes or reads a backup, its keys have locked memory, and no core file can come of it")
    func memory() async throws {
        let (backup, home) = (scratch.path("b.age"), scratch.path("new"))
        for arguments in [["backup", backup], ["restore", backup, "--home", home]] {
            let pipe = scratch.path("pipe")
            try #require(mkfifo(pipe, 0o600) == 0)
            defer { unlink(pipe) }
            async let ended = eorchestra.run(arguments + ["--passphrase-file", pipe])
            let writer = try await writer(of: pipe)
            // Whatever it finds, nobody may wait for the passphrase for ever.
            let looked = Result { try expectSecrecy(ofReaderOf: pipe) }
            let words = Array("correct horse battery\n".utf8)
            #expect(write(writer, words, words.count) == words.count)
            close(writer)
            let result = try await ended
            #expect(result.status == 0, "\(result)")
            try looked.get()
        }
    }

    private func expectSecrecy(ofReaderOf pipe: String) throws {
        let process = try #require(try reader(of: pipe))
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
        #expect(limits.contains(#/Max core file size +0 +0 /#), "\(limits)")
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let locked = status.firstMatch(of: /VmLck:\s+(\d+) kB/).flatMap { Int($0.1) }
        #expect(locked.map { $0 >= 2048 } == true, "\(status)")
    }

    /// Opens a pipe as soon as somebody reads it, a minute at most.
    private func writer(of pipe: String) async throws -> Int32 {
        for _ in 0..<1200 {
            let descriptor = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            if descriptor >= 0 { return descriptor }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CocoaError(.fileReadUnknown)
    }

    /// The process that has a pipe open and is not this one.
    private func reader(of pipe: String) throws -> Int32? {
        let pipe = URL(filePath: pipe).resolvingSymlinksInPath().path
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init).first { process in
            guard process != getpid() else { return false }
            let folder = "/proc/\(process)/fd"
            let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return descriptors.contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == pipe
            }
        }
    }

    private func arrival(_ home: String) throws -> Int? {
        let file = scratch.path("\(home)/data/private/e1/board/000000.entry")
        let date = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        return date.map { Int($0.timeIntervalSince1970) }
    }
}
