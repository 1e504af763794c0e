// SPDX-License-Identifier: Apache-2.0

/// What this authority has besides the board: all of it can be lost and found or done again.
package struct LocalFacts: Equatable, Sendable {
    /// Blobs of others, and votes files, whose whole content lies here under its digest.
    package var heldBlobs: Set<Digest> = []
    /// Entries of others whose proofs this authority verified.
    package var verified: Set<Digest> = []
    /// Whether the identities of all parties were asked for and answered, so that a protocol can be judged.
    package var knowsParties = false
    package var consent: Consent

    package init(
        heldBlobs: Set<Digest> = [], verified: Set<Digest> = [], knowsParties: Bool = false,
        consent: Consent = .to([])
    ) {
        self.heldBlobs = heldBlobs
        self.verified = verified
        self.knowsParties = knowsParties
        self.consent = consent
    }
}

/// What this authority cannot go on without.
package enum Awaited: Hashable, Sendable {
    /// An entry of that kind.
    case entry(EntryKind, session: Int?, by: Int)
    /// The files of that entry.
    case blobs(EntryKind, session: Int?, by: Int)
    case votesFile
    case identities
    /// The word of this authority's own operator about an election (attempt 0), or about that tally of it.
    case consent(attempt: Int)
    /// The client's tally request: nothing is under way.
    case tallyRequest
}

/// The answer of ``nextActions(on:as:knowing:)``.
package struct Plan: Equatable, Sendable {
    /// What can be done now, the most urgent first.
    package var actions: [Action] = []
    /// Whom or what this authority waits for; empty while it has everything.
    package var awaited: [Awaited] = []

    package init(actions: [Action] = [], awaited: [Awaited] = []) {
        self.actions = actions
        self.awaited = awaited
    }
}
