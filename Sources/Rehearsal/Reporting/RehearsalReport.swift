// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost

/// The parts of a rehearsal whose time is told.
package enum RehearsalStep: String, Sendable, CaseIterable {
    case create
    case compareKeys = "compare keys"
    case encrypt
    case tally
    case download
    case verify
    case comparePlaintexts = "compare plaintexts"
}

/// A step that went well.
package struct StepReport: Sendable, Equatable, Encodable {
    package let step: String
    /// To the millisecond.
    package let seconds: Double
    /// Nil where the step is not about votes.
    package let msPerVote: Double?
    /// Of eotest itself, all cores together, to the millisecond.
    package let cpuSeconds: Double
    /// The most anonymous memory that eotest held, in bytes.
    package let peakBytes: Int
    /// What came out of it, on one line.
    package let detail: String

    package init(step: RehearsalStep, time: Duration, votes: Int?, use: MeasuredUse, detail: String) {
        let milliseconds = time / .milliseconds(1)
        self.step = step.rawValue
        seconds = milliseconds.rounded() / 1000
        msPerVote = votes.map { (milliseconds / Double($0) * 1000).rounded() / 1000 }
        cpuSeconds = thousandths(use.cpuSeconds)
        peakBytes = use.peakBytes
        self.detail = detail
    }

    enum CodingKeys: String, CodingKey {
        case step, seconds, detail
        case msPerVote = "ms_per_vote"
        case cpuSeconds = "cpu_seconds"
        case peakBytes = "peak_memory_bytes"
    }
}

/// What `--json` prints: everything that a rehearsal was about and how it ended.
package struct RehearsalReport: Sendable, Equatable, Encodable {
    package struct Facts: Sendable, Equatable {
        package var election: String?
        package var authorities: [String]?
        package var threshold: Int?
        package var questions: Int?
        package var group: String?
        package var votes: Int?
        package var votesHash: String?
        package var tally: String?
        package var tallyHash: String?
        /// The result beside what was expected, a question each.
        package var results: [QuestionOutcome]?
        /// What the election took at each authority that said so.
        package var costs: [AuthorityCosts]?

        package init() {}
    }

    package let command: String
    package let facts: Facts
    package let steps: [StepReport]
    package let totalSeconds: Double
    /// Nil if everything held.
    package let error: String?

    package init(command: String, facts: Facts, steps: [StepReport], time: Duration, error: String?) {
        self.command = command
        self.facts = facts
        self.steps = steps
        totalSeconds = (time / .milliseconds(1)).rounded() / 1000
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case command, ok, error, authorities, threshold, questions, group, votes, tally, results, steps, measured
        case election = "election_id"
        case votesHash = "votes_hash"
        case tallyHash = "tally_hash"
        case totalSeconds = "total_seconds"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(command, forKey: .command)
        try members.encode(error == nil, forKey: .ok)
        try members.encodeIfPresent(error, forKey: .error)
        // As the client gave it: eotest's own ids are numbers.
        if let election = facts.election {
            if let number = Int(election) {
                try members.encode(number, forKey: .election)
            } else {
                try members.encode(election, forKey: .election)
            }
        }
        try members.encodeIfPresent(facts.authorities, forKey: .authorities)
        try members.encodeIfPresent(facts.threshold, forKey: .threshold)
        try members.encodeIfPresent(facts.questions, forKey: .questions)
        try members.encodeIfPresent(facts.group, forKey: .group)
        try members.encodeIfPresent(facts.votes, forKey: .votes)
        try members.encodeIfPresent(facts.votesHash, forKey: .votesHash)
        try members.encodeIfPresent(facts.tally, forKey: .tally)
        try members.encodeIfPresent(facts.tallyHash, forKey: .tallyHash)
        try members.encodeIfPresent(facts.results, forKey: .results)
        try members.encode(steps, forKey: .steps)
        try members.encodeIfPresent(facts.costs, forKey: .measured)
        try members.encode(totalSeconds, forKey: .totalSeconds)
    }
}
