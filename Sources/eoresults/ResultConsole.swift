// SPDX-License-Identifier: Apache-2.0

import Counting
import OperatorConsole
import OperatorErrors

/// What people see.
struct ResultConsole {
    let output: TextOutput
    let errors: TextOutput

    func warn(about result: ElectionResult) { for remark in result.allRemarks { errors.printWarning(remark) } }

    func warn(archivesOfOthers paths: [String]) {
        for path in paths {
            errors.printWarning("\(quoted(path, limit: 300)) was there before and is not of this count")
        }
    }

    func show(_ result: ElectionResult) {
        for (number, question) in result.shownQuestions {
            if number > 1 { output.line() }
            output.line(output.painted("\(number). \(quoted(question.title, limit: 300))", .bold))
            output.line(
                "\(question.totalsText); \(question.question.method.rawValue), shares of \(question.percentageBaseText)"
            )
            var table = TextTable(
                ["", "answer", question.unit, "share"], alignments: [.right, .left, .right, .right])
            for row in question.rows(name: { quoted($0) }) { table.add(row) }
            output.print(table)
        }
        output.line()
        output.line("SHA-256 of results.json  \(result.digest)")
    }

    func tell(files: [String], in folder: String) {
        output.line("written to \(quoted(folder)): \(files.joined(separator: ", "))")
    }
}

/// The result as `--json` prints it.
struct ResultJSON: Encodable {
    struct Question: Encodable {
        struct Answer: Encodable {
            let id: Int
            let text: String
            let total: ExactTotal
            let winner_position: Int?
        }
        let title: String
        let tally_type: String
        let valid: Int
        let blank: Int
        let null: Int
        let null_reasons: [String: Int]
        let remarks: [String]
        let answers: [Answer]
    }

    let questions: [Question]
    let results_sha256: String
    /// What is about no single question.
    let remarks: [String]
    let files: [String]

    init(_ result: ElectionResult, files: [String]) {
        questions = result.questions.map { question in
            Question(
                title: question.title, tally_type: question.question.method.rawValue, valid: question.totals.valid,
                blank: question.totals.blank, null: question.totals.null,
                null_reasons: Dictionary(
                    uniqueKeysWithValues: question.nullReasons.map { ($0.key.rawValue, $0.value) }),
                remarks: question.remarks,
                answers: question.answers.map {
                    .init(
                        id: $0.id, text: $0.text, total: ExactTotal(points: $0.total),
                        winner_position: $0.winnerPosition)
                })
        }
        results_sha256 = result.digest
        remarks = result.remarks
        self.files = files
    }
}

/// A whole number stays one: not all of 64 bits are doubles.
struct ExactTotal: Encodable {
    let points: Points

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch points {
        case .whole(let number): try container.encode(number)
        case .double(let number): try container.encode(number)
        }
    }
}
