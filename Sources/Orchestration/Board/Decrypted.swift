// SPDX-License-Identifier: Apache-2.0

/// What was decrypted already. Two lists that differ in a few ballots would show those votes, so that only the same votes are
/// decrypted again, or with every operator's own word others that have not one ballot in common with them.
extension Board {
    /// Whether somebody gave decryption factors in that tally.
    ///
    /// Who is honest gives none before all who take part have verified all shuffles of the question; an entry that comes
    /// without that shows no vote, and must not keep the others from a tally.
    package func wasDecrypted(attempt: Int) -> Bool {
        let present = roster(attempt: attempt).present
        return (0..<sessionCount).contains { session in
            present.contains { entry(.decryption, attempt: attempt, session: session, by: $0) != nil }
                && all(.verified, attempt: attempt, session: session, by: present) != nil
        }
    }

    /// Each other votes file than that which was decrypted, with the latest such tally.
    ///
    /// - Parameter end: tallies from there on are not looked at.
    package func decryptedOthers(than votes: Digest, before end: Int = .max) -> [Digest: Int] {
        var others: [Digest: Int] = [:]
        for attempt in 1..<max(1, min(end, attempt + 1)) where wasDecrypted(attempt: attempt) {
            guard let found = tallyRequest(attempt: attempt)?.votesDigest, found != votes else { continue }
            others[found] = attempt
        }
        return others
    }

    /// Whether that tally is one of other ballots than some that were decrypted.
    package func isFurther(attempt: Int) -> Bool {
        tallyRequest(attempt: attempt).map {
            !decryptedOthers(than: $0.votesDigest, before: attempt).isEmpty
        } ?? false
    }

    /// The latest published tally of those votes.
    package func publishedAttempt(of votes: Digest) -> Int? {
        (1..<max(1, attempt + 1)).last {
            tallyRequest(attempt: $0)?.votesDigest == votes && isPublished(attempt: $0)
        }
    }

    /// Where the archive of that tally lies below the public folder of the election, with `/` at its end: each of further ballots has a
    /// folder of its own, so that no tally takes the place of another.
    package func archivePath(attempt: Int) -> String {
        let isFirst = (1..<max(1, attempt)).allSatisfy { !isPublished(attempt: $0) }
        return isFirst ? "" : "tally-\(attempt)/"
    }
}
