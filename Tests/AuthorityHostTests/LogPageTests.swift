// SPDX-License-Identifier: Apache-2.0

@testable import AuthorityHost
import Foundation
import HostTestSupport
import Logging
import StrictJSON
import Testing

@Suite("Pages of a log, as another authority reads it")
struct LogPageTests {
    private let scratch: ScratchFolder
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.path("a.log")
    }

    @Test("page after page gives each event of the shared elections once, and no page is large")
    func pages() throws {
        try write((1...9000).map { ("\($0)", $0.isMultiple(of: 3) ? "secret" : "ours") })
        let filter = LogFilter(election: "ours")
        var page = LogPage.read(path, from: .since(LogInstant(.distantPast)), filter: filter)
        var found = page.events.map(\.message)
        var pageCount = 1
        while page.hasMore, let next = page.next {
            page = LogPage.read(path, from: .after(next), filter: filter)
            #expect(
                page.json.compactBytes.count < LogPage.answerLimit / 2 && page.events.count <= 2 * LogPage.eventLimit)
            found += page.events.map(\.message)
            pageCount += 1
        }
        #expect(found == (1...9000).filter { !$0.isMultiple(of: 3) }.map(String.init))
        #expect(pageCount > 5)
        #expect(page.events.allSatisfy { $0.metadata["election"] == "ours" })
    }

    @Test("the last events, and behind them what comes; a place that is gone is told")
    func last() throws {
        try write((1...2500).map { ("\($0)", "ours") })
        let page = LogPage.read(path, from: .last(5), filter: LogFilter(election: "ours"))
        #expect(
            page.events.map(\.message) == ["2496", "2497", "2498", "2499", "2500"] && !page.hasMore && !page.hasGap)
        #expect(LogPage.read(path, from: .last(5000), filter: LogFilter(election: "ours")).events.count == 1000)
        let next = try #require(page.next)
        #expect(LogPage.read(path, from: .after(next), filter: LogFilter()).events == [])
        let gone = LogPosition(file: FileIdentity(device: 0, inode: 1), offset: 0)
        let after = LogPage.read(path, from: .after(gone), filter: LogFilter())
        #expect(after.hasGap && after.events.last?.message == "2500")
        let none = LogPage.read(scratch.path("none"), from: .last(5), filter: LogFilter())
        #expect(none.next == nil && none.events == [])
    }

    @Test("a page ends where its lines are long, or where none of many is for who asks")
    func bounds() throws {
        let long = String(repeating: "x", count: 4000)
        try write((1...1500).map { ("\($0)\(long)", "ours") })
        func size(_ page: LogPage) -> Int { page.events.reduce(0) { $0 + $1.message.utf8.count } }
        let all = LogFilter()
        let last = LogPage.read(path, from: .last(1000), filter: all)
        #expect(last.events.last?.message.hasPrefix("1500x") == true && size(last) < LogPage.byteLimit)
        let first = LogPage.read(path, from: .since(LogInstant(.distantPast)), filter: all)
        #expect(first.hasMore && size(first) < 2 * LogPage.byteLimit)
        // More of them than are read at once.
        let page = LogPage.read(path, from: .since(LogInstant(.distantPast)), filter: LogFilter(election: "none"))
        #expect(page.hasMore && page.events == [])
        let rest = LogPage.read(path, from: .after(try #require(page.next)), filter: LogFilter(election: "none"))
        #expect(!rest.hasMore && rest.events == [])
    }

    @Test("files of a private folder are not named")
    func privatePaths() throws {
        let text = #"cannot open "/srv/data/private/7/key.share": no such file; see file:///srv/data/x, and /srv/data"#
        try write([(text, "7"), ("nothing to hide in /srv/dat/x", "7")])
        let page = LogPage.read(path, from: .last(5), filter: LogFilter()).withoutPaths(below: "/srv/data")
        #expect(
            page.events.map(\.message) == [
                #"cannot open "(a private file)": no such file; see file://(a private file), and (a private file)"#,
                "nothing to hide in /srv/dat/x",
            ])
        #expect(page.events.allSatisfy { $0.metadata == ["election": "7"] })
    }

    @Test("a page is read back as it was written")
    func roundTrip() throws {
        try write([("one\u{1B}", "7"), ("two", "7")])
        let page = LogPage.read(path, from: .last(5), filter: LogFilter())
        #expect(try LogPage(JSONValue(parsing: page.json.compactBytes)) == page)
    }

    @Test(
        "an answer that is no page is refused",
        arguments: [
            "[]", "{}", #"{"events":[],"next":"x","more":false,"gap":false}"#,
            #"{"events":[{"message":"no level"}],"next":null,"more":false,"gap":false}"#,
            #"{"events":{},"next":null,"more":false,"gap":false}"#, #"{"events":[],"next":null,"more":0,"gap":false}"#,
        ])
    func malformed(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: JSONShapeError.self) { try LogPage(json) }
    }

    @Test("what is asked for is written as a query in which nothing but plain text stands")
    func query() {
        var filter = LogFilter(election: "7&x=\u{7}é")
        filter.level = .warning
        #expect(LogStart.last(3).query(filter) == "last=3&level=warning&election=7%26x%3D%07%C3%A9")
    }

    private func write(_ events: [(message: String, election: String)]) throws {
        let lines = events.map {
            LogRecord(
                timestamp: "2026-01-02T00:00:00.000Z", level: .info, message: $0.message,
                metadata: ["election": $0.election]
            ).line + "\n"
        }
        _ = try scratch.write(lines.joined(), to: "a.log")
    }
}
