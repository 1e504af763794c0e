// SPDX-License-Identifier: Apache-2.0

import ElGamal
package import Elections
import GroupArithmetic
import StrictJSON

extension Rehearsal {
    /// Encrypts votes under the keys that were compared, into the rehearsal's folder.
    ///
    /// - Parameters:
    ///   - source: nil takes random votes if `create` was told so, else ``standardVotes()``.
    ///   - count: nil takes what `create` was told, else as many as the source has.
    package func encrypt(_ election: ElectionIdentifier, source: VoteSource?, count: Int?) async throws {
        try await folder(election).locked { try await encryptLocked(election, source: source, count: count) }
    }

    private func encryptLocked(_ election: ElectionIdentifier, source: VoteSource?, count: Int?) async throws {
        let folder = folder(election)
        let record = try folder.electionRecord()
        let source = try source ?? (record.takesRandomVotes ? .random : standardVotes())
        if let questions = source.questions, questions.map(\.compact) != record.questions {
            throw RehearsalError.otherQuestions(path: source.path ?? "", election: election.text)
        }
        let count = count ?? record.voteCount ?? source.naturalCount
        let keys = try KeyComparison(election: election, sessions: record.sessions)
            .publicKeys(questionCount: record.sessions.count)
        learn(record, of: election)
        journal.learn { $0.votes = count }
        let making = BallotMaking(
            keys: keys, boundTo: record.requiresBoundProofs ? election : nil, source: source, count: count,
            votesPath: folder.votesPath,
            plaintextPaths: keys.indices.map(folder.plaintextsPath))
        try making.check()
        // From here on the old votes and what was made of them are gone.
        try folder.forget(TallyRecord.self)
        try folder.forget(VotesRecord.self)
        try folder.forget(ExpectedResult.self)
        let made = try await journal.step(.encrypt, "encrypting", votes: count) {
            try await Self.onOwnThread { [journal] in
                try making.run { journal.progress($0, of: count) }
            }
        } detail: { _ in
            "\(count) ballots\(keys.count > 1 ? " of \(keys.count) questions" : "")"
        }
        if let expected = made.expected { try folder.write(expected) }
        try folder.write(VotesRecord(count: count, digest: made.digest))
        journal.learn { $0.votesHash = DigestURI.text(of: made.digest) }
    }

    /// What is encrypted where nobody says: votes.json of EOTEST_DATA_PATH if it is there, else two votes.
    package func standardVotes() throws -> VoteSource {
        try VoteSource(fileIfAny: "\(dataPath)/votes.json") ?? .standard
    }

    func learn(_ record: ElectionRecord, of election: ElectionIdentifier) {
        journal.learn { facts in
            facts.election = election.text
            facts.authorities = record.authorities.map(\.hostName)
            facts.threshold = record.threshold
            facts.questions = record.sessions.count
            facts.group = SafePrimeGroup.named.first { $0.p.decimal == record.sessions.first?.key.p }?.name
        }
    }
}
