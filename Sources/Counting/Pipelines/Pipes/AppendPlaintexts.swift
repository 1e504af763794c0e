// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import StrictJSON

/// multipart_tally_plaintexts_append_joiner: counts ballots of one election with those of another.
struct AppendPlaintexts: Pipe {
    private struct Mapping {
        let source: (election: Int, question: Int)
        let target: (election: Int, question: Int)
        let place: String

        /// Nothing in the original checks it; other columns would be other answers, and the count a wrong one.
        func requireSameMeaning(_ code: BallotCode, _ other: BallotCode) throws(CountingError) {
            guard code.isInterchangeable(with: other) else {
                throw .pipeline(place: place, reason: "joins questions whose ballots mean different things")
            }
            for (own, another) in zip(code.columns, other.columns)
            where !own.isWriteIn && ExactText(own.text) != ExactText(another.text) {
                throw .pipeline(
                    place: place,
                    reason: "joins questions whose ballots mean different things: answer \(own.answerID) is "
                        + "\(quoted(own.text)) in one and \(quoted(another.text)) in the other")
            }
        }

        /// Ballots that a question has already would count twice: the same mapping again, or another way to the same list.
        func requireNew(
            _ more: ElectionCount.Question, in question: ElectionCount.Question
        ) throws(CountingError) {
            guard source != target else { throw .pipeline(place: place, reason: "appends ballots to themselves") }
            guard more.sources.isDisjoint(with: question.sources) else {
                throw .pipeline(
                    place: place,
                    reason:
                        "appends ballots that question \(target.question) of election \(target.election) has already")
            }
        }
    }

    private let mappings: [Mapping]

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["mappings"])
        var mappings: [Mapping] = []
        for entry in try field.member("mappings").elements() {
            try entry.requireParameters([
                "source_election_id", "source_question_num", "dst_election_id", "dst_question_num",
            ])
            mappings.append(
                Mapping(
                    source: (try entry.index("source_election_id"), try entry.index("source_question_num")),
                    target: (try entry.index("dst_election_id"), try entry.index("dst_question_num")),
                    place: entry.path))
        }
        self.mappings = mappings
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        for mapping in mappings {
            let from = try index(mapping.source, mapping.place, &count)
            let to = try index(mapping.target, mapping.place, &count)
            let source = count.elections[from].questions[mapping.source.question]
            var target = count.elections[to].questions[mapping.target.question]
            try mapping.requireNew(source, in: target)
            try mapping.requireSameMeaning(source.code, target.code)
            guard let more = source.plaintexts else {
                throw .noPlaintexts(tally: count.elections[from].name, question: mapping.source.question)
            }
            var plaintexts = target.plaintexts ?? PlaintextList()
            guard plaintexts.endsWithLine else {
                throw .unfinishedLine(tally: count.elections[to].name, question: mapping.target.question)
            }
            plaintexts.append(more)
            target.plaintexts = plaintexts
            target.sources.formUnion(source.sources)
            target.lateChanges.append(.ballots(mapping.place))
            count.elections[to].questions[mapping.target.question] = target
        }
    }

    /// Where the election is that a mapping names, if it has the question.
    private func index(
        _ name: (election: Int, question: Int), _ place: String, _ count: inout ElectionCount
    ) throws(CountingError) -> Int {
        let index = try count.election(named: name.election, at: place)
        guard count.elections[index].questions.indices.contains(name.question) else {
            throw .pipeline(
                place: place, reason: "names question \(name.question) of election \(name.election), which is not there"
            )
        }
        return index
    }
}
