// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Foundation
import Testing

@Suite("Moments from which on a log is read")
struct LogInstantTests {
    /// 2026-03-01T12:00:00Z.
    private let now = Date(timeIntervalSince1970: 1_772_366_400)

    @Test(
        "durations count back from now; times are in UTC",
        arguments: [
            ("90s", "2026-03-01T11:58:30.000Z"), ("10m", "2026-03-01T11:50:00.000Z"),
            ("2h", "2026-03-01T10:00:00.000Z"),
            ("1d", "2026-02-28T12:00:00.000Z"), ("1w", "2026-02-22T12:00:00.000Z"), ("0s", "2026-03-01T12:00:00.000Z"),
            ("2026-01-02", "2026-01-02T00:00:00.000Z"), ("2026-01-02T03:04", "2026-01-02T03:04:00.000Z"),
            ("2026-01-02 03:04:05.678", "2026-01-02T03:04:05.678Z"),
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
            ("14:30", "2026-03-01T14:30:00.000Z"), ("2024-02-29", "2024-02-29T00:00:00.000Z"),
        ])
    func reads(text: String, expected: String) {
        #expect(LogInstant(text, now: now)?.timestamp == expected)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "10", "m", "-5m", "10 m", "1.5h", "10M", "yesterday", "2026-13-01", "2026-02-29", "2026-1-2", "24:00",
            "12:60", "2026-01-02T", "2026-01-02T03", "2026-01-02x03:04", "03:04 2026-01-02", "9999999999s", "٣m",
        ])
    func refuses(text: String) {
        #expect(LogInstant(text, now: now) == nil)
    }
}
