// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eopeers killed at each step, by kill -9 in the place of a system call, is finished or undone by the next run")
struct KilledInstallationTests {
    private let a: PeerHost
    private let first: String
    private let second: String

    init() async throws {
        a = try PeerHost("a.example")
        first = try await PeerHost("b.example", address: "192.0.2.2").package()
        second = try await PeerHost("b.example", address: "192.0.2.3").package()
        _ = try a.scratch.write("127.0.0.1 localhost\n# no end", to: "hosts")
    }

    @Test("installing", arguments: ["rename", "unlink", "fsync"])
    func installing(call: String) async throws {
        let package = try a.scratch.write(first, to: "b.package")
        try await expectAllOrNothing(["--install", package], killedAt: call)
    }

    @Test("replacing", arguments: ["rename", "unlink", "fsync"])
    func replacing(call: String) async throws {
        _ = try await a.eopeers.run(["--install", "-"], input: first)
        let package = try a.scratch.write(second, to: "b.package")
        try await expectAllOrNothing(["--replace", package], killedAt: call)
    }

    @Test("uninstalling", arguments: ["rename", "unlink", "fsync"])
    func uninstalling(call: String) async throws {
        _ = try await a.eopeers.run(["--install", "-"], input: first)
        try await expectAllOrNothing(["--uninstall", "b.example"], killedAt: call)
    }

    /// Runs `arguments`, each time from the same start, killed at the first, second … of a system call, until none is left.
    private func expectAllOrNothing(_ arguments: [String], killedAt call: String) async throws {
        let before = try a.files()
        #expect(try await a.eopeers.run(arguments).status == 0)
        let after = try a.files()
        #expect(after != before)
        var kills = 0
        while kills < 40 {
            try restore(before)
            let ended = try await run(arguments, killedAt: call, count: kills + 1)
            if ended { break }
            kills += 1
            // Whoever only looks sees all or nothing, too.
            #expect(try await a.eopeers.run(["--list"]).status == 0)
            let seen = Self.visible(try a.files())
            #expect(
                seen == Self.visible(before) || seen == Self.visible(after),
                "listed after killing at \(call) \(kills): \(seen.keys.sorted())")
            // Any next run does it; this one is refused for itself.
            #expect(try await a.eopeers.run(["--uninstall", "nobody.example"]).status == 1)
            let found = try a.files()
            #expect(found == before || found == after, "killed at \(call) \(kills): \(found.keys.sorted())")
        }
        #expect(kills > 0 && kills < 40)
        #expect(try a.files() == after)
    }

    /// Without temporary files, which a run that only looks leaves alone where nothing else is left to do.
    private static func visible(_ files: [String: Data]) -> [String: Data] {
        files.filter { !($0.key as NSString).lastPathComponent.hasPrefix(".") }
    }

    /// Whether the tool came to its end.
    private func run(_ arguments: [String], killedAt call: String, count: Int) async throws -> Bool {
        var strace = a.eopeers
        strace.path = "/usr/bin/strace"
        let ended = try await strace.run(
            ["-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(count)"]
                + [a.eopeers.path] + arguments)
        try #require([0, SIGKILL].contains(ended.status), "\(ended)")
        return ended.status == 0
    }

    private func restore(_ files: [String: Data]) throws {
        for name in try a.files().keys where files[name] == nil {
            try FileManager.default.removeItem(atPath: a.scratch.path(name))
        }
        for (name, contents) in files { try contents.write(to: URL(filePath: a.scratch.path(name))) }
    }
}
