// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import OperatorConsole
import OperatorErrors

/// An election as a tree: parts, steps, authorities.
struct ElectionTree {
    let status: ElectionStatus
    let tasks: [ConsentRecord]
    var now = Date.now

    var lines: [String] {
        var lines = ["election \(status.election), as \(status.authority) sees it: \(state)"]
        for absence in status.absences {
            lines.append("\(absence.authority) goes on without \(absence.without.joined(separator: ", "))")
        }
        if let failure = status.failure { lines.append("failed: \(quoted(failure, limit: 2000))") }
        if status.awaitsShare {
            lines.append("waits for this authority's key share, which was taken away, to be restored")
        }
        for task in tasks { lines.append("task \(task.number ?? 0), \(task.title): \(task.outcome)") }
        let parts = self.parts
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            lines.append((isLast ? "`- " : "|- ") + part.title)
            lines += self.lines(of: part, under: isLast ? "   " : "|  ")
        }
        return lines
    }

    private func lines(of part: Part, under prefix: String) -> [String] {
        let width = part.groups.flatMap { $0 }.map(\.authority.count).max() ?? 0
        return part.groups.enumerated().flatMap { index, steps in
            let isLast = index == part.groups.count - 1
            let heading = prefix + (isLast ? "`- " : "|- ") + steps[0].name
            return [heading]
                + steps.enumerated().map { place, step in
                    let padding = String(repeating: " ", count: width - step.authority.count)
                    return prefix + (isLast ? "   " : "|  ") + (place == steps.count - 1 ? "`- " : "|- ")
                        + step.authority + padding + "  " + text(of: step)
                }
        }
    }

    private func text(of step: ElectionStatus.Step) -> String {
        switch step.state {
        case .done: return "done \(step.since ?? "")"
        case .ahead: return "-"
        case .awaited:
            let isOwn = step.authority == status.authority
            let whom = isOwn && isOperatorsTurn(step) ? "awaited, for its operator" : "awaited"
            return "\(whom), since \(step.since ?? "")\(age(step.since))"
        }
    }

    private func isOperatorsTurn(_ step: ElectionStatus.Step) -> Bool {
        status.operatorAwaitedSince != nil && ["countersignature", "keyHash", "ballots"].contains(step.name)
    }

    private func age(_ since: String?) -> String {
        guard let since, let date = try? Date(since, strategy: .iso8601) else { return "" }
        return " (\(short(.seconds(max(0, now.timeIntervalSince(date))))))"
    }

    /// In one line, with who is awaited.
    private var state: String {
        let awaited = status.steps.filter { $0.state == .awaited }
        var names: [String] = []
        for step in awaited where !names.contains(step.authority) { names.append(step.authority) }
        let whom = names.isEmpty ? "" : ", waiting for \(names.joined(separator: ", "))"
        let ballots = status.ballots.map { ", \($0) ballots" } ?? ""
        let absent = status.absent.isEmpty ? "" : ", without \(status.absent.joined(separator: ", "))"
        return "\(status.phase.rawValue)\(ballots)\(absent)\(whom)"
    }

    private struct Part {
        let title: String
        /// Steps of one name each.
        var groups: [[ElectionStatus.Step]]
    }

    private static let tallyKinds: Set = [
        "tallyRequest", "ballots", "permutation", "shuffle", "verified", "decryption", "tally", "tallyPublished",
    ]

    /// The key, what a tally begins with, each question, what a tally ends with.
    private var parts: [Part] {
        var parts: [Part] = []
        for step in status.steps {
            let isTally = Self.tallyKinds.contains(step.name)
            let title =
                isTally
                ? step.question.map { "tally \(status.attempt), question \($0 + 1)" } ?? "tally \(status.attempt)"
                : "key"
            if parts.last?.title != title { parts.append(Part(title: title, groups: [])) }
            let last = parts.count - 1
            if parts[last].groups.last?.first?.name == step.name {
                parts[last].groups[parts[last].groups.count - 1].append(step)
            } else {
                parts[last].groups.append([step])
            }
        }
        return parts
    }
}
