// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import HostTestSupport
import Logging
import Testing

@Suite("The log: one line an event, through rotation")
struct LogTests {
    private let scratch: ScratchFolder
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.path("log/a.log")
    }

    @Test("an event becomes one line of JSON with its metadata, whatever is in its text")
    func oneLine() throws {
        var logger = try logger()
        logger[metadataKey: "election"] = "7"
        logger.warning("two\nlines", metadata: ["peer": "b.example"])
        logger.debug("too small to be kept")
        let lines = try scratch.text("log/a.log").split(separator: "\n")
        #expect(lines.count == 1)
        #expect(try scratch.mode("log/a.log") == 0o640 && scratch.mode("log") == 0o750)
        let record = try #require(LogRecord(line: String(lines[0])))
        #expect(record.level == .warning && record.message == "two\nlines")
        #expect(record.metadata == ["election": "7", "peer": "b.example"])
        #expect(record.timestamp.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(record.timestamp)")
        #expect(record.readableMessage == #"two\u{a}lines"#)
        #expect(record.readableMetadata == ["election=7", "peer=b.example"])
    }

    @Test("after the file was moved away, lines go to a new one")
    func rotation() throws {
        let logger = try logger()
        logger.info("one")
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        logger.info("two")
        #expect(try scratch.text("log/a.log.1").contains("one"))
        #expect(try scratch.text("log/a.log").contains("two"))
        #expect(try !scratch.text("log/a.log").contains("one"))
    }

    @Test("a disk that is full loses lines and nothing else, and how many is told when there is room again")
    func fullDisk() throws {
        try FileManager.default.createDirectory(
            atPath: scratch.path("log"), withIntermediateDirectories: true)
        // The device takes nothing: ENOSPC.
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
        let logger = try logger()
        for number in 1...3 { logger.info("lost \(number)") }
        try FileManager.default.removeItem(atPath: path)
        logger.info("here again")
        let messages = try scratch.text("log/a.log").split(separator: "\n").compactMap {
            LogRecord(line: String($0))?.message
        }
        #expect(messages == ["3 lines of the log were lost", "here again"])
    }

    @Test("the last lines come first, oldest first, also from a file larger than one read")
    func lastLines() throws {
        try write((1...20_000).map { "line \($0)\n" }.joined() + "half a li")
        var tail = LogTail(path: path)
        let last = try tail.lastLines(15_000)
        #expect(last.count == 15_000 && last.first == "line 5001" && last.last == "line 20000")
        #expect(tail.newLines().isEmpty)
        try append("ne\nnext\n")
        #expect(tail.newLines() == ["half a line", "next"])
    }

    @Test("fewer lines than asked are all lines", arguments: [0, 1, 2, 3, 100])
    func fewLines(count: Int) throws {
        try write("a\nb\nc\n")
        var tail = LogTail(path: path)
        #expect(try tail.lastLines(count) == ["a", "b", "c"].suffix(count))
    }

    @Test("a file that was moved away is read to its end before the new one")
    func followsRotation() throws {
        try write("a\n")
        var tail = LogTail(path: path)
        #expect(try tail.lastLines(9) == ["a"])
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try append("b\n", to: path + ".1")
        #expect(tail.newLines() == ["b"])
        try write("c\n")
        #expect(tail.newLines() == ["c"])
        try append("d\n")
        #expect(tail.newLines() == ["d"])
    }

    @Test("a file that was emptied is read from its start")
    func followsTruncation() throws {
        try write("a\nb\nc\n")
        var tail = LogTail(path: path)
        #expect(try tail.lastLines(1) == ["c"])
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 0)
        try append("d\n")
        #expect(tail.newLines() == ["d"])
    }

    @Test("a filter looks for as many lines as were asked, and leaves out what is no event")
    func filter() throws {
        let logger = try logger()
        for number in 1...50 {
            logger.info("\(number)", metadata: ["election": "\(number % 5)"])
            try append("Fatal error: not an event\n")
        }
        logger.error("grave", metadata: ["election": "1"])
        var ofElection = LogTail(path: path, filter: LogFilter(election: "1"))
        #expect(try ofElection.lastLines(3).map { LogRecord(line: $0)?.message } == ["41", "46", "grave"])
        var grave = LogTail(path: path, filter: LogFilter(level: .warning))
        #expect(try grave.lastLines(3).map { LogRecord(line: $0)?.message } == ["grave"])
    }

    private func logger() throws -> Logger {
        let file = try LogFile(path: path)
        return Logger(label: "test") { _ in FileLogHandler(file: file) }
    }

    private func write(_ text: String) throws {
        try FileManager.default.createDirectory(atPath: scratch.path("log"), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func append(_ text: String, to other: String? = nil) throws {
        let handle = try #require(FileHandle(forWritingAtPath: other ?? path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }
}
