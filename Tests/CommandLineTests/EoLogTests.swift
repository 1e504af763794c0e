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

    @Test(
        "each way of failing has its exit code",
        arguments: [
            (["--no-follow"], 74), (["-n", "x"], 64), (["--level", "loud"], 64), (["--config", "/nowhere"], 78),
        ]
            as [([String], Int32)])
    func exitCodes(arguments: [String], status: Int32) async throws {
        let ended = try await host.eolog.run(arguments)
        #expect(ended.status == status)
        #expect(ended.errors.hasPrefix("eolog: error: "))
    }

    private func line(_ number: Int, level: String = "info") -> String {
        #"{"election":"7","level":"\#(level)","message":"event \#(number)","peer":"b.example","timestamp":"2026-01-02T03:04:05.678Z"}"#
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
