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
        let heading = result.shownQuestions.count > 1 ? "\(number). \(question.title)" : question.title
        let seats = question.question.winnerCount
        let tiles = Page.tiles([
            (Figures.count(question.totals.all), "ballots"), (Figures.count(question.totals.valid), "valid"),
            (Figures.count(question.totals.blank), "blank"), (Figures.count(question.totals.null), "null"),
            (Figures.count(seats), seats == 1 ? "seat" : "seats"),
        ])
        let notes = (question.remarks + [question.tieAtLastSeat].compactMap(\.self)).map {
            "<p class=\"faint\">\($0)</p>" as Markup
        }
        let table = Page.table(
            ["", "answer", question.unit, "share"], question.rows(name: { $0 }), numbers: false)
        let method: Markup = """
            <p class="faint">Counted as \(question.question.method.rawValue), shares of \(question.percentageBaseText).</p>
            """
        return Page.section(heading, "\(tiles)\(ResultChart(question).markup)\(table)\(method)\(notes)")
    }

    private var origin: Markup {
        let how: Markup = outer.map { "<p>Anybody can count again: <code>eoverify \($0)</code></p>" } ?? ""
        return Page.section(
            "Where this comes from",
            "\(how)<p class=\"faint\">SHA-256 of results.json: <code>\(result.digest)</code></p>")
    }
}
