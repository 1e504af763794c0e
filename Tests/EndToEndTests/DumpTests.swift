// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("Dumps of a server's memory", .serialized, .timeLimit(.minutes(5)))
struct DumpTests {
    @Test(
        "an aborted server leaves no core file where another program does, and prints no memory; it has as much locked as it asked for"
    )
    func aborted() async throws {
        let scratch = try ScratchFolder()
        let authority = try await AuthorityProcess("a.test", in: scratch)
        var mayDump = false
        let other = try await abort("/bin/sleep", ["60"], in: try folder("other", in: scratch)) { process in
            let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
            mayDump = limits.contains(/Max core file size +unlimited/) && Self.dumpsIntoFolder
        }
        #expect(other.files.contains { $0.hasPrefix("core") } == mayDump, "\(other.files)")
        let server = BuiltTool("eorchestra").path
        let aborted = try await abort(
            server, ["serve", "--config", authority.configurationPath], in: try folder("server", in: scratch)
        ) { process in
            try await untilListening(authority.port)
            let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
            #expect(limits.contains(#/Max core file size +0 +0 /#), "\(limits)")
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let locked = status.firstMatch(of: /VmLck:\s+(\d+) kB/).flatMap { Int($0.1) }
            #expect(locked.map { $0 >= 2048 } == true, "\(status)")
            // It listens before it says so.
            _ = try await eventually {
                try String(contentsOfFile: scratch.path("server.out"), encoding: .utf8).contains("a.test serves")
            }
        }
        #expect(aborted.files.isEmpty, "\(aborted.files)")
        // Swift's own account of a crash would show registers, and what lies where they point to.
        #expect(
            aborted.told.split(separator: "\n").count == 1 && aborted.told.hasPrefix("a.test serves"), "\(aborted.told)"
        )
    }

    @Test("nobody else of the server's own user may read its memory or attach to it", .enabled(if: geteuid() == 0))
    func unreadable() async throws {
        let scratch = try ScratchFolder()
        let authority = try await AuthorityProcess("a.test", in: scratch)
        // A user that owns the authority's files, as in an installation.
        let user = 65_534
        chmod(scratch.path, 0o711)
        try await run("/usr/bin/chown", ["-R", "\(user)", authority.home])
        // The build may lie where that user cannot go.
        let server = scratch.path("eorchestra")
        try FileManager.default.copyItem(atPath: BuiltTool("eorchestra").path, toPath: server)
        let asUser = ["--reuid", "\(user)", "--clear-groups", "--"]
        _ = try await abort(
            "/usr/bin/setpriv", asUser + [server, "serve", "--config", authority.configurationPath],
            in: try folder("server", in: scratch)
        ) { process in
            try await untilListening(authority.port)
            let own = try await run("/usr/bin/setpriv", asUser + ["/bin/sh", "-c", "head -c 1 /proc/$$/environ"])
            #expect(own.status == 0 && !own.output.isEmpty, "the user cannot read what it may")
            for file in ["environ", "mem", "maps"] {
                let read = try await run(
                    "/usr/bin/setpriv", asUser + ["/usr/bin/head", "-c", "1", "/proc/\(process)/\(file)"])
                #expect(read.status != 0 && read.output.isEmpty, "\(file)")
            }
        }
    }

    /// Whether this system writes core files as `core` or `core.PID` beside the program that dies.
    private static var dumpsIntoFolder: Bool {
        (try? String(contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8))?.hasPrefix("core") == true
    }

    private func folder(_ name: String, in scratch: ScratchFolder) throws -> String {
        try FileManager.default.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: false)
        chmod(scratch.path(name), 0o777)
        return scratch.path(name)
    }

    /// Starts a program that may write core files of any size into `folder`, aborts it after `body`, and gives what lies there then and
    /// what it printed.
    private func abort(
        _ program: String, _ arguments: [String], in folder: String, _ body: (Int32) async throws -> Void
    ) async throws -> (files: [String], told: String) {
        var shell = BuiltTool("sh")
        shell.path = "/bin/sh"
        let script = "ulimit -c unlimited; cd \"$0\"; exec \"$@\""
        let runnable = shell.process(["-c", script, folder, program] + arguments)
        let told = "\(folder).out"
        _ = FileManager.default.createFile(atPath: told, contents: nil)
        let output = FileHandle(forWritingAtPath: told)
        runnable.process.standardOutput = output
        runnable.process.standardError = output
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                // Threads of tasks block signals, and whatever they start would too.
                var none = sigset_t()
                sigemptyset(&none)
                pthread_sigmask(SIG_SETMASK, &none, nil)
                continuation.resume(with: Result { try runnable.process.run() })
            }
        }
        let running = LockedProcess()
        running.set(runnable)
        let process = runnable.process.processIdentifier
        // Until another program has taken the shell's place.
        let shellPath = URL(filePath: shell.path).resolvingSymlinksInPath().path
        for _ in 0..<1200 {
            let now = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
            if now != shellPath { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        try await body(process)
        #expect(await running.end(with: SIGABRT) == -SIGABRT)
        let text = try String(contentsOfFile: told, encoding: .utf8)
        return (try FileManager.default.contentsOfDirectory(atPath: folder), text)
    }

    private func untilListening(_ port: Int) async throws {
        for _ in 0..<1200 {
            if isListening(port: port) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("nobody listens on \(port)")
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) async throws -> BuiltTool.Ended {
        var tool = BuiltTool("")
        tool.path = program
        return try await tool.run(arguments)
    }
}
