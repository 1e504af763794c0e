// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic
import Synchronization

/// Some consecutive lines of a votes file, read and taken apart on all cores.
struct ReadBatch {
    /// Lines from 0.
    let range: Range<Int>
    /// One a question; a row for each line in front of the first fault.
    let columns: [QuestionColumns]
    /// For each question the rows whose challenge is wrong.
    let wrongChallenges: [[Int]]
    /// Where the alphas stand, in the order of the lines, of those lines that are not a further vote of the weighted ballot
    /// in front of them.
    let places: [AlphaPlace]
    let fault: (line: Int, reason: BallotFault)?

    /// - Parameter contexts: one a question, if the ballots have to have bound proofs.
    init(of file: VotesFile, _ range: Range<Int>, groups: [SafePrimeGroup], contexts: [BallotContext]?) {
        let columns = groups.enumerated().map { question, group in
            QuestionColumns(count: range.count, in: group, context: contexts?[question])
        }
        let found = Mutex<[Chunk]>([])
        inParallelChunks(of: range.count, minimum: 64) { rows in
            let chunk = Chunk(of: file, rows, from: range.lowerBound, columns)
            found.withLock { $0.append(chunk) }
        }
        var (wrong, places): ([(row: Int, question: Int)], [AlphaPlace]) = ([], [])
        var fault: (line: Int, reason: BallotFault)?
        for chunk in found.withLock({ $0 }).sorted(by: { $0.rows.lowerBound < $1.rows.lowerBound }) where fault == nil {
            wrong += chunk.wrongChallenges
            places += chunk.places
            fault = chunk.fault
        }
        self.range = range
        self.columns = fault.map { fault in columns.map { $0.prefix(fault.line - range.lowerBound) } } ?? columns
        wrongChallenges = groups.indices.map { question in wrong.filter { $0.question == question }.map(\.row) }
        self.places = places
        self.fault = fault
    }
}

/// What one core read.
private struct Chunk: Sendable {
    let rows: Range<Int>
    private(set) var wrongChallenges: [(row: Int, question: Int)] = []
    private(set) var places: [AlphaPlace] = []
    private(set) var fault: (line: Int, reason: BallotFault)?

    init(of file: VotesFile, _ rows: Range<Int>, from start: Int, _ columns: [QuestionColumns]) {
        self.rows = rows
        places.reserveCapacity(rows.count * columns.count)
        var scanner = LineScanner(form: file.form ?? .bare, questionCount: columns.count)
        var hash = ChallengeHash()
        for row in rows where !scan(row, line: start + row, file, columns, &scanner, &hash) {
            do throws(BallotFault) {
                try read(row, line: start + row, file, columns)
            } catch {
                fault = (start + row, error)
                return
            }
        }
    }

    /// Reads a line as nearly all are written. If it is written in another way, nothing has happened.
    private mutating func scan(
        _ row: Int, line: Int, _ file: VotesFile, _ columns: [QuestionColumns], _ scanner: inout LineScanner,
        _ hash: inout ChallengeHash
    ) -> Bool {
        guard file.byteCount(ofLine: line) <= VotesFile.lineByteLimit else { return false }
        let (wrongCount, placeCount) = (wrongChallenges.count, places.count)
        let isRead =
            file.withRawLine(line) { bytes in
                scanner.scan(bytes) { text, questions, voter in
                    for (question, numbers) in questions.enumerated() {
                        guard let isRight = columns[question].read(text, numbers, voter: voter, row: row, &hash) else {
                            return nil
                        }
                        if !isRight { wrongChallenges.append((row, question)) }
                        let alpha = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[numbers.alpha])
                        places.append(AlphaPlace(digits: alpha, line: line, question: question))
                    }
                    return true
                }
            } ?? false
        if !isRead {
            wrongChallenges.removeSubrange(wrongCount...)
            places.removeSubrange(placeCount...)
        }
        return isRead
    }

    /// Reads a line however it is written, or says what is wrong with it.
    private mutating func read(
        _ row: Int, line index: Int, _ file: VotesFile, _ columns: [QuestionColumns]
    ) throws(BallotFault) {
        let line = try file.line(index)
        let isFurtherVote = line.voter.map { $0.index != 1 } ?? false
        if let voter = line.voter, isFurtherVote {
            guard index > 0, let previous = try? file.line(index - 1), line.continues(previous) else {
                throw .voterID(
                    "weight index \(voter.index) does not follow the same ballot with index \(voter.index - 1)")
            }
            if row > rows.lowerBound { return repeatRow(row, columns) }
        }
        let isBound = columns.contains(where: \.takesBoundProofs)
        if isBound, line.voter == nil { throw .voterID("bound proofs are of a voter, and the line names none") }
        let ballot = try Ballot(parsing: line.ballot, groups: columns.map(\.group), bound: isBound)
        for (question, column) in columns.enumerated() {
            if !column.set(ballot, question: question, voter: line.voter, row: row) {
                wrongChallenges.append((row, question))
            }
            if !isFurtherVote {
                let place = Array(ballot.choices[question].alpha.decimal.utf8).withUnsafeBytes {
                    AlphaPlace(digits: $0, line: index, question: question)
                }
                places.append(place)
            }
        }
    }

    /// A further vote of a weighted ballot has the numbers of the row in front of it.
    private mutating func repeatRow(_ row: Int, _ columns: [QuestionColumns]) {
        for column in columns { column.copy(from: row - 1, to: row) }
        wrongChallenges += wrongChallenges.reversed().prefix { $0.row == row - 1 }.reversed().map { (row, $0.question) }
    }
}
