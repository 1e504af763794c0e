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
        guard let outer, hasResults else { return }
        if options.skipsRecount {
            recorder.skip(.results, "not recounted, as asked")
            return
        }
        let published = try Data(contentsOf: outer.file(TallyLayout.results), options: .alwaysMapped)
        do {
            let result = try ElectionResult(counting: countedTallies(), by: configuration())
            if let difference = try result.difference(from: [UInt8](published)) {
                recorder.fail(.results, difference.message)
            } else {
                recorder.pass(.results, "recounted, \(counted(result.questions.count, "question"))")
            }
            for (index, question) in result.questions.enumerated() {
                for remark in question.remarks { recorder.report.remarks.append("question \(index): \(remark)") }
            }
        } catch let error as any OperatorError {
            recorder.leaveUnchecked(.results, "not recounted: \(error.message)")
        }
    }

    /// The tallies as counting takes them, in the order in which the original's verifier counts: by number.
    package func countedTallies() throws -> [CountedTally] {
        if ignoredFiles.contains(TallyLayout.segmentation) { throw UncountableTally.segmented }
        return try tallies.map { try $0.counted() }
    }

    /// config.json of an outer archive; the original's default if there is none.
    package func configuration() throws -> CountingConfiguration {
        guard let outer, outer.hasConfiguration else { return .standard }
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
    package func counted() throws -> CountedTally {
        let contents = TallyContents(self)
        guard let file = try contents.data(TallyLayout.questions) else { throw UncountableTally.noQuestions }
        let questions = try CountableQuestion.all(in: file)
        let lists = try questions.indices.map { index -> PlaintextList? in
            let sessions = contents.sessions.filter { $0.index == index }
            guard sessions.count <= 1 else { throw UncountableTally.twoSessions(question: index) }
            return try sessions.first.flatMap { try contents.data(TallyLayout.plaintexts, of: $0) }.map {
                PlaintextList($0)
            }
        }
        return CountedTally(questions: questions, plaintexts: lists)
    }
}

/// Why a tally is not counted though it was unpacked.
package enum UncountableTally: Error, Equatable, Sendable {
    case noQuestions
    case twoSessions(question: Int)
    /// Counted by categories of voters, which the original's verifier does not recount either (specification of counting, 4.5).
    case segmented
}

extension UncountableTally: OperatorError {
    package var message: String {
        switch self {
        case .noQuestions: "the tally has no questions_json"
        case .twoSessions(let question): "the tally has two sessions of question \(question)"
        case .segmented: "the election is segmented, which this version does not count"
        }
    }
}
