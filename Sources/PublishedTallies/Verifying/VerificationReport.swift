// SPDX-License-Identifier: Apache-2.0

/// Everything that was found out about a published tally.
public struct VerificationReport: Sendable {
    /// In the order in which they were made. A check that could not be made because an earlier one failed is missing.
    public private(set) var checks: [VerificationCheck] = []
    /// Ballots whose proof is wrong: they stay in the votes file and are not mixed. One line each.
    public internal(set) var droppedBallots: [String] = []
    /// What a reader should know though it is no failure.
    public internal(set) var remarks: [String] = []

    init() {}

    public var failures: [VerificationCheck] { checks.filter(\.hasFailed) }

    /// Whether the tally is valid in everything that was not skipped.
    public var isAccepted: Bool { !checks.isEmpty && failures.isEmpty }

    mutating func note(_ check: VerificationCheck) {
        checks.append(check)
    }
}

/// Where a check puts what it finds: the report, under the tally and session that it looks at.
struct CheckRecorder {
    var report = VerificationReport()
    var tally: String?
    let progress: (VerificationProgress) -> Void

    mutating func pass(
        _ name: VerificationCheck.Name, session: String? = nil, party: Int? = nil, _ detail: String? = nil
    ) {
        note(name, session, party, nil, .passed(detail))
    }

    mutating func fail(
        _ name: VerificationCheck.Name, session: String? = nil, party: Int? = nil, index: Int? = nil, _ reason: String
    ) {
        note(name, session, party, index, .failed(reason))
    }

    mutating func leaveUnchecked(_ name: VerificationCheck.Name, _ reason: String) {
        note(name, nil, nil, nil, .unchecked(reason))
    }

    mutating func skip(_ name: VerificationCheck.Name, _ reason: String) {
        note(name, nil, nil, nil, .skipped(reason))
    }

    private mutating func note(
        _ name: VerificationCheck.Name, _ session: String?, _ party: Int?, _ index: Int?,
        _ outcome: VerificationCheck.Outcome
    ) {
        let check = VerificationCheck(
            name: name, tally: tally, session: session, party: party, index: index, outcome: outcome)
        report.note(check)
        progress(.checked(check))
    }
}

/// `1 ballot`, `2 ballots`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// What happens while a tally is verified, for somebody who waits.
public enum VerificationProgress: Sendable {
    case checked(VerificationCheck)
    /// Lines of a votes file.
    case ballots(done: Int, total: Int)
}
