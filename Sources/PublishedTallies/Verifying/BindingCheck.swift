// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic

extension TallyVerification {
    /// `descr`, if it has the form that our authorities write, names the questions of this tally (7.5). Others' tallies have
    /// other text there, which is no fault.
    mutating func checkBinding(of session: TallyContents.Session, _ info: ProtocolInfo, questions: Data) {
        guard let binding = SessionBinding(info.description) else { return }
        if binding.questionsDigest == HashFunction.sha256.digest(of: questions) {
            recorder.pass(.binding, session: session.id)
        } else {
            recorder.fail(.binding, session: session.id, "the proofs were made for other questions than questions_json")
        }
    }
}
