// SPDX-License-Identifier: Apache-2.0

@testable import AuthorityHost
import Foundation
import HostTestSupport
import Logging
import Testing

@Suite("Rotation of the log: by size, and each line stays where readers find it once")
struct LogRotationTests {
    private let scratch: ScratchFolder
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.path("a.log")
    }

    @Test("no file grows beyond the limit, and the youngest N old ones stay")
    func keeps() throws {
        let log = try log(bytes: 1000, kept: 3)
        for number in 1...100 { log.info("\(number)") }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        #expect(names == ["a.log", "a.log.1", "a.log.2", "a.log.3"])
        for name in names { #expect(try scratch.text(name).utf8.count <= 1000) }
        let numbers = try names.reversed().flatMap { try messages(in: $0) }.compactMap { Int($0) }
        #expect(numbers == Array((101 - numbers.count)...100) && numbers.count > 20)
    }

    @Test("one old file is enough")
    func keepsOne() throws {
        let log = try log(bytes: 1000, kept: 1)
        for number in 1...100 { log.info("\(number)") }
        let numbers = try ["a.log.1", "a.log"].flatMap { try messages(in: $0) }
        #expect(numbers == (100 - numbers.count + 1...100).map(String.init) && numbers.count > 10)
    }

    @Test(
        "a reader beside the writer gets every line once, through rotations that it did not see",
        .timeLimit(.minutes(1)))
    func readerBesideWriter() async throws {
        let log = try log(bytes: 2000, kept: 100)
        log.info("1")
        let writer = Task.detached { for number in 2...1500 { log.info("\(number)") } }
        let read = Task.detached { [path] in
            var tail = LogTail(path: path)
            var found = try tail.lastLines(0).count
            try tail.begin()
            var lines: [String] = []
            while LogRecord(line: lines.last ?? "")?.message != "1500" {
                lines += tail.newLines()
                found += 1
                // Now and then several rotations pass.
                if found.isMultiple(of: 7) { try await Task.sleep(for: .milliseconds(20)) }
            }
            return lines.compactMap { LogRecord(line: $0)?.message }
        }
        await writer.value
        #expect(try await read.value == (1...1500).map(String.init))
    }

    @Test("what a crash left half rotated is finished, and no file is dropped for it", arguments: [0, 1, 2])
    func crash(moment: Int) throws {
        for (name, text) in [("a.log", "0"), ("a.log.1", "1"), ("a.log.2", "2")] {
            _ = try scratch.write(line(text), to: name)
        }
        switch moment {
        case 0:  // The new file is made.
            _ = try scratch.write("", to: "a.log.new")
        case 1:  // The old ones are being shifted.
            try FileManager.default.moveItem(atPath: scratch.path("a.log.2"), toPath: scratch.path("a.log.3"))
        default:  // All but the last rename is done.
            try FileManager.default.moveItem(atPath: scratch.path("a.log.2"), toPath: scratch.path("a.log.3"))
            try FileManager.default.moveItem(atPath: scratch.path("a.log.1"), toPath: scratch.path("a.log.2"))
            try FileManager.default.linkItem(atPath: path, toPath: scratch.path("a.log.1"))
            _ = try scratch.write("", to: "a.log.new")
        }
        try log(bytes: line("0").utf8.count, kept: 3).info("new")
        #expect(try messages(in: "a.log") == ["new"])
        for number in 0...2 { #expect(try messages(in: "a.log.\(number + 1)") == ["\(number)"]) }
        #expect(!scratch.exists("a.log.new"))
    }

    @Test("a log that cannot be rotated goes on where it is, and says so")
    func cannotRotate() throws {
        _ = try FileManager.default.createDirectory(
            atPath: scratch.path("a.log.1/x"), withIntermediateDirectories: true)
        let log = try log(bytes: 500, kept: 1)
        for number in 1...20 { log.info("\(number)") }
        let all = try messages(in: "a.log")
        #expect(all.compactMap { Int($0) } == Array(1...20))
        #expect(all.contains { $0.hasPrefix("the log cannot be rotated: cannot create") })
        #expect(all.count < 25, "not with every line")
    }

    @Test("the last lines come from old files too, oldest first")
    func lastLines() throws {
        let log = try log(bytes: 1000, kept: 100)
        for number in 1...200 { log.info("\(number)") }
        var tail = LogTail(path: path)
        #expect(try tail.lastLines(150).compactMap { LogRecord(line: $0)?.message } == (51...200).map(String.init))
        log.info("201")
        #expect(tail.newLines().compactMap { LogRecord(line: $0)?.message } == ["201"])
    }

    @Test("from a moment on: files that ended before it are left out, and so are earlier lines")
    func since() throws {
        for (name, hour) in [("a.log.2", 10), ("a.log.1", 11), ("a.log", 12)] {
            _ = try scratch.write(line("\(hour)", at: hour, 0) + line("\(hour) and a half", at: hour, 30), to: name)
        }
        for (text, expected) in [
            ("2026-01-02T11:30", ["11 and a half", "12", "12 and a half"]), ("2026-01-02T13:00", []),
        ] {
            let since = try #require(LogInstant(text))
            var tail = LogTail(path: path, filter: LogFilter(since: since))
            try tail.begin()
            #expect(tail.newLines().compactMap { LogRecord(line: $0)?.message } == expected)
        }
    }

    @Test("a place in the log is found again after rotations, and not once its file is gone or no line begins there")
    func positions() throws {
        let log = try log(bytes: 1000, kept: 2)
        for number in 1...3 { log.info("\(number)") }
        var tail = LogTail(path: path)
        _ = try tail.lastLines(0)
        let place = tail.position
        let position = try #require(place)
        #expect(LogPosition(position.text) == position)
        for number in 4...15 { log.info("\(number)") }
        var later = LogTail(path: path)
        let isThere = later.resume(at: position)
        #expect(isThere)
        #expect(later.newLines().compactMap { LogRecord(line: $0)?.message } == (4...15).map(String.init))
        let gone = [
            LogPosition(file: position.file, offset: position.offset - 1),
            LogPosition(file: position.file, offset: 1 << 40),
            LogPosition(file: FileIdentity(device: 0, inode: 1), offset: 0),
        ]
        for position in gone {
            let isThere = later.resume(at: position)
            #expect(!isThere, "\(position)")
        }
        for text in ["", "1-2", "1-2--1", "1-2-g", "11111111111111111-0-0"] {
            #expect(LogPosition(text) == nil, "\(text)")
        }
    }

    private func log(bytes: Int, kept: Int) throws -> Logger {
        let file = try LogFile(path: path, rotation: LogRotation(byteLimit: bytes, keptCount: kept))
        return Logger(label: "test") { _ in FileLogHandler(file: file) }
    }

    private func messages(in name: String) throws -> [String] {
        try scratch.text(name).split(separator: "\n").compactMap { LogRecord(line: String($0))?.message }
    }

    private func line(_ message: String, at hour: Int = 0, _ minute: Int = 0) -> String {
        let time = [hour, minute].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return LogRecord(timestamp: "2026-01-02T\(time):00.000Z", level: .info, message: message, metadata: [:]).line
            + "\n"
    }
}
