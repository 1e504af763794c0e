// SPDX-License-Identifier: Apache-2.0

import ElGamal
package import Elections
import GroupArithmetic
import StrictJSON

extension Rehearsal {
    /// Encrypts votes under the keys that were compared, into the rehearsal's folder.
    ///
    /// - Parameters:
    ///   - source: nil takes random votes if `create` was told so, else the list of `listPath` if there is one, else two votes.
    ///   - listPath: votes.json of EOTEST_DATA_PATH.
    ///   - count: nil takes what `create` was told, else as many as the source has.
    package func encrypt(_ election: ElectionIdentifier, source: VoteSource?, count: Int?) async throws {
        try await folder(election).locked { try await encryptLocked(election, source: source, count: count) }
    }

    private func encryptLocked(_ election: ElectionIdentifier, source: VoteSource?, count: Int?) async throws {
        let folder = folder(election)
        let record = try folder.electionRecord()
        let source = try source ?? standardSource(record)
        if let questions = source.questions, questions.map(\.compact) != record.questions {
            throw RehearsalError.otherQuestions
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
        let digest = try await journal.step(.encrypt, "encrypting", votes: count) {
            try await Self.onOwnThread { [journal] in
                try making.run { journal.progress($0, of: count) }
            }
        } detail: { _ in
            "\(count) ballots\(keys.count > 1 ? " of \(keys.count) questions" : "")"
        }
        let votes = VotesRecord(count: count, digest: digest)
        try folder.write(votes)
        journal.learn { $0.votesHash = DigestURI.text(of: digest) }
    }

    private func standardSource(_ record: ElectionRecord) throws -> VoteSource {
        if record.takesRandomVotes { return .random }
        let path = "\(dataPath)/votes.json"
        do {
            return try VoteSource(file: path)
        } catch RehearsalError.voteList(path, reason: VoteSource.absence) {
            return .standard
        }
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
