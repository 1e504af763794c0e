// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Failures that several threads find.
final class FailureTable: Sendable {
    private let failures = Mutex<[Int: PlaintextKnowledgeFailure]>([:])

    func set(_ failure: PlaintextKnowledgeFailure, at index: Int) { failures.withLock { $0[index] = failure } }

    var all: [Int: PlaintextKnowledgeFailure] { failures.withLock { $0 } }
}
