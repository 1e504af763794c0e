// SPDX-License-Identifier: Apache-2.0

import Orchestration
import Synchronization

/// How often each client may ask for something: a number at once, which fills up again with time.
final class RequestAllowance: Sendable {
    private struct Account {
        var left: Double
        var filledAt: ContinuousClock.Instant
    }

    private let atOnce: Double
    private let perSecond: Double
    /// Clients are installed peers, so that they are few.
    private let accounts = Mutex<[Digest: Account]>([:])

    init(atOnce: Int, perSecond: Double) {
        self.atOnce = Double(atOnce)
        self.perSecond = perSecond
    }

    /// Whether the client may ask now; if so, it is counted.
    func takes(_ client: Digest, now: ContinuousClock.Instant = .now) -> Bool {
        accounts.withLock { accounts in
            var account = accounts[client] ?? Account(left: atOnce, filledAt: now)
            account.left = min(atOnce, account.left + (now - account.filledAt) / .seconds(1) * perSecond)
            account.filledAt = now
            let isTaken = account.left >= 1
            if isTaken { account.left -= 1 }
            accounts[client] = account
            return isTaken
        }
    }
}
