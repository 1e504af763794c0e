// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
package import Elections
import Synchronization

/// How far the director is with a tally, from the log that it writes on this machine: for the operator's eyes alone, nothing is
/// decided by it. A step that is not known here only makes the guess worse.
package final class TallyProgress: Sendable {
    private struct State: ~Copyable {
        var tail: LogTail
        var done = 0
    }

    private let state: Mutex<State>
    private let work: TallyWork

    /// Begins behind the last line of the log.
    ///
    /// - Returns: nil if the log cannot be read.
    package init?(logPath: String, election: ElectionIdentifier, work: TallyWork) {
        var tail = LogTail(path: logPath, filter: LogFilter(election: election.text))
        guard (try? tail.lastLines(0)) != nil else { return nil }
        state = Mutex(State(tail: tail))
        self.work = work
    }

    /// Reads on. Both numbers are shares of the whole work; 0 done until the first step is over.
    package func advance() -> (done: Int, total: Int) {
        let done = state.withLock { state in
            for line in state.tail.newLines() {
                guard let record = LogRecord(line: line), record.message == "done", let step = record.metadata["step"]
                else {
                    continue
                }
                state.done += work.weights[step] ?? 0
            }
            return state.done
        }
        return (min(done, work.total), work.total)
    }
}

/// The steps of a tally at the director, with the time that each takes in proportion.
package struct TallyWork: Sendable {
    /// By the names in the log. What is verified of another authority's shuffle counts the time in which that authority made it,
    /// because nobody can do anything else meanwhile.
    let weights: [String: Int]
    let total: Int

    /// - Parameter mixesItself: whether the director is one of the authorities that mix: the first ones by name.
    package init(questionCount: Int, authorityCount: Int, threshold: Int, mixesItself: Bool) {
        let weights = [
            "commit-permutation": 17, "verify-permutation": 3, "shuffle": 12, "verify-shuffle": 15, "decrypt": 14,
            "verify-decryption": 1,
            // One step for all questions.
            "review-ballots": 4 * questionCount, "build-tally": 22 * questionCount,
        ]
        self.weights = weights
        let others = mixesItself ? threshold - 1 : threshold
        let perQuestion = [
            "commit-permutation": mixesItself ? 1 : 0, "verify-permutation": others, "shuffle": mixesItself ? 1 : 0,
            "verify-shuffle": others, "decrypt": 1, "verify-decryption": authorityCount - 1,
        ]
        let once = ["review-ballots": 1, "build-tally": 1]
        func sum(_ counts: [String: Int]) -> Int { counts.reduce(0) { $0 + $1.value * (weights[$1.key] ?? 0) } }
        total = questionCount * sum(perQuestion) + sum(once)
    }
}
