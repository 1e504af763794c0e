// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import GroupArithmetic

/// Checks a votes file batch by batch, and hands out what is mixed.
///
/// Every line is in one of three classes (specification of the tally, 7.1, point 6): valid; dropped, as its numbers are
/// sound but a challenge or an equation is wrong; or a reason to refuse the whole file, which is an error. Batches that were
/// handed out before it are worth nothing then.
///
/// Besides one batch there are 16 bytes of memory a ballot and question, and what is said of dropped ones.
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

    private let file: VotesFile
    private let groups: [SafePrimeGroup]
    private let contexts: [BallotContext]?
    private var places: [AlphaPlace] = []
    /// Lines that were handed out.
    package private(set) var reviewedCount = 0
    /// Of the lines that were handed out.
    package private(set) var dropped: [Dropped] = []

    /// - Parameters:
    ///   - groups: one a question.
    ///   - contexts: one a question, if the election requires bound proofs: then a ballot without a right one is a reason to refuse the
    ///     file, as other verifiers mix it and nothing may be left out that they do not leave out.
    package init(of file: VotesFile, groups: [SafePrimeGroup], bound contexts: [BallotContext]? = nil) {
        precondition(!groups.isEmpty, "an election without questions")
        precondition(contexts.map { $0.map(\.key.group) == groups } ?? true, "contexts of other questions")
        self.file = file
        self.groups = groups
        self.contexts = contexts
    }

    package var lineCount: Int { file.lineCount }
    package var validCount: Int { reviewedCount - dropped.count }

    /// Checks the next lines on all cores.
    ///
    /// - Parameter random: unpredictable to whoever made the ballots.
    /// - Returns: for each question the ciphertexts of the batch's valid ballots, in the order of the file; nil behind the last
    ///   line, when the file is found to be sound.
    /// - Throws: ``VotesFileError`` with the first line that is a reason to refuse the file: the same at every authority.
    package mutating func next(
        random: inout some RandomSource & ~Copyable
    ) throws(VotesFileError) -> [CiphertextVector]? {
        let start = reviewedCount
        guard start < lineCount else {
            try refuseRepetition(before: lineCount)
            return nil
        }
        let length = max(Self.leastLineCount, Self.batchCount / groups.count)
        let end = min(start + length, lineCount)
        file.prepare(end..<min(end + length, lineCount))
        let batch = ReadBatch(of: file, start..<end, groups: groups, contexts: contexts)
        places += batch.places
        var fault = batch.fault
        for (question, columns) in batch.columns.enumerated() {
            guard let (row, component) = columns.firstNonMember, start + row < fault?.line ?? lineCount else {
                continue
            }
            fault = (start + row, .notInGroup(question: question, component))
        }
        for (question, columns) in batch.columns.enumerated() where contexts != nil {
            let sound = columns.prefix((fault?.line ?? end) - start)
            if let row = sound.firstWrongBoundProof(random: &random) {
                fault = (start + row, .boundProof(question: question))
            }
        }
        if let (line, reason) = fault {
            try refuseRepetition(before: line)
            throw .refused(line: line + 1, reason)
        }
        return take(batch, random: &random)
    }

    /// Questions times ballots in a batch: 11 MB of numbers of 2048 bits.
    private static let batchCount = 8192
    private static let leastLineCount = 256

    private func refuseRepetition(before end: Int) throws(VotesFileError) {
        if let (line, reason) = RepeatedAlphas(file: file, groups: groups).first(among: places, before: end) {
            throw .refused(line: line + 1, reason)
        }
    }

    /// Checks the proofs of a batch, each wrong ballot named once.
    private mutating func take(
        _ batch: ReadBatch, random: inout some RandomSource & ~Copyable
    ) -> [CiphertextVector] {
        let all = batch.columns.map(\.ciphertexts)
        var found: [Int: Dropped] = [:]
        for (question, columns) in batch.columns.enumerated() {
            let failures = columns.proofs(wrongChallenges: batch.wrongChallenges[question])
                .failures(for: all[question].alphas, random: &random)
            for (row, failure) in failures where found[row] == nil {
                found[row] = Dropped(line: batch.range.lowerBound + row + 1, question: question, failure: failure)
            }
        }
        dropped += found.values.sorted { $0.line < $1.line }
        reviewedCount = batch.range.upperBound
        guard !found.isEmpty else { return all }
        let valid = (0..<batch.range.count).filter { found[$0] == nil }
        return all.map { $0.selecting(valid) }
    }
}
