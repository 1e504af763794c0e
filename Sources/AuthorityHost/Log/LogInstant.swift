// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A moment from which on somebody wants to read a log. Times without a zone are in UTC, as the log prints them.
package struct LogInstant: Sendable, Equatable {
    package let date: Date

    package init(_ date: Date) { self.date = date }

    /// As it stands in the log: such forms compare as texts.
    package var timestamp: String { AuthorityHost.timestamp(date) }

    /// What ``init(_:now:)`` takes, for people.
    package static let forms =
        "a duration such as 90s, 10m, 2h or 3d, or a time such as 14:30, 2026-01-02 or 2026-01-02T14:30:00 (UTC)"

    /// Reads a duration back from `now`, or a time; nil for anything else, and for a day or an hour that does not exist.
    package init?(_ text: String, now: Date = Date()) {
        guard let date = Self.ago(text, now: now) ?? Self.time(text, now: now) else { return nil }
        self.init(date)
    }

    private static func ago(_ text: String, now: Date) -> Date? {
        guard let match = text.wholeMatch(of: /([0-9]{1,9})([smhdw])/), let count = Double(match.1) else { return nil }
        let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        return units[match.2].map { now.addingTimeInterval(-count * $0) }
    }

    private static func time(_ text: String, now: Date) -> Date? {
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        let day = halves.first?.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/)
        let clock = (day == nil ? text[...] : halves.last)?.wholeMatch(
            of: /([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,3}))?)?Z?/)
        guard clock != nil || (day != nil && halves.count == 1) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var parts = calendar.dateComponents([.year, .month, .day], from: now)
        if let day { (parts.year, parts.month, parts.day) = (Int(day.1), Int(day.2), Int(day.3)) }
        parts.hour = clock.flatMap { Int($0.1) } ?? 0
        parts.minute = clock.flatMap { Int($0.2) } ?? 0
        parts.second = clock?.3.flatMap { Int($0) } ?? 0
        guard parts.isValidDate(in: calendar), let date = calendar.date(from: parts) else { return nil }
        // A little more, because dates are binary fractions and timestamps are cut.
        return date.addingTimeInterval(clock?.4.flatMap { Double("0.\($0)").map { $0 + 1e-4 } } ?? 0)
    }
}
