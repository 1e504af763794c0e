// SPDX-License-Identifier: Apache-2.0

/// Wakes one loop: when somebody rings, or after a while, whichever comes first. A ring while nobody waits is kept.
actor Doorbell {
    private var isRung = false
    private var waiter: CheckedContinuation<Void, Never>?

    func ring() {
        guard let waiter else {
            isRung = true
            return
        }
        self.waiter = nil
        waiter.resume()
    }

    func wait(atMost duration: Duration) async {
        guard !isRung else {
            isRung = false
            return
        }
        let alarm = Task {
            try? await Task.sleep(for: duration)
            if !Task.isCancelled { self.wake() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiter = continuation }
            }
        } onCancel: {
            Task { await self.ring() }
        }
        alarm.cancel()
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}
