// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("scripts/install and scripts/uninstall below a DESTDIR", .serialized)
struct InstallTests {
    @Test("what is installed is whole, a second time changes nothing, and uninstalling leaves what was there before")
    func roundTrip() async throws {
        let host = try ScratchHost()
        _ = try host.scratch.write("{}", to: "dest/etc/eoconf.json")
        _ = try host.scratch.write("another's", to: "dest/usr/local/bin/other")
        let before = try host.tree()

        #expect(shippedTools.contains("eorchestra") && shippedTools.count >= 5)
        let first = try await host.run("install", ["--from", host.build])
        try #require(first.status == 0, "\(first.errors)")
        for tool in shippedTools {
            #expect(try host.mode("bin/\(tool)") == 0o755)
            #expect(try host.mode("share/man/man1/\(tool).1") == 0o644)
            #expect(try host.mode("share/bash-completion/completions/\(tool)") == 0o644)
            #expect(try host.mode("share/zsh/site-functions/_\(tool)") == 0o644)
        }
        #expect(try host.text("lib/systemd/system/eorchestra.service").contains("=/usr/local/bin/eorchestra serve "))
        let installed = try host.tree()
        #expect(!"\(installed)".contains("lying"))

        let second = try await host.run("install", ["--from", host.build])
        #expect(second.status == 0 && second.output.contains("everything is in place already"), "\(second)")
        #expect(try host.tree() == installed)

        let told = try await host.run("uninstall", ["--dry-run"])
        #expect(told.status == 0 && told.output.contains("would: rm \(host.root)/bin/eopeers\n"))
        #expect(try host.tree() == installed)
        let gone = try await host.run("uninstall")
        #expect(gone == .init(status: 0, output: "left: \(host.destination)/etc/eoconf.json\n", errors: ""))
        #expect(try host.tree() == before)
        let again = try await host.run("uninstall")
        let expected = """
            uninstall: error: nothing is installed below \(host.root)
            uninstall: hint: name the --prefix that scripts/install was given

            """
        #expect(again == .init(status: 1, output: "", errors: expected))
    }

    @Test("a dry run says what it would do and does nothing; another prefix stands in the unit")
    func dryRun() async throws {
        let host = try ScratchHost(prefix: "/opt/election")
        let before = try host.tree()
        let told = try await host.run("install", ["--from", host.build, "--dry-run"])
        #expect(told.status == 0, "\(told.errors)")
        for tool in shippedTools { #expect(told.output.contains("would install \(host.root)/bin/\(tool)\n")) }
        #expect(try host.tree() == before)
    }

    @Test("a file of somebody else's and a changed one of ours stop the installation before anything is done, and stay")
    func inTheWay() async throws {
        let host = try ScratchHost()
        let path = try host.scratch.write("another's", to: "dest/usr/local/bin/eopeers")
        let before = try host.tree()
        let refused = try await host.run("install", ["--from", host.build])
        let expected = """
            install: error: "\(path)" is in the way: this did not put it there
            install: hint: move it away, or choose another --prefix

            """
        #expect(refused == .init(status: 1, output: "", errors: expected))
        #expect(try host.tree() == before)

        try FileManager.default.removeItem(atPath: path)
        let installed = try await host.run("install", ["--from", host.build])
        #expect(installed.status == 0)
        let unit = "\(host.root)/lib/systemd/system/eorchestra.service"
        try (String(contentsOfFile: unit, encoding: .utf8) + "# mine\n").write(
            toFile: unit, atomically: true, encoding: .utf8)
        let changed = try await host.run("install", ["--from", host.build])
        #expect(changed.status == 1)
        #expect(changed.errors.hasPrefix("install: error: \"\(unit)\" was changed since it was installed\n"))
        let gone = try await host.run("uninstall")
        #expect(gone.output == "left: \(unit), which was changed since it was installed\n")
        #expect(FileManager.default.fileExists(atPath: unit))
    }

    @Test(
        "wrong use ends with 64",
        arguments: [
            ["--prefix"], ["--prefix", "relative"], ["--prefix", "/a/../b"], ["--prefix", "/a b"], ["--what"],
        ])
    func wrongUse(arguments: [String]) async throws {
        let host = try ScratchHost()
        for script in ["install", "uninstall"] {
            let ended = try await host.run(script, arguments, givingPrefix: false)
            #expect(ended.status == 64)
            #expect(ended.output.isEmpty && ended.errors.hasPrefix("\(script): error: "))
        }
    }
}

/// A folder that stands for the root of a host.
private struct ScratchHost {
    let scratch: ScratchFolder
    let prefix: String
    var destination: String { scratch.path("dest") }
    var root: String { destination + prefix }
    /// Where this build's tools lie.
    var build: String { (BuiltTool("eopeers").path as NSString).deletingLastPathComponent }

    init(prefix: String = "/usr/local") throws {
        scratch = try ScratchFolder()
        self.prefix = prefix
        for folder in ["dest/etc", "dest\(prefix)/bin"] {
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
    }

    func run(_ script: String, _ arguments: [String] = [], givingPrefix: Bool = true) async throws -> BuiltTool.Ended {
        var tool = BuiltTool(script)
        tool.path = repository.appending(path: "scripts/\(script)").path
        tool.environment = ["DESTDIR": destination]
        return try await tool.run(arguments + (givingPrefix ? ["--prefix", prefix] : []))
    }

    func mode(_ path: String) throws -> Int? { try scratch.mode("dest\(prefix)/\(path)") }
    func text(_ path: String) throws -> String { try scratch.text("dest\(prefix)/\(path)") }

    /// Every path below the root with its inode and the time of its last change, folders' times apart.
    func tree() throws -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: destination) ?? .init() {
            var information = stat()
            lstat("\(destination)/\(path)", &information)
            let isFolder = information.st_mode & S_IFMT == S_IFDIR
            found[path] = [Int(information.st_ino), isFolder ? 0 : information.st_mtim.tv_nsec]
        }
        return found
    }
}
