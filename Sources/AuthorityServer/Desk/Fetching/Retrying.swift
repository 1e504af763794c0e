// SPDX-License-Identifier: Apache-2.0

import MutualTLS

/// When to ask a peer again that did not answer as it should: a few times in any case, and for longer where it says nothing at
/// all, as behind a cut cable.
struct Retrying {
    private static let pause: Duration = .seconds(2)

    private var delays: ArraySlice<Duration>
    private let patience: Duration
    private var silentUntil: ContinuousClock.Instant

    init(_ settings: Authority.Settings, patience: Duration) {
        delays = settings.retryDelays[...]
        self.patience = patience
        silentUntil = .now + patience
    }

    /// How long to wait before the next try; nil: no more.
    mutating func delay(after error: any Error) -> Duration? {
        if (error as? PeerClientError)?.isSilence == true, ContinuousClock.now < silentUntil { return Self.pause }
        return delays.popFirst()
    }

    /// Something came: all patience is there again.
    mutating func hasProgressed() { silentUntil = .now + patience }
}
