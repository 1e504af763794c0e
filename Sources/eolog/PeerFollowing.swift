// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import MutualTLS
import OperatorConsole

/// Shows a peer's log, as far as the peer does. All of it is foreign text.
struct PeerFollowing {
    let log: PeerLog
    let filter: LogFilter
    let lineCount: Int?
    let endsAtOnce: Bool
    let rendering: LogRendering

    func run() async throws {
        do {
            try await follow()
            await log.close()
        } catch {
            await log.close()
            throw error
        }
    }

    private func follow() async throws {
        var start = LogStart.last(min(lineCount ?? 100, LogPage.eventLimit))
        if let since = filter.since {
            start = .since(since)
        } else if let lineCount, lineCount > LogPage.eventLimit {
            note("a peer shows no more than the last \(LogPage.eventLimit) lines")
        }
        start = try await showFirst(from: start)
        guard !endsAtOnce else { return }
        try await log.follow(from: start, filter: filter, show: rendering.show, note: note)
    }

    private func showFirst(from start: LogStart) async throws -> LogStart {
        guard filter.since != nil, let lineCount else {
            return try await log.read(from: start, filter: filter, show: rendering.show, note: note)
        }
        let last = LastEvents(count: lineCount)
        let end = try await log.read(from: start, filter: filter, show: last.take, note: note)
        rendering.show(last.events)
        return end
    }

    private func note(_ text: String) { TextOutput.standardError.printWarning(text) }
}

/// The last so many of all events that it is given.
private final class LastEvents {
    private let count: Int
    private(set) var events: [LogRecord] = []

    init(count: Int) { self.count = count }

    func take(_ more: [LogRecord]) {
        events += more
        events.removeFirst(max(0, events.count - count))
    }
}
