// SPDX-License-Identifier: Apache-2.0

package import Logging
import Synchronization

/// Tells the log of what was refused, so often and no more: being refused costs a stranger nothing, and must not wash everything
/// else out of the log.
package final class RefusalLog: Sendable {
    private struct State {
        var left: Double
        var filledAt: ContinuousClock.Instant
        var untold = 0
    }

    private let atOnce: Double
    private let perMinute: Double
    private let state: Mutex<State>

    package init(atOnce: Int = 20, perMinute: Int = 20) {
        self.atOnce = Double(atOnce)
        self.perMinute = Double(perMinute)
        state = Mutex(State(left: Double(atOnce), filledAt: .now))
    }

    /// Logs it if there is room; with the first that is logged again stands how many were not.
    package func note(_ message: @autoclosure () -> Logger.Message, metadata: Logger.Metadata, to logger: Logger) {
        guard let untold = take() else { return }
        var metadata = metadata
        if untold > 0 { metadata["not_logged_before"] = "\(untold)" }
        logger.notice(message(), metadata: metadata)
    }

    /// How many were left out since the last line; nil if this one is left out too.
    func take(now: ContinuousClock.Instant = .now) -> Int? {
        state.withLock { state in
            state.left = min(atOnce, state.left + (now - state.filledAt) / .seconds(60) * perMinute)
            state.filledAt = now
            guard state.left >= 1 else {
                state.untold += 1
                return nil
            }
            state.left -= 1
            defer { state.untold = 0 }
            return state.untold
        }
    }
}
