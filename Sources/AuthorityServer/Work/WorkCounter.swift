// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How far an action is: filled by the thread that works, read by whoever is asked.
final class WorkCounter: Sendable {
    private let state = Mutex((done: 0, total: 0))

    var value: (done: Int, total: Int) { state.withLock { $0 } }

    func set(_ done: Int, of total: Int) { state.withLock { $0 = (done, total) } }
}
