// SPDX-License-Identifier: Apache-2.0

package import OperatorErrors
package import StrictJSON

/// Why a rehearsal could not go on, or what it found to be wrong. Text of others stands in quotes.
package enum RehearsalError: OperatorError, Equatable {
    // What was asked for
    case notInstalled(host: String)
    case noPeers
    case threshold(Int, authorities: Int)
    case voteList(path: String, reason: String)
    /// Questions of choices that no ballot can follow.
    case contradictions(path: String, [JSONShapeError])
    /// Nil: votes that stand in no file.
    case voteTooLarge(path: String?, index: Int, bits: Int)
    /// A question has ballots of so many bits; `room` is what its group takes.
    case questionTooLarge(path: String, question: Int, bits: Int, room: Int)
    /// Another number of questions was asked for than the file has.
    case questionCount(Int, path: String, found: Int)
    /// The questions of a file with choices are not those of the election.
    case otherQuestions(path: String, election: String)
    case noElection(id: String)
    /// A step needs what an earlier one makes.
    case missing(what: String, step: String, id: String)
    case damaged(file: String, reason: String)
    case busy(id: String)
    /// Bytes that a step writes, and that there are, where that folder lies.
    case diskSpace(path: String, needed: Int, free: Int)

    // The authorities
    case authorityNotRunning(name: String, reason: String, configuration: String)
    case peerNotReachable(name: String, reason: String)
    case notAnAuthority(name: String, status: Int)
    /// The authority's own words to a request.
    case refused(by: String, status: Int, words: String, hint: String?)
    /// An error callback.
    case failed(action: String, by: String, words: String)
    case noAnswer(from: String, to: String, seconds: Int, detail: String?)
    case malformedAnswer(from: String, reason: String)
    case port(Int, reason: String)

    // What was found to be wrong
    case sessions(found: Int, expected: Int)
    case sessionID(String, question: Int)
    case keyNotInNamedGroup(session: String)
    case keyOutsideGroup(session: String)
    case otherGroup(session: String, found: String, expected: String)
    case keysDiffer(session: String, one: String, other: String)
    case foreignTally(url: String)
    case tallyHash(expected: String, found: String)
    case notVerified(failures: [String])
    case otherVotes
    case otherQuestionsTallied
    case plaintexts(PlaintextDifference)
    case otherResult(question: Int, QuestionOutcome.Row)

    package var message: String {
        switch self {
        case .notInstalled(let host): "\(quoted(host)) is not installed"
        case .noPeers: "no other authority is installed"
        case .threshold(let threshold, let count): "threshold \(threshold), but there are \(count) authorities"
        case .voteList(let path, let reason): "the votes in \(quoted(path, limit: 300)) cannot be read: \(reason)"
        case .contradictions(let path, let refusals):
            "the questions in \(quoted(path, limit: 300)) contradict themselves: "
                + Self.list(refusals.map(\.message))
        case .voteTooLarge(let path, let index, let bits):
            "vote \(index)\(path.map { " in \(quoted($0, limit: 300))" } ?? "") is too large: the group takes integers of up to \(bits) bits"
        case .questionTooLarge(let path, let question, let bits, let room):
            "\"questions[\(question)]\" in \(quoted(path, limit: 300)) has ballots of up to \(bits) bits, the group takes \(room)"
        case .questionCount(let asked, let path, let found):
            "--questions \(asked), but \(quoted(path, limit: 300)) has \(found)"
        case .otherQuestions(let path, let election):
            "the questions in \(quoted(path, limit: 300)) are not those of election \(quoted(election))"
        case .noElection(let id): "there is no rehearsal of election \(quoted(id)) here"
        case .missing(let what, _, let id): "election \(quoted(id)) has no \(what) yet"
        case .damaged(let file, let reason): "the file \(quoted(file)) of this rehearsal cannot be used: \(reason)"
        case .busy(let id): "another eotest works on election \(quoted(id)) at the moment"
        case .diskSpace(let path, let needed, let free):
            "\(gigabytes(needed)) are needed in \(quoted(path, limit: 300)), \(gigabytes(free)) are free"
        case .authorityNotRunning(let name, let reason, _): "the authority \(name) cannot be reached: \(reason)"
        case .peerNotReachable(let name, let reason): "the peer \(name) cannot be reached: \(reason)"
        case .notAnAuthority(let name, let status):
            "\(name) is not an authority: it answered with HTTP status \(status)"
        case .refused(let name, let status, let words, _):
            "\(name) refused with HTTP status \(status): \(quoted(words, limit: 400))"
        case .failed(let action, let name, let words): "\(name) could not \(action): \(quoted(words, limit: 1000))"
        case .noAnswer(let name, let request, let seconds, let detail):
            "no answer from \(name) to \(request) in \(seconds) s" + (detail.map { "; \($0)" } ?? "")
        case .malformedAnswer(let name, let reason): "\(name) answered something else than was asked for: \(reason)"
        case .port(let port, let reason): "cannot listen on port \(port): \(reason)"
        default: finding
        }
    }

    private var finding: String {
        switch self {
        case .sessions(let found, let expected): "\(found) sessions were made for \(expected) questions"
        case .sessionID(let id, let question): "\(quoted(id)) is not the id of a session for question \(question)"
        case .keyNotInNamedGroup(let session): "the key of session \(quoted(session)) is in none of the named groups"
        case .keyOutsideGroup(let session): "the key of session \(quoted(session)) is 1 or not in its group"
        case .otherGroup(let session, let found, let expected):
            "the key of session \(quoted(session)) is in the group \(found), \(expected) was asked for"
        case .keysDiffer(let session, let one, let other):
            "\(one) and \(other) have published different keys of session \(quoted(session))"
        case .foreignTally(let url):
            "the tally's address \(quoted(url, limit: 200)) does not lead to the authority that was asked"
        case .tallyHash(let expected, let found): "the tally's hash is \(found), the authority said \(quoted(expected))"
        case .notVerified(let failures):
            "the tally is not valid: \(Self.list(failures))"
        case .otherVotes: "ciphertexts_json of the tally is not the votes file that was handed in"
        case .otherQuestionsTallied: "questions_json of the tally does not hold the questions that were asked for"
        case .plaintexts(let difference): difference.message
        case .otherResult(let question, let row):
            "question \(question): \(row.isAnswer ? quoted(row.name) : "\(row.name) ballots") \(row.isAnswer ? "has" : "are") \(row.found), expected \(row.expected) by what was chosen"
        default: "the rehearsal failed"
        }
    }

    /// The first few.
    private static func list(_ words: [String]) -> String {
        words.prefix(3).joined(separator: "; ") + (words.count > 3 ? "; and \(words.count - 3) more" : "")
    }

    package var hint: String? {
        switch self {
        case .notInstalled: "see who is: eopeers --list"
        case .noPeers: "install the package of another authority: eopeers --install FILE"
        case .diskSpace: "make room there, or set EOTEST_DATA_PATH to a larger disk"
        case .noElection: "begin with: eotest create"
        case .questionTooLarge: "take a larger group with --group, up to ffdhe4096, or split the question"
        case .otherQuestions: "create the election with the same --vfile"
        case .missing(_, let step, let id): "first: eotest \(step) \(id)"
        case .authorityNotRunning(_, _, let configuration): "start it: eorchestra serve --config \(configuration)"
        case .peerNotReachable: "have it started, or name the authorities to take: --peers HOST..."
        case .notAnAuthority: "name the authorities to take: --peers HOST..."
        case .refused(_, _, _, let hint): hint.map { quoted($0, limit: 200) }
        case .failed, .noAnswer: "see what the authority logged: eolog"
        case .port: "does another eotest run? EOTEST_PORT in the configuration is the port"
        default: nil
        }
    }

    package var exitCode: ExitStatus {
        switch self {
        case .authorityNotRunning, .peerNotReachable, .noAnswer: .unreachable
        case .threshold, .questionCount: .usage
        case .diskSpace: .disk
        default: .refused
        }
    }
}
