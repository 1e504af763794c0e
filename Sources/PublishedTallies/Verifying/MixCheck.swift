// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import MixNets
import OperatorErrors

extension TallyVerification {
    /// The proofs of a session (6.8), what they start from and what they end in.
    ///
    /// - Parameter ballots: how they compare with what was mixed; nil if the votes file was refused.
    mutating func checkMix(
        of session: TallyContents.Session, _ info: ProtocolInfo, ballots: MixedBallots?
    ) throws {
        let files = ProofFolder(session.proofFolder)
        var recorder = recorder
        let review = MixReview(parameters: MixNetParameters(info), files: files) { outcome in
            recorder.note(outcome, session: session.id)
        }
        self.recorder = recorder
        if let error = review.outcomes.lazy.compactMap(\.failure).first(where: { $0.exitCode == .disk }) { throw error }
        for (party, index) in review.unchanged.sorted(by: { $0.key < $1.key }) {
            self.recorder.report.remarks.append(
                "\(quoted(session.id)): authority \(party) left ciphertext \(index) as it came: everybody sees where it went"
            )
        }
        try checkCopiedCommitments(of: session, info)
        if let ballots, let input = review.input { checkInput(of: session, input, ballots) }
        if let elements = review.plaintexts { try checkPlaintexts(of: session, elements) }
    }

    /// Shuffle challenges do not contain the party's number, so a permutation commitment can be copied with its proof from
    /// an earlier party (7.3, point 5).
    private mutating func checkCopiedCommitments(of session: TallyContents.Session, _ info: ProtocolInfo) throws {
        let files = ProofFolder(session.proofFolder)
        for party in 1...info.threshold {
            let own = try files.bytes(ProofFileName.permutationCommitment(party))
            for earlier in 1..<max(party, 1) {
                if let own, own == (try files.bytes(ProofFileName.permutationCommitment(earlier))) {
                    recorder.fail(
                        .permutation, session: session.id, party: party,
                        "the permutation commitment is a copy of that of authority \(earlier)")
                }
            }
        }
    }
}

extension CheckRecorder {
    fileprivate mutating func note(_ outcome: MixOutcome, session: String) {
        let (name, party): (VerificationCheck.Name, Int?) =
            switch outcome.step {
            case .keys: (.keys, nil)
            case .input: (.input, nil)
            case .permutation(let party): (.permutation, party)
            case .shuffle(let party): (.shuffle, party)
            case .decryption(let party): (.decryption, party)
            case .plaintexts: (.decrypted, nil)
            }
        guard let failure = outcome.failure else { return pass(name, session: session, party: party) }
        var index: Int?
        var culprit = party
        if case .failed(_, let named, let place) = failure {
            index = place
            culprit = party ?? (named > 0 ? named : nil)
        }
        // The authority is in the check's subject already.
        var reason = failure.message
        let prefix = culprit.map { "authority \($0): " } ?? ""
        if reason.hasPrefix(prefix) { reason.removeFirst(prefix.count) }
        if outcome.wasReplaced { reason += " (the shuffle does not count)" }
        fail(name, session: session, party: culprit, index: index, reason)
    }
}
