// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Rehearsal
import Synchronization

/// Shows steps on standard output and their progress on standard error.
final class ConsoleDisplay: RehearsalDisplay {
    private let showsSteps: Bool
    private let current = Mutex<ProgressDisplay?>(nil)

    init(showsSteps: Bool) { self.showsSteps = showsSteps }

    func began(_ step: RehearsalStep, title: String) {
        stop()
        current.withLock { $0 = ProgressDisplay(title, on: .standardError) }
    }

    func progress(_ done: Int, of total: Int?) {
        current.withLock { $0 }?.update(done, of: total)
    }

    func finished(_ report: StepReport) {
        stop()
        guard showsSteps else { return }
        let output = TextOutput.standardOutput
        let time = "\((report.seconds * 10).rounded() / 10) s"
        output.line("\(output.painted("ok", .green))  \(report.step): \(report.detail), \(time)")
    }

    func note(_ message: String) {
        stop()
        TextOutput.standardError.printWarning(message)
    }

    /// Takes the bar off the terminal.
    func stop() {
        current.withLock { display in
            display?.finish()
            display = nil
        }
    }
}
