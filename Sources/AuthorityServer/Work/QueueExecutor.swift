// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Runs an actor's jobs on a dispatch queue of its own, so that waiting for the disk holds up no event loop and no task of
/// others.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
