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
            guard source != target else { throw .pipeline(place: place, reason: "appends ballots to themselves") }
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
            for (election, question) in [mapping.source, mapping.target] {
                guard count.elections.indices.contains(election),
                    count.elections[election].questions.indices.contains(question)
                else {
                    throw .pipeline(
                        place: mapping.place,
                        reason: "names question \(question) of election \(election), which is not there")
                }
            }
            let source = count.elections[mapping.source.election].questions[mapping.source.question]
            var target = count.elections[mapping.target.election].questions[mapping.target.question]
            try mapping.requireSameMeaning(source.code, target.code)
            guard let more = source.plaintexts else {
                throw .noPlaintexts(election: mapping.source.election, question: mapping.source.question)
            }
            var plaintexts = target.plaintexts ?? PlaintextList()
            guard plaintexts.endsWithLine else {
                throw .unfinishedLine(election: mapping.target.election, question: mapping.target.question)
            }
            plaintexts.append(more)
            // Lists that are appended to each other double with every mapping.
            guard plaintexts.byteCount <= 2 * count.plaintextByteCount else {
                throw .pipeline(place: mapping.place, reason: "appends the same ballots again and again")
            }
            target.plaintexts = plaintexts
            count.elections[mapping.target.election].questions[mapping.target.question] = target
        }
    }
}
