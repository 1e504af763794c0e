// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// One thread for work that takes long, done one piece after the other.
struct HeavyWork: Sendable {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    /// Runs `body` and gives its result. A cancelled caller does not wait for it: actions can be done again.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let pending = Pending<Result>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard pending.begin(continuation) else { return }
                queue.async { pending.finish(Swift.Result(catching: body)) }
            }
        } onCancel: {
            pending.finish(.failure(CancellationError()))
        }
    }

    /// A continuation that the first of two may resume.
    private final class Pending<Result: Sendable>: Sendable {
        private enum State {
            case new
            case waiting(CheckedContinuation<Result, any Error>)
            case over
        }
        private let state = Mutex(State.new)

        func begin(_ continuation: CheckedContinuation<Result, any Error>) -> Bool {
            let isCancelled = state.withLock { state in
                if case .over = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isCancelled { continuation.resume(throwing: CancellationError()) }
            return !isCancelled
        }

        func finish(_ result: Swift.Result<Result, any Error>) {
            let continuation = state.withLock { state -> CheckedContinuation<Result, any Error>? in
                defer { state = .over }
                if case .waiting(let continuation) = state { return continuation }
                return nil
            }
            continuation?.resume(with: result)
        }
    }
}
