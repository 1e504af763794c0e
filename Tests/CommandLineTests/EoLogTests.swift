// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eolog as operators use it")
struct EoLogTests {
    private let host: PeerHost

    init() throws { host = try PeerHost("a.example") }

    @Test("the last lines are printed for people, or as they stand with --json")
    func lastLines() async throws {
        _ = try host.scratch.write(line(1) + line(2) + line(3, level: "error"), to: "log")
        let text = try await host.eolog.run(["--no-follow", "-n", "2"])
        let expected = """
            2026-01-02 03:04:05.678 INFO     event 2  election=7 peer=b.example
            2026-01-02 03:04:05.678 ERROR    event 3  election=7 peer=b.example

            """
        #expect(text == .init(status: 0, output: expected, errors: ""))
        let json = try await host.eolog.run(["--no-follow", "-n", "2", "--json"])
        #expect(json.output == line(2) + line(3, level: "error"))
        #expect(
            try await host.eolog.run(["--no-follow", "--level", "warning", "--json"]).output == line(3, level: "error"))
        #expect(try await host.eolog.run(["--no-follow", "--election", "8"]).output == "")
    }

    @Test("foreign text in an event cannot write to the terminal")
    func terminal() async throws {
        _ = try host.scratch.write(line(1).replacing("b.example", with: #"\u001b[2J"#), to: "log")
        let output = try await host.eolog.run(["--no-follow"]).output
        #expect(output.hasSuffix(#"election=7 peer="\u{1b}[2J""# + "\n"))
    }

    @Test("it follows what comes, through rotation and truncation", .timeLimit(.minutes(1)))
    func follows() async throws {
        _ = try host.scratch.write(line(1), to: "log")
        let runnable = host.eolog.process(["--json"])
        let pipe = Pipe()
        runnable.process.standardOutput = pipe
        let lines = LineReader(pipe.fileHandleForReading)
        try runnable.process.run()
        defer { runnable.process.terminate() }
        #expect(await lines.next() == line(1))
        try append(line(2))
        #expect(await lines.next() == line(2))
        try FileManager.default.moveItem(atPath: host.scratch.path("log"), toPath: host.scratch.path("log.1"))
        _ = try host.scratch.write(line(3), to: "log")
        #expect(await lines.next() == line(3))
        try #require(FileHandle(forWritingAtPath: host.scratch.path("log"))).truncate(atOffset: 0)
        // Shorter than what stood there before, as an emptied file is when it is seen in time.
        try append(line(4).replacing("\"peer\":\"b.example\",", with: ""))
        #expect(await lines.next() == line(4).replacing("\"peer\":\"b.example\",", with: ""))
    }

    @Test("what was rotated away is read too; --since leaves out what is older, -n all but the last")
    func since() async throws {
        _ = try host.scratch.write(line(1, minute: 4) + line(2, minute: 5), to: "log.1")
        _ = try host.scratch.write(line(3, minute: 6) + line(4, minute: 7), to: "log")
        #expect(try await host.eolog.run(["--no-follow", "-n", "3", "--json"]).output.contains("event 2"))
        let since = ["--no-follow", "--json", "--since", "2026-01-02 03:05"]
        #expect(
            try await host.eolog.run(since).output == line(2, minute: 5) + line(3, minute: 6) + line(4, minute: 7))
        #expect(try await host.eolog.run(since + ["-n", "1"]).output == line(4, minute: 7))
        #expect(
            try await host.eolog.run(["--no-follow", "--since", "10m"]) == .init(status: 0, output: "", errors: ""))
    }

    @Test("a terminal gets colours, unless NO_COLOR is set; nothing else does", .timeLimit(.minutes(1)))
    func colours() async throws {
        _ = try host.scratch.write(line(1, level: "error"), to: "log")
        let coloured = try await onTerminal(host.eolog, ["--no-follow"])
        #expect(coloured.contains("\u{1B}[31mERROR   \u{1B}[0m event 1"), "\(coloured)")
        var plain = host.eolog
        plain.environment["NO_COLOR"] = "1"
        #expect(try await !onTerminal(plain, ["--no-follow"]).contains("\u{1B}"))
        #expect(try await !host.eolog.run(["--no-follow"]).output.contains("\u{1B}"))
    }

    /// What a tool writes to a terminal.
    private func onTerminal(_ tool: BuiltTool, _ arguments: [String]) async throws -> String {
        var script = tool
        script.path = "/usr/bin/script"
        script.environment["TERM"] = "xterm"
        let command = ([tool.path] + arguments).joined(separator: " ")
        return try await script.run(["--quiet", "--return", "--command", command, "/dev/null"]).output
    }

    @Test("--json is harmless to a terminal too, and the same to programs")
    func printableJSON() async throws {
        let line = line(1).replacing("b.example", with: "\u{9B}2J é")
        _ = try host.scratch.write(line, to: "log")
        let output = try await host.eolog.run(["--no-follow", "--json"]).output
        #expect(output.contains(#""peer":"\u009b2J \u00e9""#))
        let (one, other) = (
            try JSONSerialization.jsonObject(with: Data(output.utf8)),
            try JSONSerialization.jsonObject(with: Data(line.utf8))
        )
        #expect((one as? [String: String]) != nil && (one as? [String: String]) == (other as? [String: String]))
    }

    @Test(
        "each way of failing has its exit code",
        arguments: [
            (["--no-follow"], 74), (["-n", "x"], 64), (["-n", "-1"], 64), (["--level", "loud"], 64),
            (["--since", "yesterday"], 64), (["--since", "2026-02-30"], 64), (["--peer", "../x"], 64),
            (["--config", "/nowhere"], 78), (["--peer", "stranger.example"], 1),
        ]
            as [([String], Int32)])
    func exitCodes(arguments: [String], status: Int32) async throws {
        let ended = try await host.eolog.run(arguments)
        #expect(ended.status == status)
        #expect(ended.errors.hasPrefix("eolog: error: "))
    }

    private func line(_ number: Int, level: String = "info", minute: Int = 4) -> String {
        #"{"election":"7","level":"\#(level)","message":"event \#(number)","peer":"b.example","timestamp":"2026-01-02T03:0\#(minute):05.678Z"}"#
            + "\n"
    }

    private func append(_ text: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: host.scratch.path("log")))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }
}

/// The lines that a process prints, one after the other, as they come.
private struct LineReader {
    private let lines: AsyncStream<String>

    init(_ handle: FileHandle) {
        lines = AsyncStream { continuation in
            Thread.detachNewThread {
                var rest = ""
                while case let data = handle.availableData, !data.isEmpty {
                    rest += String(decoding: data, as: UTF8.self)
                    while let end = rest.firstIndex(of: "\n") {
                        continuation.yield(String(rest[...end]))
                        rest = String(rest[rest.index(after: end)...])
                    }
                }
                continuation.finish()
            }
        }
    }

    func next() async -> String? {
        for await line in lines { return line }
        return nil
    }
}
