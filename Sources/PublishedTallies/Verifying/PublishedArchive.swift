// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorErrors
import TallyArchives

/// A file that somebody published as a tally, unpacked into a private folder and not believed in anything yet.
///
/// Either tally.tar.gz itself, or the outer archive that ballot boxes make, with one tally or more.
public final class PublishedArchive: Sendable {
    /// By number; one without a name if the file is tally.tar.gz itself.
    public let tallies: [UnverifiedTally]
    /// Whether results.json is among what was published.
    public let hasResults: Bool
    /// What the outer archive holds besides the tallies; nil if there is none.
    let outer: OuterFiles?
    /// Other files of the outer archive, which no check looks at.
    let ignoredFiles: [String]

    /// Unpacks a file.
    ///
    /// - Parameter scratch: where private folders are made; by default where temporary files belong. As much space is needed
    ///   as the tally has unpacked.
    /// - Throws: ``PublishedArchiveError``, or `ArchiveError` as an `OperatorError` if the archive is refused or the disk fails.
    public init(path: String, scratch: String? = nil) throws {
        let folder = try PrivateFolder(in: scratch)
        let digest = StreamDigest()
        let entries = try ArchiveReader.unpack(path, into: folder.path, observe: digest.append)
        let files = entries.filter { !$0.isDirectory }.map(\.name)
        if files.contains(TallyLayout.questions) {
            tallies = [UnverifiedTally(name: nil, digest: digest.digest(), folder: folder, entries: entries)]
            hasResults = false
            self.outer = nil
            ignoredFiles = []
            return
        }
        let numbers = files.compactMap(Self.number).sorted()
        guard !numbers.isEmpty else { throw PublishedArchiveError.noTally }
        tallies = try numbers.map { number in
            let inner = "\(folder.path)/\(number).tar.gz"
            let digest = StreamDigest()
            let tally = try PrivateFolder(in: scratch)
            let entries: [UnpackedEntry]
            do {
                entries = try ArchiveReader.unpack(inner, into: tally.path, observe: digest.append)
            } catch let error as any OperatorError {
                throw FoundIn(place: "\(number).tar.gz", error: error)
            }
            // Nothing looks at it any more, and it is as large as what was unpacked of it.
            unlink(inner)
            return UnverifiedTally(name: String(number), digest: digest.digest(), folder: tally, entries: entries)
        }
        hasResults = files.contains(TallyLayout.results)
        outer = OuterFiles(
            folder: folder, hasConfiguration: files.contains(TallyLayout.configuration),
            isSegmented: files.contains(TallyLayout.segmentation))
        let known: Set = [TallyLayout.results, TallyLayout.configuration, TallyLayout.segmentation]
        ignoredFiles = entries.map(\.name).filter { !known.contains($0) && Self.number($0) == nil }
    }

    /// The election's number that a name such as `8.tar.gz` states.
    private static func number(_ name: String) -> Int? {
        guard name.hasSuffix(".tar.gz"), let number = Int(name.dropLast(7)), number >= 0,
            "\(number).tar.gz" == name
        else { return nil }
        return number
    }
}

/// The files of an outer archive, unpacked.
struct OuterFiles: Sendable {
    let folder: PrivateFolder
    let hasConfiguration: Bool
    /// Whether it says how categories of voters are told apart.
    let isSegmented: Bool

    func file(_ name: String) -> URL { URL(fileURLWithPath: folder.path + "/" + name) }
}

/// One tally.tar.gz, unpacked.
public struct UnverifiedTally: Sendable {
    /// The number that the ballot box gave it in the outer archive: the election's id.
    public let name: String?
    /// SHA-256 of tally.tar.gz.
    public let digest: [UInt8]
    let folder: PrivateFolder
    let entries: [UnpackedEntry]

    /// The private folder with its files, which goes with the archive.
    package var path: String { folder.path }
}
