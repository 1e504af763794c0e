// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON

extension ElectionResult {
    /// The questions that tables show, with their numbers from 1.
    package var shownQuestions: [(number: Int, question: CountedQuestion)] {
        questions.enumerated().filter { !$0.element.isHidden }.map { ($0.offset + 1, $0.element) }
    }

    /// The text `results.pretty` of the original (specification of counting, 3.9), to the byte.
    package var pretty: String {
        var text = ""
        for (_, question) in shownQuestions where question.isInOriginalTables { text += question.pretty }
        return text + "\n"
    }

    /// The rows of `results.csv`, as the original has them.
    package var csvRows: [[String]] {
        shownQuestions.filter(\.question.isInOriginalTables).flatMap { number, question in
            question.csvRows(number: number)
        }
    }

    /// `results.csv` of the original, where nothing is quoted: a comma or a line break in a name breaks the row.
    package var unquotedCSV: String { csvRows.map { $0.joined(separator: ",") + "\n" }.joined() }

    /// The same rows for spreadsheets: the original's bytes, but fields are quoted where they must be for the rows to hold (RFC
    /// 4180), and an apostrophe stands before what a spreadsheet would take for a formula.
    package var csv: String {
        csvRows.map { $0.map(Self.csvField).joined(separator: ",") + "\n" }.joined()
    }

    private static func csvField(_ text: String) -> String {
        let isFormula =
            text.unicodeScalars.first.map { "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0) }
            ?? false
        func isNumber() -> Bool { text.wholeMatch(of: #/-?[0-9]+(\.[0-9]+)?(e[-+][0-9]+)?/#) != nil }
        let safe = isFormula && !isNumber() ? "'" + text : text
        guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}

extension CountedQuestion {
    /// The types that the original's tables show.
    fileprivate var isInOriginalTables: Bool {
        switch question.method {
        case .cumulative, .plurality, .desborda, .desborda2, .desborda3, .borda, .bordaNauru: true
        default: false
        }
    }

    fileprivate var pretty: String {
        let all = Double(totals.all)
        func share(_ count: Int) -> String { "\(count) (\(twoPlaces(Self.percent(Double(count), of: all)))%)" }
        var lines = [
            "", "", "Q: \(title)", "", "Total votes: \(totals.all)", "Blank votes: \(share(totals.blank))",
            "Null votes: \(share(totals.null))", "Total valid votes (votes to options): \(share(totals.valid))", "",
            "Options (percentages over \(percentageBaseName), \(question.winnerCount) winners):",
        ]
        for answer in answersForReading {
            let place = answer.winnerPosition.map { String($0 + 1) } ?? "N"
            let percent = twoPlaces(Self.percent(answer.total.asDouble, of: percentageBase))
            lines.append(
                "\(place). \(answer.text)\(answer.role == .writtenName ? " (Write-in)" : "") "
                    + "(\(twoPlaces(answer.total.asDouble)) \(unit), \(percent)%)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    fileprivate func csvRows(number: Int) -> [[String]] {
        [
            ["Question"], ["Number", "Title"], [String(number), title], ["", "", ""], ["Totals"],
            ["Total votes", String(totals.all)], ["Blank votes", String(totals.blank)],
            ["Null votes", String(totals.null)], ["Valid votes", String(totals.valid)], ["", "", ""], ["Answers"],
            ["Id", "Text", "Category", "Total votes", "Winner position"],
        ]
            + answers.map { answer in
                [
                    String(answer.id), answer.text, answer.category.string, answer.total.json.compact,
                    answer.winnerPosition.map(String.init) ?? "None",
                ]
            }
    }
}
