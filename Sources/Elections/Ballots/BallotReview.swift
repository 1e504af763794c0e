// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import GroupArithmetic

/// The outcome of checking a votes file that was not refused: what is mixed, and what was left out.
///
/// Every line is in one of three classes (specification of the tally, 7.1, point 6): valid; dropped, as its numbers are
/// sound but a challenge or an equation is wrong; or a reason to refuse the whole file, which is an error and no review.
package struct BallotReview: Sendable {
    /// A ballot that stays in the published votes file but is mixed in no question.
    package struct Dropped: Sendable, Equatable {
        /// From 1.
        package let line: Int
        /// From 0; the first question whose proof is wrong.
        package let question: Int
        package let failure: PlaintextKnowledgeFailure

        package init(line: Int, question: Int, failure: PlaintextKnowledgeFailure) {
            self.line = line
            self.question = question
            self.failure = failure
        }

        package var message: String {
            switch failure {
            case .challenge: "line \(line), question \(question): the proof's challenge is not the hash of its numbers"
            case .equation: "line \(line), question \(question): the proof's equation does not hold"
            }
        }
    }

    package let lineCount: Int
    package let dropped: [Dropped]
    /// For each question the ciphertexts of all valid ballots, in the order of the file.
    package let ciphertexts: [CiphertextVector]

    package var validCount: Int { lineCount - dropped.count }

    /// Checks every line of a votes file.
    ///
    /// Lines are read by batches on all cores; what stays in memory is the ciphertexts.
    ///
    /// - Parameters:
    ///   - groups: one a question.
    ///   - random: unpredictable to whoever made the ballots.
    ///   - progress: called with the number of lines done, after each batch, on this thread.
    /// - Throws: ``VotesFileError`` with the first line that is a reason to refuse the file: the same at every authority.
    package init(
        of file: VotesFile, groups: [SafePrimeGroup], random: inout some RandomSource & ~Copyable,
        progress: (Int) -> Void = { _ in }
    ) throws(VotesFileError) {
        precondition(!groups.isEmpty, "an election without questions")
        // No ballot is as short as that: the file is refused there at the latest, and no memory is taken for what follows.
        let lineCount = min(file.firstLine(shorterThan: Self.leastByteCount * groups.count) + 1, file.lineCount)
        var columns = groups.map { CiphertextColumn(lineCount: lineCount, group: $0) }
        var firstLines: [Int] = []
        var dropped: [Dropped] = []
        var start = 0
        while start < lineCount {
            let range = start..<min(start + Self.batchCount, lineCount)
            let batch = ReadBatch(of: file, range, groups: groups)
            var fault = batch.fault
            for question in groups.indices {
                fault = Self.earlier(fault, columns[question].append(batch.ballots, question: question))
            }
            firstLines += batch.firstLines
            if let (line, reason) = Self.earlier(
                fault,
                fault.flatMap { fault in RepeatedAlphas.first(in: columns, lines: firstLines.prefix { $0 < fault.line })
                })
            {
                throw .refused(line: line + 1, reason)
            }
            dropped += Self.wrongProofs(in: batch, columns, random: &random)
            start = range.upperBound
            progress(start)
        }
        if let (line, reason) = RepeatedAlphas.first(in: columns, lines: firstLines[...]) {
            throw .refused(line: line + 1, reason)
        }
        self.lineCount = lineCount
        self.dropped = dropped
        let isDropped = Set(dropped.map { $0.line - 1 })
        let valid = isDropped.isEmpty ? nil : (0..<lineCount).filter { !isDropped.contains($0) }
        ciphertexts = columns.map { column in
            let all = column.ciphertexts
            return valid.map { all.selecting($0) } ?? all
        }
    }

    private static let batchCount = 4096

    /// Bytes of a choice and a proof, at least: fewer than the names of their keys and quotes take.
    private static let leastByteCount = 64

    private static func earlier(
        _ a: (line: Int, reason: BallotFault)?, _ b: (line: Int, reason: BallotFault)?
    ) -> (line: Int, reason: BallotFault)? {
        guard let a, let b else { return a ?? b }
        return b.line < a.line ? b : a
    }

    /// The ballots of a batch with a wrong proof, each once, by line.
    private static func wrongProofs(
        in batch: ReadBatch, _ columns: [CiphertextColumn], random: inout some RandomSource & ~Copyable
    ) -> [Dropped] {
        var found: [Int: Dropped] = [:]
        for (question, column) in columns.enumerated() {
            let failures = PlaintextKnowledgeProof.failures(
                of: batch.ballots.map { $0.proofs[question] }, for: column.lastBatch, random: &random)
            for (index, failure) in failures where found[index] == nil {
                found[index] = Dropped(line: batch.range.lowerBound + index + 1, question: question, failure: failure)
            }
        }
        return found.values.sorted { $0.line < $1.line }
    }
}
