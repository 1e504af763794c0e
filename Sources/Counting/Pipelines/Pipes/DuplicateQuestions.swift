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
            let target = try entry.optional("dest_election_index")?.integer(in: 0...1_000_000)
            // Which one the original takes without it is not known.
            guard let target = target ?? (election == 0 ? 0 : nil) else {
                throw JSONShapeError.missing(key: "dest_election_index", in: entry.path)
            }
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
            guard count.elections.indices.contains(duplication.election),
                count.elections.indices.contains(duplication.targetElection),
                count.elections[duplication.election].questions.indices.contains(duplication.question)
            else { throw refused("names an election or question that is not there") }
            guard count.elections[duplication.targetElection].result == nil else {
                throw refused("stands behind the count")
            }
            let copy = try copied(
                count.elections[duplication.election].questions[duplication.question], duplication)
            for index in duplication.targets {
                guard index <= count.elections[duplication.targetElection].questions.count,
                    count.elections[duplication.targetElection].questions.count < 1000
                else { throw refused("names a question behind the last") }
                count.elections[duplication.targetElection].questions.insert(copy, at: index)
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
        if duplication.isEmpty { copy.plaintexts = PlaintextList() }
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
