// SPDX-License-Identifier: Apache-2.0

import Counting
import ReportPages

/// A bar for each answer of a question, most first, winners in colour and in bold letters.
struct ResultChart {
    private let question: CountedQuestion

    /// More bars than this say less than the table below them.
    private static let barCount = 40
    /// As many fill half a page of paper; more may go on over the next.
    private static let wholeCount = 12

    init(_ question: CountedQuestion) { self.question = question }

    var markup: Markup {
        let answers = question.answersForReading.filter { $0.role != .invalidVoteFlag }
        let shown = answers.prefix(Self.barCount)
        guard !shown.isEmpty else { return "" }
        let largest = shown.map(\.total.asDouble).max() ?? 0
        let left = answers.count - shown.count
        let rest: Markup = left > 0 ? "<p class=\"faint\">\(left) more in the table.</p>" : ""
        let unit = question.unit.prefix(1).uppercased() + question.unit.dropFirst()
        let caption = shown.contains { $0.winnerPosition != nil } ? ", winners in bold" : ""
        return """
            <figure class="\(shown.count > Self.wholeCount ? "long" : "whole" as Markup)" role="img" aria-label="\(ResultPage.name(of: question))">
            <figcaption>\(unit) by answer\(caption)</figcaption>
            <div class="bars">
            \(shown.map { bar($0, of: largest) })</div></figure>\(rest)

            """
    }

    private func bar(_ answer: CountedAnswer, of largest: Double) -> Markup {
        let total = answer.total.asDouble
        let length = largest > 0 && total > 0 ? total / largest : 0
        let wins = answer.winnerPosition != nil
        let place = answer.winnerPosition.map { "\($0 + 1). " } ?? ""
        let kind: Markup = wins ? "f0" : answer.isWithdrawn == true ? "out" : "rest"
        return """
            <div class="\(wins ? "wins" : "loses" as Markup)"><p>\(place)\(ResultPage.name(of: answer))</p>\
            <p class="bar"><i class="\(kind)" style="--length:\(share: length)"></i>\
            \(ResultPage.number(answer.total)) \(question.unit(of: answer.total)), \(question.share(of: answer)) %</p></div>

            """
    }
}
