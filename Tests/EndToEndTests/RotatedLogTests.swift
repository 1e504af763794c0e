// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eolog follows a real authority's log", .serialized, .timeLimit(.minutes(5)))
struct RotatedLogTests {
    @Test("through many rotations, kill -9 and a restart, it prints each line of the files once and in order")
    func follows() async throws {
        let scratch = try ScratchFolder()
        let authority = try await AuthorityProcess("a.test", in: scratch)
        try authority.configure(["LOG_ROTATE_BYTES": 8192, "LOG_ROTATE_KEEP": 100])
        try await authority.start()
        let output = try Following(authority, ["--json", "-n", "100000"])
        defer { output.end() }
        try await authority.logSomething(times: 200)
        await authority.kill()
        try await authority.start()
        try await authority.logSomething(times: 200)
        #expect(await authority.stop() == 0)
        let files = try authority.logFiles()
        #expect(files.count > 5)
        for file in files {
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0 <= 8192)
        }
        let lines = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        #expect(lines.split(separator: "\n").count > 400)
        #expect(try await output.becomes(lines))
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

    /// Requests for what is not there: a line each.
    func logSomething(times count: Int) async throws {
        let ended = try await curl(["https://\(hostName):\(port)/public_api/none?[1-\(count)]"])
        #expect(ended.output.contains("404"))
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
