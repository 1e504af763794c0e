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

        /// What messages call it.
        var name: String { path.map { quoted($0, limit: 300) } ?? "tally \(content.name ?? "without a number")" }
    }

    let configuration: CountingConfiguration
    private let tallies: [Tally]
    private let counted: [CountedTally]
    private let paths: [String]
    private let givenID: Int?
    /// Keeps what was unpacked.
    private let archives: [PublishedArchive]
    private var ownWarnings: [String] = []

    init(paths: [String], pipeline: String?, electionID: Int?, scratch: String) throws {
        let archives = try paths.map { path in
            do { return try PublishedArchive(path: path, scratch: scratch) } catch let error as any OperatorError {
                throw FoundIn(place: quoted(path, limit: 300), error: error)
            }
        }
        self.archives = archives
        self.paths = paths
        givenID = electionID
        let isOuter = archives.map { $0.tallies.contains { $0.name != nil } }
        if isOuter.contains(true), paths.count > 1 { throw ResultInputError.outerAmongOthers }
        tallies = zip(paths, archives).flatMap { path, archive in
            archive.tallies.map { tally in
                Tally(
                    path: tally.name == nil ? path : nil,
                    number: tally.name.flatMap { Int($0) } ?? Self.folderNumber(of: path)
                        ?? tally.electionName.flatMap { Int($0) }, content: tally)
            }
        }
        try Self.requireDistinct(tallies)
        counted = try zip(paths, archives).flatMap { path, archive in
            try archive.countedTallies { $0.name == nil ? quoted(path, limit: 300) : nil }
        }
        let own = try archives.first?.configuration()
        if let pipeline {
            guard let data = FileManager.default.contents(atPath: pipeline) else {
                throw ResultInputError.noConfiguration(path: pipeline)
            }
            configuration = try CountingConfiguration(parsing: data, name: quoted(pipeline, limit: 300))
            if own != nil {
                ownWarnings.append(
                    "counted by \(quoted(pipeline, limit: 300)) instead of the archive's own config.json")
            }
        } else {
            // do_tallies counts each tally for itself, and only the first one's result is shown.
            guard own != nil || tallies.count == 1 else { throw ResultInputError.notJoined(tallies.count) }
            configuration = own ?? .standard
            if own == nil, isOuter.contains(true) {
                ownWarnings.append("the archive has no config.json: counted by do_tallies and sort_non_iterative")
            }
        }
    }

    /// The result, with what is to be said of the input among its remarks.
    func count() throws -> ElectionResult {
        var result = try ElectionResult(counting: counted, by: configuration)
        result.remarks.insert(contentsOf: warnings, at: 0)
        return result
    }

    private var warnings: [String] {
        let numbers = tallies.compactMap(\.number)
        guard numbers.count == tallies.count, numbers != numbers.sorted() else { return ownWarnings }
        return ownWarnings + [
            "verifiers count tallies by their numbers, which are \(numbers.map(String.init).joined(separator: ", ")) here"
        ]
    }

    /// Whether a file is one of those that are counted.
    func isGiven(_ path: String) -> Bool {
        func file(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        return paths.contains { file($0) == file(path) }
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

    /// Refuses a file that is given twice, and two tallies of one election: joined, voters would count twice.
    private static func requireDistinct(_ tallies: [Tally]) throws(ResultInputError) {
        for (index, tally) in tallies.enumerated() {
            for other in tallies[..<index] {
                if tally.content.digest == other.content.digest {
                    throw .sameTally(other.name, tally.name)
                }
                if let election = tally.content.electionName, election == other.content.electionName {
                    throw .sameElection(other.name, tally.name, election: election)
                }
            }
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
    /// Several tallies, and nothing that says how their ballots come together.
    case notJoined(Int)
    /// Names that are safe to print.
    case sameTally(String, String)
    case sameElection(String, String, election: String)
}

extension ResultInputError: OperatorError {
    var message: String {
        switch self {
        case .outerAmongOthers: "the .tar of a ballot box holds all tallies of a result, and stands alone"
        case .noConfiguration(let path): "cannot read \(quoted(path))"
        case .noNumber: "a tally's election has no number"
        case .sameNumber(let number): "two tallies have the number \(number)"
        case .notJoined(let count): "\(count) tallies and no configuration that joins them: only the first would count"
        case .sameTally(let first, let second): "\(first) and \(second) are the same tally"
        case .sameElection(let first, let second, let election):
            "\(first) and \(second) are tallies of one election, \(quoted(election))"
        }
    }

    var hint: String? {
        switch self {
        case .noNumber, .sameNumber:
            "give --election-id, or put each tally into a folder that is named by its election's number"
        case .notJoined:
            "give --pipeline config.json with a pipe multipart_tally_plaintexts_append_joiner before do_tallies, or count each alone"
        case .sameTally, .sameElection: "give each election's tally once"
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
