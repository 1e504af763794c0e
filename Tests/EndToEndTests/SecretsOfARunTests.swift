// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("The secrets of a run", .serialized, .timeLimit(.minutes(10)))
struct SecretsOfARunTests {
    private static let password = "correct horse battery 9d41c7e2 staple"
    private static let passphrase = "six random words 4b8a61f0 are a good one"
    /// Where secrets belong.
    private static let kept = ["certs/key-nopass.pem", "identity/signing.key", "eoconf.json"]
    private static let keptMeanwhile = kept + [".seed", ".share"]

    @Test(
        """
        stand nowhere but in their own files: not in logs, boards, databases, published files, backups, answers, errors, reports, arguments \
        or environments; after the tally not on the disk, and not in the memory of the servers
        """)
    func nowhere() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            for authority in authorities { try authority.configure(["KEYSTORE_PASS": Self.password]) }
            let watcher = SecretsWatcher(authorities.map { "\($0.home)/data/private" })
            defer { watcher.end() }
            var told: [String] = []
            func run(_ tool: String, _ arguments: [String], at authority: AuthorityProcess, status: Int32 = 0)
                async throws
            {
                let ended = try await authority.tool(tool).run(arguments)
                try #require(ended.status == status, "\(arguments): \(ended.errors)\n\(ended.output)")
                told += [ended.output, ended.errors]
            }
            let report = "\(a.home)/report.html"
            try await run("eotest", ["create", "--group", "ffdhe2048", "--json", "--timeout", "240"], at: a)
            let election = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "\(a.home)/data/private").first)
            try await holdsKeystores(a, b, &told)
            try await backsUp(a, &told)
            var secrets = try secrets(of: authorities, watcher, names: ["key.share", "dealing.seed"])
            for authority in authorities {
                #expect(try secrets.found(below: authority.home, except: Self.keptMeanwhile) == [])
            }
            try await run("eotest", ["encrypt", election, "--vmnd", "--vcount", "9"], at: a)
            try await run("eotest", ["tally", election, "--report", report, "--timeout", "240"], at: a)
            try await run("eotest", ["verify", election, "--json"], at: a)
            try await run("eotasks", ["--tree", election], at: a)
            try await run("eolog", ["--no-follow", "-n", "100000"], at: b)
            for path in [
                "/api/identity", "/public_api/status/\(election)?once", "/api/costs/\(election)", "/api/log?last=100",
                "/public_data/../data/identity/signing.key", "/public_data/\(election)/../../private/\(election)/board",
                "/public_data/%2e%2e/%2e%2e/eoconf.json", "/nowhere",
            ] {
                told.append(try await b.answer(to: a, path))
            }
            try await published(b, election)
            watcher.end()
            secrets = try self.secrets(of: authorities, watcher, names: ["key.share", "dealing.seed", "mixing-1.seed"])
            for authority in authorities {
                #expect(try secrets.found(below: authority.home, except: Self.kept) == [])
                #expect(try leftOver(at: authority).isEmpty)
            }
            for text in told { #expect(secrets.found(in: text.utf8) == []) }
            #expect(watcher.commands.count > 10)
            for command in ["backup", "restore"] {
                #expect(
                    watcher.commands.contains { $0.split(separator: 0).contains { $0.elementsEqual(command.utf8) } })
            }
            for command in watcher.commands { #expect(secrets.found(in: command) == []) }
            if ProcessMemory.isReadable { for authority in authorities { try expectCleanMemory(authority, watcher) } }
        }
    }

    /// Both keystores are used, with the right password and a wrong one.
    private func holdsKeystores(_ a: AuthorityProcess, _ b: AuthorityProcess, _ told: inout [String]) async throws {
        let package = try await b.tool("eopeers").run(["--show-mine"]).output
        for status: Int32 in [0, 1] {
            let ended = try await a.tool("eopeers").run(
                ["--install", "-", "--keystore", "\(a.home)/peers.p12"], input: package)
            try #require(ended.status == status, "\(ended.errors)")
            told += [ended.output, ended.errors]
            try a.configure(["KEYSTORE_PASS": Self.password + "!"])
        }
        try a.configure(["KEYSTORE_PASS": Self.password])
    }

    /// A backup stays below the authority's folder, which is looked through; what is restored of it has its own place.
    private func backsUp(_ authority: AuthorityProcess, _ told: inout [String]) async throws {
        let (words, backup, home) = (
            authority.home + ".words", authority.home + "/backup.age", authority.home + "-restored"
        )
        let eorchestra = authority.tool("eorchestra")
        try Data(Self.passphrase.utf8).write(to: URL(filePath: words))
        let made = try await eorchestra.run(["backup", backup, "--passphrase-file", words, "--json"])
        try #require(made.status == 0, "\(made)")
        let restoring = ["restore", backup, "--home", home, "--passphrase-file", words]
        let restored = try await eorchestra.run(restoring)
        #expect(restored.status == 0, "\(restored)")
        try FileManager.default.removeItem(atPath: home)
        try Data((Self.passphrase + "!").utf8).write(to: URL(filePath: words))
        let refused = try await eorchestra.run(restoring)
        #expect(refused.status == 1, "\(refused)")
        told += [made, restored, refused].flatMap { [$0.output, $0.errors] }
    }

    /// What the authorities have for themselves, and what the watcher saw of this election's.
    private func secrets(
        of authorities: [AuthorityProcess], _ watcher: SecretsWatcher, names: [String]
    ) throws -> RunSecrets {
        var secrets = RunSecrets()
        secrets.add("KEYSTORE_PASS", text: Self.password)
        secrets.add("passphrase of the backup", text: Self.passphrase)
        for authority in authorities {
            let host = authority.hostName
            // Behind it stands the public key.
            let signingKey = try bytes("\(authority.home)/data/identity/signing.key")
            secrets.add("\(host): signing key", Array(signingKey.prefix(32)))
            let pem = try String(contentsOfFile: "\(authority.home)/certs/key-nopass.pem", encoding: .utf8)
            let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
            let key = Array(try #require(Data(base64Encoded: body)))
            // Behind the public modulus: exponent, primes, and what is computed of them.
            for share in stride(from: 30, to: 95, by: 10) {
                let start = key.count * share / 100
                secrets.add("\(host): certificate's key", Array(key[start..<start + 48]))
            }
            for name in names {
                let path = try #require(
                    watcher.files.keys.first { $0.hasPrefix(authority.home) && $0.hasSuffix(name) },
                    "\(host) had no \(name): \(watcher.files.keys)")
                // Behind it stands its digest.
                add(try #require(watcher.files[path]).dropLast(32), "\(host): \(name)", to: &secrets)
            }
        }
        return secrets
    }

    /// A key share is a list of numbers of 256 bytes, of which each is a secret.
    private func add(_ content: ArraySlice<UInt8>, _ name: String, to secrets: inout RunSecrets) {
        let file = Array(content)
        let width = min(file.count, 256)
        for start in stride(from: 0, to: file.count, by: width) {
            secrets.add(name, Array(file[start..<min(start + width, file.count)]))
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    private func leftOver(at authority: AuthorityProcess) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(authority.home)/data/private")
            .filter { $0.hasSuffix(".seed") || $0.hasSuffix(".share") }
    }

    /// Waits until the other authority has published too, and has wiped what it used.
    private func published(_ authority: AuthorityProcess, _ election: String) async throws {
        for _ in 0..<1200 {
            if try authority.tallies()[election] != nil, try leftOver(at: authority).isEmpty { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(authority.hostName) did not publish: \(authority.told)")
    }

    /// Key shares and seeds are gone; the signing key, which is still in use, lies in locked memory that is in no dump, and nowhere else.
    private func expectCleanMemory(_ authority: AuthorityProcess, _ watcher: SecretsWatcher) throws {
        var (gone, used) = (RunSecrets(), RunSecrets())
        for (path, bytes) in watcher.files where path.hasPrefix(authority.home) {
            add(bytes.dropLast(32), (path as NSString).lastPathComponent, to: &gone)
        }
        used.add("signing key", Array(try bytes("\(authority.home)/data/identity/signing.key").prefix(32)))
        let memory = try ProcessMemory(of: try #require(authority.processIdentifier))
        var placesOfUsed = 0
        for region in memory.regions {
            let found = region.pieces.map { piece in
                piece.withUnsafeBytes { bytes in
                    #expect(gone.found(in: bytes, onlyRaw: true) == [], "\(authority.hostName)")
                    return used.found(in: bytes, onlyRaw: true)
                }
            }
            guard !found.allSatisfy(\.isEmpty) else { continue }
            placesOfUsed += 1
            #expect(region.flags.isSuperset(of: ["lo", "dd"]), "the signing key stands in ordinary memory")
        }
        #expect(placesOfUsed == 1)
    }
}

extension AuthorityProcess {
    /// The body that another authority answers this one with, and the headers before it.
    fileprivate func answer(to other: AuthorityProcess, _ path: String) async throws -> String {
        var curl = BuiltTool("curl")
        curl.path = "/usr/bin/curl"
        let ended = try await curl.run([
            "--cert", "\(home)/certs/cert.pem", "--key", "\(home)/certs/key-nopass.pem", "--silent", "--include",
            "--max-time", "60", "--path-as-is", "--cacert", "\(other.home)/certs/cert.pem",
            "--resolve", "\(other.hostName):\(other.port):127.0.0.1", "https://\(other.hostName):\(other.port)\(path)",
        ])
        #expect(ended.status == 0 && ended.output.hasPrefix("HTTP/"), "\(path): \(ended)")
        return ended.output
    }
}
