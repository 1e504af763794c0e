// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

extension TallyVerification {
    /// The entries of 1.2: known names, and one session for each question from 0 on. Files at top level that are none of
    /// the format's are ignored, as every verifier does; folders are not.
    mutating func checkLayout() {
        var reasons: [String] = []
        if let stranger = contents.strangers.first {
            let more = contents.strangers.count - 1
            reasons.append(quoted(stranger) + (more > 0 ? " and \(more) more have" : " has") + " no place in a tally")
        }
        for (question, session) in contents.sessions.enumerated() where session.index != question {
            reasons.append("\(quoted(session.id)) where the session of question \(question) is expected")
            break
        }
        if contents.sessions.isEmpty { reasons.append("no session's folder") }
        for reason in reasons { recorder.fail(.layout, reason) }
        if reasons.isEmpty { recorder.pass(.layout, counted(contents.sessions.count, "session")) }
        let known: Set = [TallyLayout.questions, TallyLayout.votes, TallyLayout.publicKeys]
        for name in contents.files.subtracting(known).sorted() {
            recorder.report.remarks.append("not looked at: \(quoted(name))")
        }
    }
}
