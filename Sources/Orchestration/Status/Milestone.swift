// SPDX-License-Identifier: Apache-2.0

/// One entry that an election comes to need, of one authority.
package struct Milestone: Hashable, Sendable {
    package let kind: EntryKind
    package let attempt: Int
    package let session: Int?
    package let author: Int

    package init(kind: EntryKind, attempt: Int, session: Int?, author: Int) {
        self.kind = kind
        self.attempt = attempt
        self.session = session
        self.author = author
    }
}

extension Board {
    /// Every entry that the making of the key (attempt 0) or that tally takes, in the order in which they come.
    package func milestones(attempt: Int) -> [Milestone] {
        guard attempt > 0 else {
            return [milestone(.protocol, by: director)]
                + parties.filter { $0 != director }.map { milestone(.countersignature, by: $0) }
                + Board.keyKinds.flatMap { kind in parties.map { milestone(kind, by: $0) } }
        }
        let (present, mixers) = (roster(attempt: attempt).present, roster(attempt: attempt).mixers)
        let mixing = (0..<sessionCount).flatMap { session in
            [
                (EntryKind.permutation, mixers), (.shuffle, mixers), (.verified, present), (.decryption, present),
            ].flatMap { kind, authors in authors.map { milestone(kind, attempt, session, by: $0) } }
        }
        return [milestone(.tallyRequest, attempt, by: opener(attempt: attempt))]
            + present.map { milestone(.ballots, attempt, by: $0) } + mixing
            + [EntryKind.tally, .tallyPublished].flatMap { kind in present.map { milestone(kind, attempt, by: $0) } }
    }

    private static let keyKinds: [EntryKind] = [.keyHash, .keyCommitments, .keyShares, .publicKey, .keyPublished]

    /// What must be there before that entry can come; the plan of every authority says the same in another way.
    func prerequisites(of milestone: Milestone) -> [Milestone] {
        let (attempt, session) = (milestone.attempt, milestone.session)
        let roster = roster(attempt: attempt)
        func all(_ kind: EntryKind, by authors: some Sequence<Int>) -> [Milestone] {
            authors.map { self.milestone(kind, attempt, session, by: $0) }
        }
        switch milestone.kind {
        case .protocol, .tallyRequest, .failure, .absence: return []
        case .countersignature: return [self.milestone(.protocol, by: director)]
        case .keyHash:
            return [self.milestone(.protocol, by: director)]
                + all(.countersignature, by: parties.filter { $0 != director })
        case .keyCommitments: return all(.keyHash, by: parties)
        case .keyShares: return all(.keyCommitments, by: parties)
        case .publicKey: return all(.keyShares, by: parties)
        case .keyPublished: return all(.publicKey, by: parties)
        case .ballots: return [self.milestone(.tallyRequest, attempt, by: opener(attempt: attempt))]
        case .permutation: return [self.milestone(.ballots, attempt, by: milestone.author)]
        case .shuffle:
            return roster.present.map { self.milestone(.ballots, attempt, by: $0) }
                + all(.permutation, by: roster.mixers)
                + all(.shuffle, by: roster.mixers.prefix { $0 != milestone.author })
        case .verified: return all(.shuffle, by: roster.mixers)
        case .decryption: return all(.verified, by: roster.present)
        case .tally:
            return (0..<sessionCount).flatMap { session in
                roster.present.map { self.milestone(.decryption, attempt, session, by: $0) }
            }
        case .tallyPublished: return all(.tally, by: roster.present)
        }
    }

    private func milestone(
        _ kind: EntryKind, _ attempt: Int = 0, _ session: Int? = nil, by author: Int
    ) -> Milestone {
        Milestone(kind: kind, attempt: attempt, session: session, author: author)
    }
}
