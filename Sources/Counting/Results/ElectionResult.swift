// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
package import StrictJSON

/// The result of an election: what results.json says.
package struct ElectionResult: Sendable {
    package internal(set) var questions: [CountedQuestion]
    /// Lines of the last question that was counted.
    package internal(set) var totalVotes: Int
    var hasParityError = false
    /// What messages call the tally whose questions these are.
    package internal(set) var tally = "the tally"
    /// What a reader of the result should know that is about no single question.
    package var remarks: [String] = []

    package init(questions: [CountedQuestion], totalVotes: Int) {
        self.questions = questions
        self.totalVotes = totalVotes
    }

    /// All remarks with what they are about, for whoever shows no questions.
    package var allRemarks: [String] {
        remarks
            + questions.enumerated().flatMap { index, question in
                question.remarks.map { "\(tally), question \(index): \($0)" }
            }
    }

    /// What of the questions makes ballots count for nothing, with its place.
    package var contradictions: [String] {
        questions.enumerated().flatMap { index, counted in
            counted.question.contradictions.filter(\.effect.losesBallots).map {
                "\(tally), question \(index): \($0.remark)"
            }
        }
    }

    /// results.json (specification of counting, 3.5) without `results_dirname`.
    package var json: JSONObject {
        var object: JSONObject = [
            "questions": .array(questions.map(\.published)), "total_votes": .integer(totalVotes),
        ]
        if hasParityError { object["has_parity_error"] = true }
        return object
    }

    /// The bytes of results.json, which are what is hashed.
    ///
    /// - Parameter folder: `results_dirname`, which the hash leaves out; nil for none.
    package func file(folder: String? = nil) -> [UInt8] {
        var object = json
        if let folder { object["results_dirname"] = .string(folder) }
        return JSONValue.object(object).indentedBytes + [0x0a]
    }
}

extension ElectionResult {
    /// SHA-256 of ``file(folder:)`` in hexadecimal: what everybody who counts compares.
    package var digest: String {
        HashFunction.sha256.digest(of: file()).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
