// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
package import StrictJSON

/// Why something was not counted. Nothing is counted in part: whoever gets one of these has no result.
package indirect enum CountingError: Error, Equatable, Sendable {
    /// Where another one happened, from the outside: a configuration's file and pipe, a tally, a question.
    case at(String, CountingError)
    /// A sum beyond 64 bits or beyond doubles.
    case tooLarge
    /// More numbers than anybody could publish: results.json has one for each place of each answer.
    case tooManyPlaces
    /// More copies of questions than a result can hold.
    case tooManyCopies
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
    /// A tally has no list of plaintexts for a question.
    case noPlaintexts(tally: String, question: Int)
    /// A list of plaintexts that does not end with a line feed, to which another one is to be appended.
    case unfinishedLine(tally: String, question: Int)
    /// Ballots that were appended when they had been counted already.
    case appendedTooLate(place: String)
    /// Two tally sheets of one box that say the same, or one that two expressions fit, for one question.
    case sheetAgain(place: String, sheet: String, earlier: String)
    /// Tally sheets whose votes do_tallies, at `place`, took out of the result again.
    case sheetsDropped(place: String, sheet: String, count: Int)
    /// A question whose ballots cannot be told apart by categories of voters.
    case segmentation(question: Int, reason: String)
    /// The pipeline counts nothing.
    case noResult
    /// A pipe of the original would fail on these numbers.
    case impossible(place: String, reason: String)
}

extension CountingError: OperatorError {
    package var message: String {
        switch self {
        case .at(let place, let error): "\(place): \(error.message)"
        case .tooLarge: "a total is too large to be added"
        case .tooManyPlaces:
            "answers and max ask for more than \(CountableQuestion.placeLimit) places of answers in ballots"
        case .questions(let error): "questions_json: \(error.message)"
        case .shape(let error): error.message
        case .syntax(let error, let file): "\(file): \(error.message)"
        case .tooManyCopies: "more copies of questions are asked for than a result can hold"
        case .pipeline(let place, let reason): "\(quoted(place)) \(reason)"
        case .unknownPipe(let place, let type):
            "\(quoted(place)) is \(quoted(type)), a pipe that this version does not know"
        case .brokenPipe(let place, let type):
            "\(quoted(place)) is \(quoted(type)), which fails in the original too"
        case .version(let version): "\(quoted("version")) is \(quoted(version)), expected one from 10.0 to 10.2"
        case .changedCode(let place, let question):
            "\(quoted(place)) changes what the ballots of question \(question) mean"
        case .noPlaintexts(let tally, let question): "\(tally) has no plaintexts for question \(question)"
        case .unfinishedLine(let tally, let question):
            "the plaintexts of \(tally), question \(question) end in the middle of a line"
        case .segmentation(let question, let reason): "question \(question) of the segmented election \(reason)"
        case .appendedTooLate(let place):
            "\(quoted(place)) appends ballots behind do_tallies, so that nothing counts them"
        case .sheetAgain(let place, let sheet, let earlier):
            sheet == earlier
                ? "\(quoted(place)) counts \(quoted(sheet)) again, for the same question"
                : "\(quoted(place)) counts \(quoted(sheet)), which is \(quoted(earlier)) again, for the same question"
        case .sheetsDropped(let place, let sheet, let count):
            "\(quoted(place)) counts anew without the paper votes of \(count) tally sheet\(count == 1 ? "" : "s"), such as \(quoted(sheet))"
        case .noResult: "no pipe do_tallies has counted anything"
        case .impossible(let place, let reason): "\(quoted(place)) cannot run: \(reason)"
        }
    }

    package var hint: String? {
        switch self {
        case .at(_, let error): error.hint
        case .appendedTooLate: "put the pipe before do_tallies"
        case .sheetAgain: "count each sheet once a question; two boxes need two names"
        case .sheetsDropped: "put count_tally_sheets behind the last do_tallies"
        case .changedCode:
            "ballots are decoded with the question that the authorities published: remove the modification"
        default: nil
        }
    }
}
