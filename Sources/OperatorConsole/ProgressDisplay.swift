// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How far a long step is: a bar with the time left on a terminal, elsewhere a plain line now and then.
///
/// Updates may come from any thread and as often as they like; what is drawn is limited to ten a second, or to one line in ten
/// seconds. A step that is over sooner leaves no line behind at all.
package final class ProgressDisplay: Sendable {
    private struct State {
        var drawnAt: Duration
        var isDrawn = false
        var isFinished = false
        /// What was said last to be going on.
        var doing = ""
        var timeLeft = TimeLeft()
    }

    private let title: String
    private let output: TextOutput
    private let now: @Sendable () -> Duration
    private let start: Duration
    private let state: Mutex<State>

    /// - Parameter now: a clock that only goes forward; its zero does not matter.
    package init(
        _ title: String, on output: TextOutput = .standardError, now: @escaping @Sendable () -> Duration = sinceStart
    ) {
        self.title = title
        self.output = output
        self.now = now
        start = now()
        state = Mutex(State(drawnAt: start))
    }

    /// - Parameter total: nil when nobody knows how much there is; then the count and the time so far are shown.
    package func update(_ completed: Int, of total: Int?) {
        let time = now()
        state.withLock { state in
            let pause: Duration = output.isTerminal ? .milliseconds(100) : .seconds(10)
            guard !state.isFinished, time - state.drawnAt >= pause else { return }
            state.drawnAt = time
            state.isDrawn = true
            draw(completed, of: total, elapsed: time - start)
        }
    }

    /// Shows how much of a whole is done whose parts say nothing by themselves, and what is going on.
    ///
    /// - Parameters:
    ///   - text: without a terminal on a line of its own, as soon as its words change, numbers aside.
    ///   - isMoving: whether a pace can be taken.
    package func update(doing text: String, share completed: Int, of total: Int, isMoving: Bool = true) {
        let time = now()
        state.withLock { state in
            state.timeLeft.update(completed, of: total, at: time, isMoving: isMoving)
            let words = text.filter { !$0.isNumber }
            let isNews = words != state.doing && time - state.drawnAt >= .seconds(1)
            let pause: Duration = output.isTerminal ? .milliseconds(100) : .seconds(30)
            guard !state.isFinished, isNews || time - state.drawnAt >= pause else { return }
            state.doing = words
            state.drawnAt = time
            state.isDrawn = true
            let share = completed > 0 && total > 0 ? "\(min(completed, total) * 100 / total)%, " : ""
            let left = state.timeLeft.left(at: time).map { "\(short($0)) left, " } ?? ""
            guard output.isTerminal else { return output.line("\(title): \(share)\(left)\(text)") }
            let bar = total > 0 ? "[\(Self.bar(completed, of: total, room: 20))] " : ""
            output.write("\r\u{1B}[K" + String((bar + share + left + text).prefix((output.width ?? 80) - 1)))
        }
    }

    /// Takes the bar off the terminal until the next update.
    package func clear() {
        state.withLock { state in
            if state.isDrawn && output.isTerminal { output.write("\r\u{1B}[K") }
            state.isDrawn = false
        }
    }

    /// Takes the bar off the terminal. Later updates draw nothing.
    package func finish() {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            if state.isDrawn && output.isTerminal { output.write("\r\u{1B}[K") }
        }
    }

    private func draw(_ completed: Int, of total: Int?, elapsed: Duration) {
        let text = "\(title) \(figures(completed, of: total, elapsed: elapsed))"
        guard output.isTerminal else { return output.line(text) }
        let width = output.width ?? 80
        let room = min(width - text.count - 4, 30)
        let bar = total.map { $0 > 0 && room >= 5 ? " [\(Self.bar(completed, of: $0, room: room))]" : "" } ?? ""
        output.write("\r\u{1B}[K" + String((text + bar).prefix(width - 1)))
    }

    private static func bar(_ completed: Int, of total: Int, room: Int) -> String {
        let filled = min(completed, total) * room / total
        return String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled)
    }

    private func figures(_ completed: Int, of total: Int?, elapsed: Duration) -> String {
        guard let total, total > 0 else { return "\(completed), \(short(elapsed))" }
        let percent = min(completed, total) * 100 / total
        guard completed > 0, completed < total else { return "\(completed)/\(total) \(percent)%" }
        let left = elapsed * Double(total - completed) / Double(completed)
        return "\(completed)/\(total) \(percent)%, \(short(left)) left"
    }
}

/// Time since the process first asked, from a clock that only goes forward.
package let sinceStart: @Sendable () -> Duration = {
    let zero = ContinuousClock.now
    return { ContinuousClock.now - zero }
}()

/// A duration in a form that fits a line: `42 s`, `3 min 5 s`, `2 h 10 min`.
package func short(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
    default: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
