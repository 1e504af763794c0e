// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorErrors
import StrictJSON

extension TallyVerification {
    /// questions_json: an array of objects, one for each session (1.6).
    ///
    /// - Returns: the file's bytes, if it can be compared with anything.
    mutating func checkQuestions() throws -> Data? {
        guard let data = try contents.data(TallyLayout.questions) else {
            recorder.fail(.questions, "the file is missing")
            return nil
        }
        do {
            let field = JSONField(
                try JSONValue(parsing: data, limits: JSONLimits(byteCount: 64 << 20)), name: TallyLayout.questions)
            let questions = try field.elements(1...1000)
            for question in questions { _ = try question.object() }
            if questions.count == contents.sessions.count {
                recorder.pass(.questions, counted(questions.count, "question"))
            } else {
                recorder.fail(
                    .questions,
                    "\(counted(questions.count, "question")) for \(counted(contents.sessions.count, "session"))")
            }
        } catch let error as any OperatorError {
            recorder.fail(.questions, error.message)
        }
        return data
    }
}
