// SPDX-License-Identifier: Apache-2.0

import Elections
import OperatorErrors

/// What the authorities of an election are doing, in a line, and how much of the whole is done.
package struct ElectionActivity: Sendable, Equatable {
    /// Such as `a.example: shuffle, question 2, 8192/10000, 512/s; b.example waits`.
    package let text: String
    /// Shares of the work as the director counts them.
    package let done: Int
    package let total: Int
    /// Whether nobody is silent and no operator is awaited.
    package let isMoving: Bool

    init?(_ watched: [ElectionWatch.Watched], at now: ContinuousClock.Instant) {
        guard watched.contains(where: { $0.status != nil }) else { return nil }
        // Nobody waits for those whom the others left out.
        let absent = watched.absent
        let watched = watched.filter { !absent.contains($0.name) }
        text = watched.map { authority in
            let silence = now - authority.lastAnswer
            guard silence <= ElectionWatch.patience else {
                return "\(authority.name) silent for \(Int(silence / .seconds(1))) s"
            }
            return "\(authority.name)\(authority.status.map(Self.text) ?? " waits")"
        }.joined(separator: "; ")
        isMoving = watched.allSatisfy { authority in
            now - authority.lastAnswer <= ElectionWatch.patience && authority.status?.operatorAwaitedSince == nil
        }
        let status = watched.first?.status
        done = min(status?.done ?? 0, status?.total ?? 0)
        total = status?.total ?? 0
    }

    private static func text(of status: ElectionStatus) -> String {
        if let work = status.work { return ": \(text(of: work))" }
        if status.operatorAwaitedSince != nil { return " waits for its operator" }
        if status.awaitsShare { return " waits for its key share to be restored" }
        if let file = status.transfers.first {
            return file.total > 0
                ? ": fetching a file, \(min(100, file.done * 100 / file.total))%" : ": fetching a file"
        }
        return " waits"
    }

    private static func text(of work: ElectionStatus.Work) -> String {
        // What stands there is foreign text.
        let name = work.name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-") } ? work.name : quoted(work.name)
        var text = name + (work.question.map { ", question \($0 + 1)" } ?? "")
        if work.done > 0, work.total > 0 { text += ", \(work.done)/\(work.total)" }
        if let rate = work.perSecond { text += ", \(rate)/s" }
        return text
    }
}
