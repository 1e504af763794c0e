// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
package import StrictJSON

/// Why something was not counted. Nothing is counted in part: whoever gets one of these has no result.
package enum CountingError: Error, Equatable, Sendable {
    /// A sum beyond 64 bits or beyond doubles.
    case tooLarge
    /// questions_json is not what it should be.
    case questions(JSONShapeError)
    /// The configuration is not what it should be, or makes questions that are not.
    case shape(JSONShapeError)
    case syntax(JSONSyntaxError, file: String)
    /// What a pipe of the configuration asks for; `place` such as `pipes[1].params.questions[0]`.
    case pipeline(place: String, reason: String)
    /// A pipe that nothing is known about, or that this version does not count.
    case unknownPipe(place: String, type: String)
    /// The original fails when it calls this pipe.
    case brokenPipe(place: String, type: String)
    case version(String)
    /// A modification after which the ballots would mean something else.
    case changedCode(place: String, question: Int)
    /// An election has no list of plaintexts for a question.
    case noPlaintexts(election: Int, question: Int)
    /// A list of plaintexts that does not end with a line feed, to which another one is to be appended.
    case unfinishedLine(election: Int, question: Int)
    /// The pipeline counts nothing.
    case noResult
    /// A pipe of the original would fail on these numbers.
    case impossible(place: String, reason: String)
}

extension CountingError: OperatorError {
    package var message: String {
        switch self {
        case .tooLarge: "a total is too large to be added"
        case .questions(let error): "questions_json: \(error.message)"
        case .shape(let error): error.message
        case .syntax(let error, let file): "\(file): \(error.message)"
        case .pipeline(let place, let reason): "the configuration's \(quoted(place)) \(reason)"
        case .unknownPipe(let place, let type):
            "the configuration's \(quoted(place)) is \(quoted(type)), a pipe that this version does not know"
        case .brokenPipe(let place, let type):
            "the configuration's \(quoted(place)) is \(quoted(type)), which fails in the original too"
        case .version(let version):
            "the configuration's version is \(quoted(version)), expected one from 10.0 to 10.2"
        case .changedCode(let place, let question):
            "the configuration's \(quoted(place)) changes what the ballots of question \(question) mean"
        case .noPlaintexts(let election, let question):
            "tally \(election) has no plaintexts for question \(question)"
        case .unfinishedLine(let election, let question):
            "the plaintexts of tally \(election), question \(question) end in the middle of a line"
        case .noResult: "the configuration counts nothing: no pipe do_tallies"
        case .impossible(let place, let reason): "the configuration's \(quoted(place)) cannot run: \(reason)"
        }
    }

    package var hint: String? {
        switch self {
        case .changedCode:
            "ballots are decoded with the question that the authorities published: remove the modification"
        default: nil
        }
    }
}
