// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
package import StrictJSON

/// Which part of a log is asked for.
package enum LogStart: Sendable, Equatable {
    /// So many of the last events.
    case last(Int)
    case since(LogInstant)
    /// Where another page ended.
    case after(LogPosition)
}

/// A part of an authority's log as another one gets it: bounded, with the place where the next begins.
package struct LogPage: Sendable, Equatable {
    /// More events than this no page holds.
    package static let eventLimit = 1000
    /// Together, in bytes; one event more may have been taken.
    package static let byteLimit = 256 << 10
    /// No more of the log than this is looked through for one page, in bytes.
    private static let scanLimit = 4 << 20

    package let events: [LogRecord]
    /// Where to go on; nil where there is no log at all.
    package let next: LogPosition?
    /// There are events already that did not fit.
    package let hasMore: Bool
    /// The place to go on from is gone: this page begins with the last events, and some between may be missing.
    package let hasGap: Bool

    /// Reads a page of the log at `path`.
    ///
    /// - Complexity: a few megabytes of the log, whatever was asked.
    package static func read(_ path: String, from start: LogStart, filter: LogFilter) -> LogPage {
        var tail = LogTail(path: path, filter: filter)
        switch start {
        case .last(let count):
            return last(count, of: &tail, hasGap: false)
        case .since(let instant):
            var filter = filter
            filter.since = instant
            tail = LogTail(path: path, filter: filter)
            do { try tail.begin() } catch { return .empty }
        case .after(let position):
            guard tail.resume(at: position) else { return last(eventLimit, of: &tail, hasGap: true) }
        }
        return page(of: &tail)
    }

    /// The same page without the names of files below a folder: others are not to know what lies there.
    package func withoutPaths(below folder: String) -> LogPage {
        LogPage(events: events.map { $0.withoutPaths(below: folder) }, next: next, hasMore: hasMore, hasGap: hasGap)
    }

    private static let empty = LogPage(events: [], next: nil, hasMore: false, hasGap: false)

    private init(events: [LogRecord], next: LogPosition?, hasMore: Bool, hasGap: Bool) {
        self.events = events
        self.next = next
        self.hasMore = hasMore
        self.hasGap = hasGap
    }

    private static func last(_ count: Int, of tail: inout LogTail, hasGap: Bool) -> LogPage {
        guard var lines = try? tail.lastLines(min(count, eventLimit), scanLimit: scanLimit) else { return .empty }
        var bytes = 0
        let kept = lines.reversed().prefix { line in
            bytes += line.utf8.count
            return bytes <= byteLimit
        }
        lines = kept.reversed()
        return LogPage(
            events: lines.compactMap(LogRecord.init(line:)), next: tail.position, hasMore: false, hasGap: hasGap)
    }

    private static func page(of tail: inout LogTail) -> LogPage {
        var events: [LogRecord] = []
        var (bytes, scanned, hasMore) = (0, 0, true)
        // What one step finds is taken whole: the place to go on is known between steps only.
        while events.count < eventLimit / 2, bytes < byteLimit, scanned < scanLimit {
            var lines: [String] = []
            guard tail.readOn(into: &lines) else {
                hasMore = false
                break
            }
            scanned += 1 << 16
            bytes += lines.reduce(0) { $0 + $1.utf8.count }
            events += lines.compactMap(LogRecord.init(line:))
        }
        return LogPage(events: events, next: tail.position, hasMore: hasMore, hasGap: false)
    }
}

// MARK: - On the way

extension LogPage {
    package var json: JSONValue {
        [
            "events": .array(events.map(\.json)), "next": next.map { .string($0.text) } ?? .null,
            "more": .bool(hasMore), "gap": .bool(hasGap),
        ]
    }

    /// An answer longer than this is no page, in bytes.
    package static let answerLimit = 2 << 20

    /// Reads what another authority sent.
    package init(_ json: JSONValue) throws(JSONShapeError) {
        let field = JSONField(json, name: "the page of the log")
        var events: [LogRecord] = []
        for element in try field.member("events").elements(0...20_000) {
            guard let event = LogRecord(json: element.value) else { throw element.mistyped("an event of a log") }
            events.append(event)
        }
        var next: LogPosition?
        if let position = try field.optional("next") {
            next = LogPosition(try position.string(maximum: 60))
            guard next != nil else { throw position.mistyped("a position in a log") }
        }
        self.init(
            events: events, next: next, hasMore: try field.member("more").bool(), hasGap: try field.member("gap").bool()
        )
    }
}

extension LogStart {
    /// As the query of a request.
    package func query(_ filter: LogFilter) -> String {
        var items: [(String, String)] =
            switch self {
            case .last(let count): [("last", "\(count)")]
            case .since(let instant): [("since", instant.timestamp)]
            case .after(let position): [("after", position.text)]
            }
        if let level = filter.level { items.append(("level", level.rawValue)) }
        for election in filter.elections ?? [] { items.append(("election", election)) }
        let plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: " "..."~"))
        let allowed = plain.union(CharacterSet(charactersIn: "-_.:"))
        return items.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")" }
            .joined(separator: "&")
    }
}
