// SPDX-License-Identifier: Apache-2.0

/// What was decrypted already. Two lists that differ in a few ballots would show those votes, so that only the same votes are ever
/// decrypted again.
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

    /// Whether a tally of another votes file than that was decrypted.
    package func hasDecryptedOther(votes: Digest) -> Bool {
        (0..<attempt).contains { earlier in
            wasDecrypted(attempt: earlier + 1) && tallyRequest(attempt: earlier + 1)?.votesDigest != votes
        }
    }
}
