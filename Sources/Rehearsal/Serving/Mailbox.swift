// SPDX-License-Identifier: Apache-2.0

package import Elections
import Synchronization

/// Where callbacks lie until somebody looks for them: one that comes before anybody waits is not missed.
package final class Mailbox: Sendable {
    package enum Subject: String, Sendable, CaseIterable {
        case creation = "election"
        case tally
    }

    private struct State {
        var letters: [Subject: ElectionReply] = [:]
        var waiting: [Subject: CheckedContinuation<ElectionReply, any Error>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Puts a reply in. A second one before anybody took the first replaces it: authorities repeat what was not heard.
    package func deliver(_ reply: ElectionReply) {
        let subject = reply.subject
        let reader = state.withLock { state -> CheckedContinuation<ElectionReply, any Error>? in
            if let reader = state.waiting.removeValue(forKey: subject) { return reader }
            state.letters[subject] = reply
            return nil
        }
        reader?.resume(returning: reply)
    }

    /// Takes the reply out, when it is there. At most one task waits for a subject at a time.
    ///
    /// - Throws: `CancellationError` if the waiting task is cancelled.
    package func next(_ subject: Subject) async throws -> ElectionReply {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let letter = state.withLock { state -> Result<ElectionReply, any Error>? in
                    // Seen here or by the handler below, which needs the lock to see who waits: never by neither.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let letter = state.letters.removeValue(forKey: subject) { return .success(letter) }
                    precondition(state.waiting[subject] == nil, "two readers of one mailbox")
                    state.waiting[subject] = continuation
                    return nil
                }
                if let letter { continuation.resume(with: letter) }
            }
        } onCancel: {
            let reader = state.withLock { $0.waiting.removeValue(forKey: subject) }
            reader?.resume(throwing: CancellationError())
        }
    }

    /// As ``next(_:)``, but gives up; nil if nothing came in time.
    ///
    /// - Parameter tick: called with the seconds so far, about once a second.
    package func next(
        _ subject: Subject, within limit: Duration, tick: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> ElectionReply? {
        try await withThrowingTaskGroup(of: ElectionReply?.self) { group in
            group.addTask { try await self.next(subject) }
            group.addTask {
                let start = ContinuousClock.now
                while true {
                    let passed = ContinuousClock.now - start
                    guard passed < limit else { return nil }
                    try await Task.sleep(for: min(.seconds(1), limit - passed))
                    tick(Int((ContinuousClock.now - start) / .seconds(1)))
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}

extension ElectionReply {
    package var subject: Mailbox.Subject {
        switch self {
        case .created, .creationFailed: .creation
        case .tallied, .tallyFailed: .tally
        }
    }
}
