// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eolog follows a real authority's log", .serialized, .timeLimit(.minutes(5)))
struct RotatedLogTests {
    @Test("through many rotations, kill -9 and a restart, it prints each line of the files once and in order")
    func follows() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let a = authorities[0]
            _ = await a.stop()
            try a.configure(["LOG_ROTATE_BYTES": 4096, "LOG_ROTATE_KEEP": 100])
            try await a.start()
            let output = try Following(a, ["--json", "-n", "100000"])
            defer { output.end() }
            for _ in 0..<3 { try await makeElection(at: a) }
            await a.kill()
            try await a.start()
            for _ in 0..<3 { try await makeElection(at: a) }
            #expect(await a.stop() == 0)
            let files = try a.logFiles()
            #expect(files.count > 5)
            for file in files {
                #expect(try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0 <= 4096)
            }
            let lines = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
            #expect(try await output.becomes(lines))
        }
    }

    private func makeElection(at director: AuthorityProcess) async throws {
        let ended = try await director.tool("eotest").run(["create", "--group", "ffdhe2048", "--timeout", "120"])
        #expect(ended.status == 0, "\(ended.errors)")
    }
}

/// An eolog that follows, and what it has printed so far.
final class Following: Sendable {
    private let runnable: RunnableProcess
    private let path: String

    init(_ authority: AuthorityProcess, _ arguments: [String]) throws {
        path = "\(authority.home)/eolog-\(UInt32.random(in: 0 ... .max)).out"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        runnable = authority.tool("eolog").process(arguments)
        runnable.process.standardOutput = FileHandle(forWritingAtPath: path)
        runnable.process.standardError = FileHandle(forWritingAtPath: path + ".err")
        try runnable.process.run()
    }

    func end() { if runnable.process.isRunning { runnable.process.terminate() } }

    var printed: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    /// Waits until exactly this is printed, which may still grow: who is logged about goes on working.
    func becomes(_ expected: @autoclosure () throws -> String) async throws -> Bool {
        try await eventually { try printed == expected() }
    }
}

extension AuthorityProcess {
    /// The log's files, oldest first.
    func logFiles() throws -> [String] {
        let old = (1...100).map { "\(logPath).\($0)" }.filter(FileManager.default.fileExists(atPath:))
        return old.reversed() + [logPath]
    }

    /// Asks with this authority's certificate; prints each answer's status.
    func curl(_ arguments: [String], of server: AuthorityProcess? = nil) async throws -> BuiltTool.Ended {
        let server = server ?? self
        var curl = BuiltTool("curl")
        curl.path = "/usr/bin/curl"
        return try await curl.run(
            [
                "--cert", "\(home)/certs/cert.pem", "--key", "\(home)/certs/key-nopass.pem", "--cacert",
                "\(server.home)/certs/cert.pem", "--resolve", "\(server.hostName):\(server.port):127.0.0.1", "--silent",
                "--max-time", "60", "--output", "/dev/null", "--write-out", "%{http_code}\n",
            ] + arguments)
    }
}
