// SPDX-License-Identifier: Apache-2.0

package import Counting
import Elections
import Foundation
import OperatorErrors

extension PublishedArchive {
    /// results.json against a recount by the archive's own configuration (specification of counting, 3.5 and 4.4).
    ///
    /// What cannot be recounted is no success: whoever can do without says so.
    func checkResults(_ options: VerificationOptions, _ recorder: inout CheckRecorder) throws {
        guard let outer else { return }
        if options.skipsRecount {
            recorder.skip(.results, "not recounted, as asked")
            return
        }
        do {
            guard hasResults else { throw UncountableTally.noResults(instead: strayResults) }
            // First: that nothing can count again is no reason to look away from a damaged file.
            let file = try Data(contentsOf: outer.file(TallyLayout.results), options: .alwaysMapped)
            let published = try PublishedResults(parsing: [UInt8](file))
            guard let configuration = try configuration() else { throw UncountableTally.noConfiguration }
            let result = try ElectionResult(counting: countedTallies(), by: configuration)
            if let difference = result.difference(from: published) {
                recorder.fail(.results, difference.message)
            } else {
                recorder.pass(.results, "recounted, \(counted(result.questions.count, "question"))")
            }
            recorder.report.remarks += result.allRemarks
        } catch let error as DamagedResults {
            recorder.fail(.results, error.message)
        } catch let error as any OperatorError {
            recorder.leaveUnchecked(.results, "not recounted: \(error.message)")
        }
    }

    /// A file that somebody may take for the results, such as `8.results.json`.
    private var strayResults: String? { ignoredFiles.first { $0.hasSuffix(TallyLayout.results) } }

    /// The tallies as counting takes them, in the order in which the original's verifier counts: by number.
    ///
    /// - Parameter name: what messages call a tally; by default its number.
    package func countedTallies(named name: (UnverifiedTally) -> String? = { _ in nil }) throws -> [CountedTally] {
        let counted = try tallies.map { try $0.counted(named: name($0)) }
        guard let outer, outer.isSegmented else { return counted }
        guard let only = counted.first, counted.count == 1 else {
            throw UncountableTally.segmentedTallies(counted.count)
        }
        let file = try Data(contentsOf: outer.file(TallyLayout.segmentation), options: .alwaysMapped)
        return [try Segmentation(parsing: file).taken(apart: only)]
    }

    /// config.json of an outer archive; nil if there is none.
    package func configuration() throws -> CountingConfiguration? {
        guard let outer, outer.hasConfiguration else { return nil }
        return try CountingConfiguration(parsing: Data(contentsOf: outer.file(TallyLayout.configuration)))
    }
}

extension UnverifiedTally {
    /// The election's id as the first question's parameters state it; nil if there are none. Nothing is verified.
    package var electionName: String? {
        let contents = TallyContents(self)
        guard let session = contents.sessions.first,
            let data = try? contents.data(TallyLayout.protocolInfo, of: session)
        else { return nil }
        return (try? ProtocolInfo(parsing: [UInt8](data)))?.electionName
    }

    /// Its questions and plaintexts; nothing is verified.
    ///
    /// - Parameter place: what messages call the tally; by default its number.
    package func counted(named place: String? = nil) throws -> CountedTally {
        let place = place ?? name.map { "tally \($0)" } ?? "the tally"
        do {
            let contents = TallyContents(self)
            guard let file = try contents.data(TallyLayout.questions) else { throw UncountableTally.noQuestions }
            let questions = try CountableQuestion.all(in: file)
            // Ballots that lie where nobody looks would not be counted, and nobody would know.
            if let stranger = contents.strangers.first(where: { $0.hasSuffix("/" + TallyLayout.plaintexts) }) {
                throw UncountableTally.stray(stranger)
            }
            if let session = contents.sessions.first(where: { $0.index >= questions.count }) {
                throw UncountableTally.noQuestion(session: session.id, questions: questions.count)
            }
            let lists = try questions.indices.map { index -> PlaintextList? in
                let sessions = contents.sessions.filter { $0.index == index }
                guard sessions.count <= 1 else { throw UncountableTally.twoSessions(question: index) }
                return try sessions.first.flatMap { try contents.data(TallyLayout.plaintexts, of: $0) }.map {
                    PlaintextList($0)
                }
            }
            return CountedTally(name: place, questions: questions, plaintexts: lists)
        } catch let error as any OperatorError { throw FoundIn(place: place, error: error) }
    }
}

/// Why a tally is not counted though it was unpacked.
package enum UncountableTally: Error, Equatable, Sendable {
    case noQuestions
    case twoSessions(question: Int)
    /// Plaintexts of a question that questions_json does not have.
    case noQuestion(session: String, questions: Int)
    /// Plaintexts in a folder that is no session's.
    case stray(String)
    /// Categories of voters are told apart in one tally only (specification of counting, 4.5).
    case segmentedTallies(Int)
    case noResults(instead: String?)
    case noConfiguration
}

extension UncountableTally: OperatorError {
    package var message: String {
        switch self {
        case .noQuestions: "there is no questions_json"
        case .twoSessions(let question): "there are two sessions of question \(question)"
        case .noQuestion(let session, let questions):
            "the session \(quoted(session)) is of no question, as questions_json has \(counted(questions, "question"))"
        case .stray(let name): "\(quoted(name)) has no place in a tally"
        case .segmentedTallies(let count):
            "the archive has \(count) tallies and segmented_election_config.json, which is about one"
        case .noResults(let instead):
            "the archive has no results.json" + (instead.map { ", but \(quoted($0)), which nobody looks at" } ?? "")
        case .noConfiguration: "the archive has no config.json, which says how it was counted"
        }
    }
}
