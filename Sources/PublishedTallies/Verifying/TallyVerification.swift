// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import MixNets
import OperatorErrors

/// What a tally is to be compared with, and what is left out.
public struct VerificationOptions: Sendable {
    /// Leave results.json out.
    public var skipsRecount: Bool
    /// SHA-256 of keys that were published when the election was made: of each session's publicKey_json, or one of
    /// pubkeys_json. Empty: any keys will do.
    public var expectedKeys: [[UInt8]]

    public init(skipsRecount: Bool = false, expectedKeys: [[UInt8]] = []) {
        self.skipsRecount = skipsRecount
        self.expectedKeys = expectedKeys
    }
}

extension PublishedArchive {
    /// Verifies everything that was published, offline.
    ///
    /// A check that fails does not end the verification: whatever can still be checked is checked, so that the report
    /// names all that is wrong.
    ///
    /// - Parameter progress: called on this thread after each check, and now and then in long ones.
    /// - Throws: an `OperatorError` only if the disk fails.
    public func verify(
        options: VerificationOptions = VerificationOptions(), progress: (VerificationProgress) -> Void = { _ in }
    ) throws -> VerificationReport {
        try withoutActuallyEscaping(progress) { progress in
            var recorder = CheckRecorder(progress: progress)
            recorder.pass(.archive, tallies.count == 1 ? "one tally" : "\(tallies.count) tallies")
            try checkResults(options, &recorder)
            for tally in tallies {
                recorder.tally = tally.name
                var verification = TallyVerification(of: tally, options: options, recorder: recorder)
                try verification.run()
                recorder = verification.recorder
            }
            for name in ignoredFiles { recorder.report.remarks.append("not looked at: \(quoted(name))") }
            return recorder.report
        }
    }
}

/// The checks of one tally in their order; each stands in a file of its own.
struct TallyVerification {
    let contents: TallyContents
    let tallyName: String?
    let options: VerificationOptions
    var recorder: CheckRecorder

    init(of tally: UnverifiedTally, options: VerificationOptions, recorder: CheckRecorder) {
        contents = TallyContents(tally)
        tallyName = tally.name
        self.options = options
        self.recorder = recorder
    }

    mutating func run() throws {
        checkLayout()
        guard let questions = try checkQuestions() else { return }
        if !contents.files.contains(TallyLayout.publicKeys), contents.sessions.allSatisfy({ $0.proofs == nil }) {
            return try checkNoVotes()
        }
        var infos: [ProtocolInfo] = []
        for session in contents.sessions {
            guard let info = try checkProtocolInfo(of: session, electionName: tallyName ?? infos.first?.electionName)
            else {
                continue
            }
            checkBinding(of: session, info, questions: questions)
            checkProofFiles(of: session, info)
            infos.append(info)
        }
        // Ballots have a choice for each question: without the parameters of all there is nothing to compare with.
        guard infos.count == contents.sessions.count, !infos.isEmpty else { return }
        try checkPublicKeys(infos)
        let ballots = try checkBallots(infos)
        for (question, session) in contents.sessions.enumerated() {
            try checkMix(of: session, infos[question], ballots: ballots?[question])
        }
    }
}
