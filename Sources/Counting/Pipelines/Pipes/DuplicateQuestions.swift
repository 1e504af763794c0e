// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// duplicate_questions: counts a question more than once.
struct DuplicateQuestions: Pipe {
    private struct Duplication {
        let election: Int
        let question: Int
        let targets: [Int]
        let targetElection: Int
        let isEmpty: Bool
        let place: String
    }

    private let duplications: [Duplication]

    init(_ field: JSONField) throws(JSONShapeError) {
        try field.requireParameters(["duplications"])
        var duplications: [Duplication] = []
        for entry in try field.member("duplications").elements(0...1000) {
            try entry.requireParameters([
                "source_election_index", "base_question_index", "duplicated_question_indexes", "dest_election_index",
                "zero_plaintexts",
            ])
            let election = try entry.index("source_election_index")
            let target = try entry.optional("dest_election_index")?.integer(in: 0...1_000_000) ?? election
            duplications.append(
                Duplication(
                    election: election, question: try entry.index("base_question_index"),
                    targets: try entry.indexes("duplicated_question_indexes") ?? [], targetElection: target,
                    isEmpty: try entry.optional("zero_plaintexts")?.bool() ?? false, place: entry.path))
        }
        self.duplications = duplications
    }

    func run(_ count: inout ElectionCount) throws(CountingError) {
        for duplication in duplications {
            func refused(_ reason: String) -> CountingError { .pipeline(place: duplication.place, reason: reason) }
            let source = try count.election(named: duplication.election, at: duplication.place)
            let target = try count.election(named: duplication.targetElection, at: duplication.place)
            guard count.elections[source].questions.indices.contains(duplication.question) else {
                throw refused("names a question that is not there")
            }
            guard count.elections[target].result == nil else { throw refused("stands behind do_tallies") }
            try count.makeRoom(
                forCopiesOf: count.elections[source].questions[duplication.question].current,
                count: duplication.targets.count)
            let copy = try copied(count.elections[source].questions[duplication.question], duplication)
            for index in duplication.targets {
                let questionCount = count.elections[target].questions.count
                guard questionCount < 1000 else { throw refused("makes more than 1000 questions") }
                // The original moves the folders of the source, and takes for the copy's the one that then has its number.
                guard source == target ? index > duplication.question : index == questionCount else {
                    throw refused(
                        source == target
                            ? "puts a copy before its question, where the original counts other ballots"
                            : "puts a copy before questions of another election, where the original counts other ballots"
                    )
                }
                guard index <= questionCount else { throw refused("names a question behind the last") }
                count.elections[target].questions.insert(copy, at: index)
                try count.requireRoom()
            }
        }
    }

    private func copied(
        _ question: ElectionCount.Question, _ duplication: Duplication
    ) throws(CountingError) -> ElectionCount.Question {
        var copy = question
        copy.current = try question.current.changed(at: duplication.place) { object in
            object["source_question_index"] = .integer(duplication.question)
            object["source_election_index"] = .integer(duplication.election)
        }
        if duplication.isEmpty {
            copy.plaintexts = PlaintextList()
            copy.sources = []
        }
        return copy
    }
}

extension CountableQuestion {
    /// The question with other values under some keys.
    func changed(at place: String, _ change: (inout JSONObject) -> Void) throws(CountingError) -> CountableQuestion {
        var object = json
        change(&object)
        do { return try CountableQuestion(JSONField(.object(object), name: place)) } catch { throw .shape(error) }
    }
}
