// SPDX-License-Identifier: Apache-2.0

extension CountedQuestion {
    /// The ballots of a question in words.
    package var totalsText: String {
        "\(totals.all) \(totals.all == 1 ? "ballot" : "ballots"): \(totals.valid) valid, \(totals.blank) blank, \(totals.null) null"
    }

    /// What the winners do not show, once all pipes are done: that votes did not decide.
    var remarkOnWinners: String? {
        totals.valid == 0 && !winners.isEmpty
            ? "there is no valid ballot: the rule for ties says who wins" : tieAtLastSeat
    }

    /// Whether the last seat went by the rule for ties, because more answers have as many points as its winner.
    private var tieAtLastSeat: String? {
        guard let last = winners.last else { return nil }
        let others = answers.filter {
            $0.winnerPosition == nil && $0.role != .invalidVoteFlag && $0.isWithdrawn != true
        }
        // Where seats do not go by points alone, points say nothing.
        let goByPoints = winners.allSatisfy { $0.total >= last.total } && others.allSatisfy { $0.total <= last.total }
        guard goByPoints, others.contains(where: { $0.total == last.total }) else { return nil }
        return
            "another answer has as many \(unit) as the last winner, \(Self.text(of: last.total)): the rule for ties gave the seat"
    }

    /// A row for each answer, winners first: place, name, total, share.
    ///
    /// - Parameters:
    ///   - name: how a foreign text is made safe where the rows go.
    ///   - number: how a total is written there.
    package func rows(name: (String) -> String, number: (Points) -> String = text(of:)) -> [[String]] {
        answersForReading.map { answer in
            [
                answer.winnerPosition.map { "\($0 + 1)." } ?? "",
                name(answer.text) + answer.marks.map { " (\($0))" }.joined(), number(answer.total),
                share(of: answer) + " %",
            ]
        }
    }

    package func share(of answer: CountedAnswer) -> String {
        twoPlaces(Self.percent(answer.total.asDouble, of: percentageBase))
    }

    /// A whole number as it is, a fraction to the hundredth.
    package static func text(of points: Points) -> String {
        switch points {
        case .whole(let number): String(number)
        case .double(let number): twoPlaces(number)
        }
    }
}

extension CountedAnswer {
    /// What sets it apart from the others, for people.
    package var marks: [String] {
        var marks: [String] = []
        switch role {
        case .ordinary: break
        case .writtenName: marks.append("written in")
        case .invalidVoteFlag: marks.append("marks a ballot as invalid")
        }
        if isWithdrawn == true { marks.append("withdrawn") }
        return marks
    }
}
