// SPDX-License-Identifier: Apache-2.0

/// The tally of an election as counting takes it.
package struct CountedTally: Sendable {
    /// What messages call it, such as `tally 50`.
    package let name: String
    package let questions: [CountableQuestion]
    /// One for each question; nil where the tally has none.
    package let plaintexts: [PlaintextList?]

    /// - Precondition: as many lists as questions.
    package init(name: String = "the tally", questions: [CountableQuestion], plaintexts: [PlaintextList?]) {
        precondition(questions.count == plaintexts.count, "\(plaintexts.count) lists for \(questions.count) questions")
        self.name = name
        self.questions = questions
        self.plaintexts = plaintexts
    }
}

extension ElectionResult {
    /// Counts one or more tallies; the result is that of the first.
    package init(
        counting tallies: [CountedTally], by configuration: CountingConfiguration = .standard
    ) throws(CountingError) {
        var count = try ElectionCount(tallies)
        for named in configuration.pipes {
            do { try named.pipe.run(&count) } catch { throw .at(configuration.name, .at(named.name, error)) }
        }
        do { self = try count.result() } catch { throw .at(configuration.name, error) }
    }
}

/// What the pipes of a configuration work on.
struct ElectionCount {
    struct Question {
        /// As the authorities published it: what ballots were encoded with.
        let code: BallotCode
        /// With the configuration's modifications.
        var current: CountableQuestion
        var plaintexts: PlaintextList?
        /// Whose ballots `plaintexts` holds.
        var sources: Set<BallotSource>
        /// Whether do_tallies counted them.
        var isCounted = false
        /// What was changed since then, in its order.
        var lateChanges: [LateChange] = []
    }

    struct Election {
        let name: String
        /// What pipes call it; nil before the first one that asks.
        var id: Int?
        var questions: [Question]
        var withdrawn: [AnswerReference] = []
        var removed: [AnswerReference] = []
        var result: ElectionResult?
        /// Paper that was in the result until do_tallies counted anew; sheets that are added again are in the result.
        var droppedPapers: [CountedPaper: DroppedPaper] = [:]
        /// The do_tallies that set total_votes anew while questions kept their paper.
        var totalWithoutPapers: String?

        /// Ids of the answers of a question that were taken out.
        func withdrawnIDs(ofQuestion index: Int) -> Set<Int> {
            Set(withdrawn.filter { $0.question == index }.map(\.id))
        }
    }

    /// What stands behind do_tallies though it changes what do_tallies counts; the place in the configuration.
    enum LateChange {
        case ballots(String)
        case question(String)
    }

    var elections: [Election]
    /// What copies of questions take as JSON, which results.json holds again.
    private var copiedByteCount = 0
    /// The lists that were given and are not empty.
    private let given: [(source: BallotSource, tally: String)]

    init(_ tallies: [CountedTally]) throws(CountingError) {
        var given: [(source: BallotSource, tally: String)] = []
        elections = tallies.enumerated().map { tallyIndex, tally in
            Election(
                name: tally.name,
                questions: zip(tally.questions, tally.plaintexts).enumerated().map { index, pair in
                    let (question, plaintexts) = pair
                    let source = BallotSource(tally: tallyIndex, question: index)
                    if let plaintexts, plaintexts.byteCount > 0 { given.append((source, tally.name)) }
                    return Question(
                        code: BallotCode(question), current: question, plaintexts: plaintexts, sources: [source])
                })
        }
        self.given = given
        try requireRoom()
    }

    /// Refuses questions whose results nobody could hold in memory.
    func requireRoom() throws(CountingError) {
        let places = elections.flatMap(\.questions).reduce(0) { $0 + $1.current.placeCount }
        guard places <= CountableQuestion.placeLimit else { throw .tooManyPlaces }
    }

    /// Refuses copies of questions that nobody could hold in memory.
    mutating func makeRoom(forCopiesOf question: CountableQuestion, count: Int) throws(CountingError) {
        let (size, overflow) = question.json.byteCount.multipliedReportingOverflow(by: count)
        guard !overflow, size <= Self.copyLimit - copiedByteCount else { throw .tooManyCopies }
        copiedByteCount += size
    }

    /// As much as questions_json itself may have.
    static let copyLimit = 64 << 20

    /// The result of the first election, which every pipe behind do_tallies changes.
    mutating func changeResult(
        of election: Int = 0, _ body: (inout ElectionResult) throws(CountingError) -> Void
    ) throws(CountingError) {
        guard elections.indices.contains(election), var result = elections[election].result else { throw .noResult }
        try body(&result)
        elections[election].result = result
    }

    /// What is published, with what its readers should know: nothing that was given stays out without a word.
    func result() throws(CountingError) -> ElectionResult {
        guard let election = elections.first, var result = election.result else { throw .noResult }
        result.tally = election.name
        for change in election.questions.flatMap(\.lateChanges) {
            switch change {
            case .ballots(let place): throw .appendedTooLate(place: place)
            case .question(let place):
                result.remarks.append("\(place) of the configuration stands behind do_tallies and changes no count")
            }
        }
        let dropped = election.droppedPapers.filter { paper, _ in
            !(result.questions.indices.contains(paper.question)
                && result.questions[paper.question].papers.contains(paper))
        }
        if let first = dropped.values.min(by: { $0.sheet < $1.sheet }) {
            throw .sheetsDropped(place: first.place, sheet: first.sheet, count: dropped.count)
        }
        if let place = election.totalWithoutPapers {
            result.remarks.append("\(place) of the configuration sets total_votes without the tally sheets before it")
        }
        for other in elections.dropFirst() {
            guard let papers = other.result?.questions.map(\.papers), papers.contains(where: { !$0.isEmpty }) else {
                continue
            }
            result.remarks.append("\(other.name): tally sheets were added to it, and are not in the result")
        }
        let counted = election.questions.filter(\.isCounted).reduce(into: Set()) { $0.formUnion($1.sources) }
        for (source, tally) in given where !counted.contains(source) {
            result.remarks.append("\(tally): its ballots of question \(source.question) are not in the result")
        }
        for index in result.questions.indices {
            if let remark = result.questions[index].remarkOnWinners { result.questions[index].remarks.append(remark) }
        }
        return result
    }
}

/// A tally sheet's place, and that of the do_tallies that stands behind it.
struct DroppedPaper: Sendable {
    let sheet: String
    let place: String
}

/// One question's ballots of one of the tallies that were given, from 0.
struct BallotSource: Hashable {
    let tally: Int
    let question: Int
}

/// An answer as configurations name it.
struct AnswerReference: Sendable, Equatable {
    let question: Int
    let id: Int
    let text: ExactText
}
