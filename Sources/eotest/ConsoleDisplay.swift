// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Rehearsal
import Synchronization

/// Shows steps on standard output and their progress on standard error.
final class ConsoleDisplay: RehearsalDisplay {
    private let showsSteps: Bool
    private let current = Mutex<(progress: ProgressDisplay, waiting: WaitingDisplay)?>(nil)

    init(showsSteps: Bool) { self.showsSteps = showsSteps }

    func began(_ step: RehearsalStep, title: String) {
        stop()
        current.withLock { displays in
            displays = (ProgressDisplay(title, on: .standardError), WaitingDisplay(title, on: .standardError))
        }
    }

    func progress(_ done: Int, of total: Int?) {
        let displays = current.withLock { $0 }
        displays?.waiting.finish()
        displays?.progress.update(done, of: total)
    }

    func shows(_ activity: ElectionActivity) {
        let displays = current.withLock { $0 }
        displays?.waiting.finish()
        displays?.progress.update(
            doing: activity.text, share: activity.done, of: activity.total, isMoving: activity.isMoving)
    }

    func waits(seconds: Int) {
        current.withLock { $0?.waiting }?.update(seconds: seconds)
    }

    func finished(_ report: StepReport) {
        stop()
        guard showsSteps else { return }
        let output = TextOutput.standardOutput
        let time = "\((report.seconds * 10).rounded() / 10) s"
        output.line("\(output.painted("ok", .green))  \(report.step): \(report.detail), \(time)")
    }

    func note(_ message: String) {
        // The line comes back with the next second.
        current.withLock { displays in
            displays?.waiting.finish()
            displays?.progress.clear()
        }
        TextOutput.standardError.printWarning(message)
    }

    /// Takes the bar off the terminal.
    func stop() {
        current.withLock { displays in
            displays?.progress.finish()
            displays?.waiting.finish()
            displays = nil
        }
    }
}
