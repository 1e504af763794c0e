// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON

/// The ballots of a question that a retired method counts.
private struct RetiredBallots {
    var valid: [[Int]] = []
    /// In the order in which they first appeared.
    var distinct: [[Int]] {
        var seen: Set<[Int]> = []
        return valid.filter { seen.insert($0).inserted }
    }
}

extension CountedQuestion {
    /// Counts by a method of before 2021 (specification of counting, 3.10).
    mutating func count(retired plaintexts: PlaintextList, withdrawn: Set<Int>) throws(CountingError) {
        let ballots = read(plaintexts, RetiredCode(question, withdrawn: withdrawn))
        answers.sort { $0.id < $1.id }
        switch question.method {
        case .bordaMasMadrid: try countBordaMasMadrid(ballots)
        case .pairwiseBeta: countPairwiseBeta(ballots)
        case .cup: try countCup(ballots)
        default: preconditionFailure("\(question.method.rawValue) is no retired method")
        }
    }

    private mutating func read(_ plaintexts: PlaintextList, _ code: RetiredCode) -> RetiredBallots {
        var ballots = RetiredBallots()
        var strange = StrangeBallots()
        for file in plaintexts.files {
            file.withUnsafeBytes { bytes in
                var lines = LineRuns(bytes)
                while let (plaintext, count) = lines.next() {
                    switch code.ballot(plaintext) {
                    case .blank: totals.blank += count
                    case .null(let reason):
                        if reason.isMalformed { strange.add(.malformed, times: count, at: totals.all) }
                        totals.null += count
                        nullReasons[reason, default: 0] += count
                    case .valid(let options):
                        totals.valid += count
                        ballots.valid += Array(repeating: options, count: count)
                    }
                }
            }
        }
        remarks += strange.remarks(on: self)
        return ballots
    }

    /// Points P − i, five times as many for a ballot that is one whole category in the order of its ids.
    private mutating func countBordaMasMadrid(_ ballots: RetiredBallots) throws(CountingError) {
        let first = question.firstPoints ?? question.maximum
        var categories: [ExactText: [Int]] = [:]
        for answer in answers where !answer.category.string.isEmpty {
            categories[answer.category, default: []].append(answer.id)
        }
        let blocks = Set(categories.values)
        var positions = answers.map { _ in Array(repeating: 0, count: question.maximum) }
        var blockVotes = answers.map { _ in 0 }
        for ballot in ballots.valid {
            let isBlock = blocks.contains(ballot)
            for (place, id) in ballot.enumerated() {
                answers[id].total = try answers[id].total.adding(.whole((first - place) * (isBlock ? 5 : 1)))
                positions[id][place] += 1
                if isBlock { blockVotes[id] += 1 }
            }
        }
        for index in answers.indices {
            answers[index].votersByPosition = positions[index]
            answers[index].retired["voters_as_block_category"] = .integer(blockVotes[index])
        }
        setWinners(byPointsAndText(answers.indices), count: question.winnerCount)
    }

    /// Pairs, the winner first: (wins + 1) / (wins + losses + 2) for options that occur.
    private mutating func countPairwiseBeta(_ ballots: RetiredBallots) {
        var wins = answers.map { _ in 0 }
        var losses = answers.map { _ in 0 }
        for ballot in ballots.valid {
            for (place, id) in ballot.enumerated() {
                if place.isMultiple(of: 2) { wins[id] += 1 } else { losses[id] += 1 }
            }
        }
        var seen: Set<Int> = []
        let appearance = ballots.distinct.joined().filter { seen.insert($0).inserted }
        for index in answers.indices {
            let occurs = wins[index] + losses[index] > 0
            answers[index].total = .double(
                occurs ? Double(wins[index] + 1) / Double(wins[index] + losses[index] + 2) : 0)
        }
        setWinners(byPoints(appearance), count: question.winnerCount)
    }

    /// A list that is approved as a whole by 55 % goes first; else points by place.
    private mutating func countCup(_ ballots: RetiredBallots) throws(CountingError) {
        guard totals.valid > 0 else { throw .impossible(place: "cup", reason: "there is no valid ballot") }
        let preset = answers.indices.filter { index in
            let first = answers[index].json["urls"]?.asArray?.first
            return first?["url"] == "https://agoravoting.com/api/tag/preset"
        }
        let supporters = ballots.valid.count { $0.starts(with: preset) }
        let isApproved = 20 * supporters >= 11 * totals.valid
        for index in preset { answers[index].retired["preset_count"] = .integer(supporters) }
        var totals = answers.map { _ in 0 }
        var distinctVotes = answers.map { _ in 0 }
        func struck(_ ballot: [Int]) -> [Int] { isApproved ? ballot.filter { !preset.contains($0) } : ballot }
        for ballot in ballots.valid.map(struck) {
            let supports = !preset.isEmpty && ballot.starts(with: preset)
            for (place, id) in ballot.enumerated() {
                totals[id] += supports && preset.contains(id) ? 8 : ballot.count - place
            }
        }
        for ballot in ballots.distinct.map(struck) { for id in ballot { distinctVotes[id] += 1 } }
        for index in answers.indices {
            answers[index].total = .whole(isApproved && preset.contains(index) ? supporters : totals[index])
            answers[index].retired["total_votes"] = .integer(distinctVotes[index])
        }
        let first = isApproved ? preset : []
        setWinners(byPoints(answers.indices.filter { !first.contains($0) }), count: question.winnerCount - first.count)
        for index in answers.indices {
            if first.contains(index) {
                answers[index].winnerPosition = answers[index].id
            } else if let position = answers[index].winnerPosition {
                answers[index].winnerPosition = position + first.count
            }
        }
    }
}
