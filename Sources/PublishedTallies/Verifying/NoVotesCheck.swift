// SPDX-License-Identifier: Apache-2.0

extension TallyVerification {
    /// A tally without pubkeys_json and proofs: the form of an election without votes, and of nothing else (1.11).
    mutating func checkNoVotes() throws {
        if let votes = try contents.data(TallyLayout.votes), !votes.isEmpty {
            recorder.fail(.publicKeys, "the file is missing though there are ballots")
            return
        }
        for session in contents.sessions {
            guard let plaintexts = try contents.data(TallyLayout.plaintexts, of: session) else {
                recorder.fail(.plaintexts, session: session.id, "the file is missing")
                return
            }
            guard plaintexts.isEmpty else {
                recorder.fail(.publicKeys, session: session.id, "the file is missing though there are plaintexts")
                return
            }
        }
        // Nothing shows whose tally this is, so it cannot be the expected one.
        if !options.expectedKeys.isEmpty { recorder.fail(.expectedKey, "a tally without votes has no keys") }
        recorder.pass(.noVotes)
    }
}
