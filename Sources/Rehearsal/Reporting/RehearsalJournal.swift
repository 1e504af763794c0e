// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Synchronization

/// Who shows a rehearsal to its operator. Called from any thread.
package protocol RehearsalDisplay: Sendable {
    /// `title` says on one line what is going on, or who is awaited.
    func began(_ step: RehearsalStep, title: String)
    func progress(_ done: Int, of total: Int?)
    /// What the authorities do meanwhile, and how much of the whole is done.
    func shows(_ activity: ElectionActivity)
    /// Nothing but time passes.
    func waits(seconds: Int)
    func finished(_ report: StepReport)
    /// Something worth knowing that does not stop the work.
    func note(_ message: String)
}

/// Takes the time of each step, and keeps what is reported in the end.
package final class RehearsalJournal: Sendable {
    private struct State {
        var facts = RehearsalReport.Facts()
        var steps: [StepReport] = []
    }

    private let display: any RehearsalDisplay
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    package init(display: any RehearsalDisplay) { self.display = display }

    package var facts: RehearsalReport.Facts { state.withLock { $0.facts } }

    func learn(_ change: (inout RehearsalReport.Facts) -> Void) { state.withLock { change(&$0.facts) } }

    func progress(_ done: Int, of total: Int?) { display.progress(done, of: total) }

    func shows(_ activity: ElectionActivity) { display.shows(activity) }

    func waits(seconds: Int) { display.waits(seconds: seconds) }

    func note(_ message: String) { display.note(message) }

    /// Runs one step and takes its time; a step that throws leaves no report.
    ///
    /// - Parameters:
    ///   - votes: how many votes the time is divided by.
    ///   - detail: says on one line what came out.
    @discardableResult
    func step<Result>(
        _ step: RehearsalStep, _ title: String, votes: Int? = nil, _ body: () async throws -> Result,
        detail: (Result) -> String
    ) async throws -> Result {
        display.began(step, title: title)
        let start = ContinuousClock.now
        let meter = UseMeter()
        let result = try await body()
        let report = StepReport(
            step: step, time: ContinuousClock.now - start, votes: votes, use: meter.end(), detail: detail(result))
        state.withLock { $0.steps.append(report) }
        display.finished(report)
        return result
    }

    package func report(command: String, error: String? = nil) -> RehearsalReport {
        let state = state.withLock { $0 }
        return RehearsalReport(
            command: command, facts: state.facts, steps: state.steps, time: ContinuousClock.now - start, error: error)
    }
}
