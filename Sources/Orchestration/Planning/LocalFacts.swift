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
    /// Whether this authority's key share is with its keeper.
    package var isShareAway = false
    /// Parties that may hold entries of this authority's own that it does not: an older backup was restored.
    package var unheard: Set<Int> = []
    /// Own entries that came back from others, and whose local side is yet to be made again.
    package var lost: Set<Digest> = []

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
    /// This authority's own key share, from its keeper.
    case share
    /// What that party holds of this authority's own entries: before that nothing may be said.
    case ownEntries(from: Int)
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
