// SPDX-License-Identifier: Apache-2.0

import Counting
import ReportPages

/// A bar for each answer of a question, most first, winners in colour.
struct ResultChart {
    private let question: CountedQuestion

    /// More bars than this say less than the table below them.
    private static let barCount = 40
    private static let (width, valueWidth, row, bar) = (960.0, 210.0, 42.0, 16.0)

    init(_ question: CountedQuestion) { self.question = question }

    var markup: Markup {
        let answers = question.answersForReading.filter { $0.role != .invalidVoteFlag }
        let shown = answers.prefix(Self.barCount)
        guard !shown.isEmpty else { return "" }
        let largest = shown.map(\.total.asDouble).max() ?? 0
        let bars = shown.enumerated().map { index, answer in draw(answer, of: largest, y: Double(index) * Self.row) }
        let left = answers.count - shown.count
        let rest: Markup = left > 0 ? "<p class=\"faint\">\(left) more in the table.</p>" : ""
        return """
            <figure>
            <svg viewBox="0 0 \(place: Self.width) \(place: Double(shown.count) * Self.row)" role="img" \
            aria-label="\(question.title)">
            \(bars)</svg></figure>\(rest)

            """
    }

    private func draw(_ answer: CountedAnswer, of largest: Double, y: Double) -> Markup {
        let total = answer.total.asDouble
        let length = largest > 0 && total > 0 ? max(1, total / largest * (Self.width - Self.valueWidth)) : 1
        let place = answer.winnerPosition.map { "\($0 + 1). " } ?? ""
        let name = answer.text.count > 110 ? String(answer.text.prefix(109)) + "…" : answer.text
        let value = "\(CountedQuestion.text(of: answer.total)) \(question.unit), \(question.share(of: answer)) %"
        let weight: Markup = answer.winnerPosition == nil ? "" : " font-weight=\"650\""
        return """
            <g><title>\(answer.text): \(value)</title>\
            <text x="0" y="\(place: y + 14)"\(weight)>\(place + name)</text>\
            <rect class="\(answer.winnerPosition == nil ? "rest" : "f0")" x="0" y="\(place: y + 19)" rx="2" \
            width="\(place: length)" height="\(place: Self.bar)"/>\
            <text class="faint" x="\(place: length + 8)" y="\(place: y + 32)">\(value)</text></g>

            """
    }
}
