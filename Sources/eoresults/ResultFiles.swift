// SPDX-License-Identifier: Apache-2.0

import Counting
import Foundation
import OperatorErrors
import TallyArchives

/// What `--output` writes. Each file appears whole or not at all.
struct ResultFiles {
    let result: ElectionResult
    let input: TallyInput
    let title: String?

    /// - Returns: the files' names.
    func write(into folder: String) throws -> [String] {
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw FolderNotMade(path: folder)
        }
        let outer = try input.outerName()
        let results = result.file()
        let page = ResultPage(result, title: title, outer: outer)
        var files: [(String, [UInt8])] = [
            ("results.json", results), ("results.csv", Array(result.csv.utf8)),
            ("results.txt", Array(result.pretty.utf8)), ("results.html", page.bytes),
        ]
        // Checked before anything is written.
        let tallies = try outer.map { _ in try input.entries() }
        files.sort { $0.0 < $1.0 }
        for (name, bytes) in files { try ArchiveFile.write(bytes, to: "\(folder)/\(name)") }
        var names = files.map(\.0)
        if let outer, let tallies {
            let own = [
                ArchiveEntry(name: "results.json", content: .bytes(results)),
                ArchiveEntry(name: "config.json", content: .bytes(input.configuration.file)),
            ]
            try DeterministicArchive.writeUncompressed(own + tallies, to: "\(folder)/\(outer)")
            names.append(outer)
        }
        return names
    }

    /// Archives that lay in the folder before and that readers would take for this result's.
    func archivesOfOthers(in folder: String, written: [String]) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { name in
            name.hasSuffix(".tar") && Int(name.dropLast(4)) != nil && !written.contains(name)
                && !input.isGiven("\(folder)/\(name)")
        }.map { "\(folder)/\($0)" }
    }
}

private struct FolderNotMade: OperatorError {
    let path: String

    var message: String { "cannot make the folder \(quoted(path))" }
    var exitCode: ExitStatus { .disk }
}
