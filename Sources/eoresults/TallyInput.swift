// SPDX-License-Identifier: Apache-2.0

import Counting
import Foundation
import OperatorErrors
import PublishedTallies
import TallyArchives

/// The tallies that are counted, unpacked, and what counts them.
struct TallyInput {
    private struct Tally {
        /// tally.tar.gz as it was given; nil for one of an outer archive.
        let path: String?
        let number: Int?
        let content: UnverifiedTally
    }

    let configuration: CountingConfiguration
    private let tallies: [Tally]
    private let counted: [CountedTally]
    private let givenID: Int?
    /// Keeps what was unpacked.
    private let archives: [PublishedArchive]

    init(paths: [String], pipeline: String?, electionID: Int?, scratch: String) throws {
        let archives = try paths.map { try PublishedArchive(path: $0, scratch: scratch) }
        self.archives = archives
        givenID = electionID
        let isOuter = archives.map { $0.tallies.contains { $0.name != nil } }
        if isOuter.contains(true), paths.count > 1 { throw ResultInputError.outerAmongOthers }
        counted = try archives.flatMap { try $0.countedTallies() }
        tallies = zip(paths, archives).flatMap { path, archive in
            archive.tallies.map { tally in
                Tally(
                    path: tally.name == nil ? path : nil,
                    number: tally.name.flatMap { Int($0) } ?? Self.folderNumber(of: path)
                        ?? tally.electionName.flatMap { Int($0) }, content: tally)
            }
        }
        if let pipeline {
            guard let data = FileManager.default.contents(atPath: pipeline) else {
                throw ResultInputError.noConfiguration(path: pipeline)
            }
            configuration = try CountingConfiguration(parsing: data)
        } else {
            configuration = try archives.first?.configuration() ?? .standard
        }
    }

    func count() throws -> ElectionResult { try ElectionResult(counting: counted, by: configuration) }

    var warnings: [String] {
        let numbers = tallies.compactMap(\.number)
        guard numbers.count == tallies.count, numbers != numbers.sorted() else { return [] }
        return [
            "verifiers count tallies by their numbers, which are \(numbers.map(String.init).joined(separator: ", ")) here"
        ]
    }

    /// The name of the outer archive; nil where what was given is one.
    func outerName() throws -> String? {
        guard tallies.allSatisfy({ $0.path != nil }) else { return nil }
        guard let number = givenID ?? tallies.first?.number else { throw ResultInputError.noNumber }
        return "\(number).tar"
    }

    /// The tallies as entries of the outer archive.
    func entries() throws -> [ArchiveEntry] {
        var numbers: Set<Int> = []
        return try tallies.map { tally in
            // A single tally is the election.
            guard let number = (tallies.count == 1 ? givenID : nil) ?? tally.number, let path = tally.path else {
                throw ResultInputError.noNumber
            }
            guard numbers.insert(number).inserted else { throw ResultInputError.sameNumber(number) }
            return ArchiveEntry(name: "\(number).tar.gz", content: .file(path: path))
        }
    }

    private static func folderNumber(of path: String) -> Int? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent
        guard let number = Int(folder), number >= 0, String(number) == folder else { return nil }
        return number
    }
}

enum ResultInputError: Error, Equatable {
    case outerAmongOthers
    case noConfiguration(path: String)
    case noNumber
    case sameNumber(Int)
}

extension ResultInputError: OperatorError {
    var message: String {
        switch self {
        case .outerAmongOthers: "the .tar of a ballot box holds all tallies of a result, and stands alone"
        case .noConfiguration(let path): "cannot read \(quoted(path))"
        case .noNumber: "a tally's election has no number"
        case .sameNumber(let number): "two tallies have the number \(number)"
        }
    }

    var hint: String? {
        switch self {
        case .noNumber, .sameNumber:
            "give --election-id, or put each tally into a folder that is named by its election's number"
        default: nil
        }
    }

    var exitCode: ExitStatus {
        switch self {
        case .noConfiguration: .disk
        default: .refused
        }
    }
}
