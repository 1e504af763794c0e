// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import GroupArithmetic
import MixNets
import OperatorErrors

extension TallyVerification {
    /// ciphertexts_json: every line a valid ballot, or one that is dropped for a wrong proof (7.1).
    ///
    /// - Returns: for each question how the ballots compare with what was mixed; nil if the file is refused.
    mutating func checkBallots(_ infos: [ProtocolInfo]) throws -> [MixedBallots]? {
        guard contents.files.contains(TallyLayout.votes) else {
            recorder.fail(.ballots, "the file is missing")
            return nil
        }
        var mixed = try zip(contents.sessions, infos).map { session, info in
            try MixedBallots(ProofFolder(session.proofFolder), in: info.group)
        }
        let file = try VotesFile(path: contents.path + "/" + TallyLayout.votes)
        let requiresBoundProofs = infos.contains(where: \.requiresBoundProofs)
        let contexts = requiresBoundProofs ? contents.ballotContexts(infos) : nil
        if requiresBoundProofs, contexts == nil {
            recorder.fail(.ballots, "the ballots' bound proofs cannot be checked without the joint keys")
            return nil
        }
        var review = BallotReview(of: file, groups: infos.map(\.group), bound: contexts)
        var random = SystemRandomSource()
        do throws(VotesFileError) {
            while let batch = try review.next(random: &random) {
                for (question, ciphertexts) in batch.enumerated() { mixed[question].compare(ciphertexts) }
                recorder.progress(.ballots(done: review.reviewedCount, total: file.lineCount))
            }
            let dropped = review.dropped.count
            recorder.report.droppedBallots += review.dropped.map(\.message)
            recorder.pass(
                .ballots,
                "\(review.validCount) valid" + (dropped > 0 ? ", \(dropped) with a wrong proof left out" : "")
                    + (requiresBoundProofs ? "; all bound to voter, question and key" : ""))
            return mixed
        } catch {
            recorder.fail(.ballots, error.message)
            return nil
        }
    }
}

extension ProtocolInfo {
    /// Whether the election demands bound proofs of every ballot, as `descr` says in tallies of our authorities.
    var requiresBoundProofs: Bool { SessionBinding(description)?.requiresBoundProofs ?? false }
}

extension TallyContents {
    /// Where the ballots of each question belong; nil if a joint key does not hold, which the check of the keys says.
    func ballotContexts(_ infos: [ProtocolInfo]) -> [BallotContext]? {
        let contexts = zip(sessions, infos).enumerated().compactMap { question, session -> BallotContext? in
            let (folder, info) = (ProofFolder(session.0.proofFolder), session.1)
            guard let keys = try? JointPublicKey(reading: folder, parameters: MixNetParameters(info)) else {
                return nil
            }
            return BallotContext(key: keys.key, election: info.electionName, question: question)
        }
        return contexts.count == sessions.count ? contexts : nil
    }
}
