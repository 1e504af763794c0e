// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension CountableQuestion {
    /// What of the question excludes each other, in the order of its meaning: answers, options, bounds. What cannot be read at
    /// all is refused when the question is made.
    package var contradictions: [QuestionContradiction] {
        // The retired code knows neither columns nor options.
        guard !method.isRetired else { return [minimumFault].compactMap(\.self) }
        let ofTheMethod =
            switch method {
            case .cumulative: checkboxFault
            case .bordaCustom: weightFault
            default: QuestionContradiction?.none
            }
        let faults = [
            answerFault, flagFault, optionFault, namesFault, ofTheMethod, maximumFault, minimumFault, winnerFault,
            baseFault,
        ]
        return roleFaults + faults.compactMap(\.self)
    }

    /// What makes a question odd without making it impossible to count, for whoever publishes the result.
    package var remarks: [String] {
        contradictions.map(\.remark) + [namesWithoutWriteIns].compactMap(\.self)
    }

    /// Ballots follow such a question well, but may carry what nobody counts (1.5).
    package var namesWithoutWriteIns: String? {
        guard options.carriesNames, !answers.contains(where: { $0.role == .writeIn }) else { return nil }
        return "names are allowed, but no answer is a write-in: what ballots carry behind their digits is ignored"
    }

    /// Answers that ballots have a digit for.
    private var choosableCount: Int { answers.count { $0.role != .invalidVoteFlag } }

    private var answerFault: QuestionContradiction? {
        guard choosableCount == 0 else { return nil }
        return QuestionContradiction(
            field: "answers", found: "a list without an answer to choose", expected: "at least one",
            effect: .noBallotIsValid)
    }

    /// Entries that would make an answer a flag or a write-in if they were exactly what they have to be.
    private var roleFaults: [QuestionContradiction] {
        answers.indices.flatMap { index -> [QuestionContradiction] in
            let entries = answers[index].json["urls"]?.asArray ?? []
            return entries.indices.compactMap { place in
                let entry = entries[place]
                guard let title = entry["title"]?.asString, ["invalidVoteFlag", "isWriteIn"].contains(title),
                    !CountableAnswer.holds([entry], title: title, url: "true"),
                    !CountableAnswer.holds([entry], title: title, url: "false")
                else { return nil }
                return QuestionContradiction(
                    field: "answers[\(index)].urls[\(place)]", found: entry.compact,
                    expected: "title \(title) and url \"true\", nothing else", effect: .isOrdinary)
            }
        }
    }

    private var flagFault: QuestionContradiction? {
        let flags = answers.indices.filter { answers[$0].role == .invalidVoteFlag }
        guard flags.count > 1 else { return nil }
        return QuestionContradiction(
            field: "answers[\(flags[1])].urls", found: "a second flag of invalid ballots", expected: "one at most",
            effect: .everyBallotIsNull)
    }

    private var optionFault: QuestionContradiction? {
        guard options.isNull else { return nil }
        return QuestionContradiction(
            field: "extra_options", found: "null", expected: "an object, or no such key", effect: .everyBallotIsNull)
    }

    /// Only `true` lets ballots carry names (1.1).
    private var namesFault: QuestionContradiction? {
        guard let value = json["extra_options"]?.asObject?["allow_writeins"], value != .null, value.asBool == nil
        else { return nil }
        return QuestionContradiction(
            field: "extra_options.allow_writeins", found: value.compact, expected: "true or false", effect: .noNames)
    }

    private var checkboxFault: QuestionContradiction? {
        let key = "cumulative_number_of_checkboxes"
        let isMissing = json["extra_options"]?.asObject?[key] == nil
        guard isMissing || options.checkboxes == 0 else { return nil }
        return QuestionContradiction(
            field: "extra_options.\(key)", found: isMissing ? "missing" : "0",
            expected: "the points that one answer may get, at least 1",
            effect: isMissing ? .oneCheckbox : .noBallotIsValid)
    }

    private var weightFault: QuestionContradiction? {
        let needed = min(maximum, choosableCount)
        guard let weights else {
            return QuestionContradiction(
                field: "borda_custom_weights", found: "missing", expected: "a weight for each rank, \(needed)",
                effect: .everyBallotIsNull)
        }
        guard weights.count < needed else { return nil }
        return QuestionContradiction(
            field: "borda_custom_weights", found: "\(weights.count) weights",
            expected: "a weight for each rank, \(needed)", effect: .rankingsAreNull(above: weights.count))
    }

    private var maximumFault: QuestionContradiction? {
        guard maximum > 0 else {
            return QuestionContradiction(
                field: "max", found: "0", expected: "at least 1", effect: .noBallotIsValid)
        }
        // Booths bound the points of a cumulative ballot by it (1.9).
        let points = method == .cumulative ? max(1, options.checkboxes) : 1
        let most = answers.count * points
        guard maximum > most else { return nil }
        return QuestionContradiction(
            field: "max", found: "\(maximum)",
            expected: "at most \(most), the number of answers\(points > 1 ? " times that of checkboxes" : "")",
            effect: .isNeverReached)
    }

    private var minimumFault: QuestionContradiction? {
        func fault(_ most: Int, _ what: String) -> QuestionContradiction? {
            guard minimum > most else { return nil }
            return QuestionContradiction(
                field: "min", found: "\(minimum)", expected: "at most \(most), \(what)", effect: .everyBallotIsNull)
        }
        if let fault = fault(maximum, "which is max") { return fault }
        guard !method.isRetired else { return nil }
        if let fault = fault(choosableCount, "the number of answers to choose") { return fault }
        guard !options.allowsPanachage else { return nil }
        let choosable = answers.filter { $0.role != .invalidVoteFlag }
        let largest = Dictionary(grouping: choosable, by: \.category).values.map(\.count).max() ?? 0
        return fault(largest, "the size of the largest category: enable_panachage is false")
    }

    private var winnerFault: QuestionContradiction? {
        guard winnerCount == 0 || winnerCount > answers.count else { return nil }
        return QuestionContradiction(
            field: "num_winners", found: "\(winnerCount)",
            expected: answers.isEmpty ? "answers that can win" : "1 to \(answers.count), the number of answers",
            effect: winnerCount == 0 ? .nobodyWins : .everybodyWins)
    }

    private var baseFault: QuestionContradiction? {
        let key = "answer_total_votes_percentage"
        let known = ["over-total-votes", "over-total-valid-votes", "over-total-valid-points"]
        guard let value = json[key], value != .null, !known.contains(value.asString ?? "") else { return nil }
        return QuestionContradiction(
            field: key, found: value.compact,
            expected: "over-total-votes, over-total-valid-votes or over-total-valid-points", effect: .validVotesAreBase)
    }
}
