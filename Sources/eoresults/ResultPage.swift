// SPDX-License-Identifier: Apache-2.0

import Counting
import ReportPages

/// The result as one page that a newspaper can print. The same result gives the same bytes: there is no date in it.
struct ResultPage {
    private let result: ElectionResult
    private let title: String
    private let outer: String?

    /// - Parameter outer: the name of the archive that is published with the page; nil if there is none.
    init(_ result: ElectionResult, title: String?, outer: String?) {
        self.result = result
        self.title = title ?? "Results" + (outer.map { " of election \($0.dropLast(4))" } ?? "")
        self.outer = outer
    }

    var bytes: [UInt8] {
        let sections = result.shownQuestions.map { section($0.number, $0.question) }
        return Page(title: title, summary: "", sections: sections + [origin]).bytes
    }

    private func section(_ number: Int, _ question: CountedQuestion) -> Markup {
        let name = Self.name(of: question)
        let seats = question.question.winnerCount
        let totals = question.totals
        let tiles = Page.tiles([
            (Figures.count(totals.all), totals.all == 1 ? "ballot" : "ballots"), (Figures.count(totals.valid), "valid"),
            (Figures.count(totals.blank), "blank"), (Figures.count(totals.null), "null"),
            (Figures.count(seats), seats == 1 ? "seat" : "seats"),
        ])
        let notes = question.remarks.map { "<p class=\"notice\">\($0)</p>\n" as Markup }
        let rows = question.rows(name: Self.visible, number: Self.number)
        let table = Page.resultTable(["", "answer", question.unit, "share of \(question.percentageBaseText)"], rows)
        let method: Markup = "<p class=\"faint\">Counted as \(question.question.method.rawValue).</p>"
        return Page.section(
            result.shownQuestions.count > 1 ? "\(number). \(name)" : name,
            "\(tiles)\n\(notes)\(ResultChart(question).markup)\(table)\(method)")
    }

    private var origin: Markup {
        let how: Markup = outer.map { "<p>Anybody can count again: <code>eoverify \($0)</code></p>" } ?? ""
        // Questions that are not shown have no section.
        let hidden = result.questions.enumerated().filter(\.element.isHidden).flatMap { index, question in
            question.remarks.map { "\(index + 1). \(Self.name(of: question)): \($0)" }
        }
        let remarks = (result.remarks + hidden).map { "<p class=\"notice\">\($0)</p>\n" as Markup }
        return Page.section(
            "Where this comes from",
            "\(remarks)\(how)<p class=\"faint\">SHA-256 of results.json: <code>\(result.digest)</code></p>")
    }
}

extension ResultPage {
    /// What the page calls a question.
    static func name(of question: CountedQuestion) -> String {
        visible(question.title, instead: "question without a title")
    }

    /// What the page calls an answer, with what sets it apart.
    static func name(of answer: CountedAnswer) -> String {
        visible(answer.text) + answer.marks.map { " (\($0))" }.joined()
    }

    /// A text of which there is something to see.
    static func visible(_ text: String) -> String { visible(text, instead: "no name") }

    private static func visible(_ text: String, instead: String) -> String {
        text.allSatisfy(\.isWhitespace) ? "[\(instead)]" : text
    }

    /// A whole number in groups of three digits, a fraction to the hundredth.
    static func number(_ points: Points) -> String {
        switch points {
        case .whole(let number): Figures.count(number)
        // Figures are of 64 bits.
        case .double(let number):
            abs(number) < 1e15 ? Figures.fixed(number, places: 2) : CountedQuestion.text(of: points)
        }
    }
}

extension CountedQuestion {
    /// What totals are counted in, for one of them.
    func unit(of points: Points) -> String {
        if case .whole(1) = points { String(unit.dropLast()) } else { unit }
    }
}
