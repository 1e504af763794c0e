// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import StrictJSON
import TallyArchives
import TestSupport

/// Tallies with nothing but questions and plaintexts, as counting needs them, in folders that are named by numbers.
struct CountedTallies {
    let scratch: ScratchFolder
    let paths: [String]

    /// The elections of an entry of counting/results.json, numbered from 50 on.
    init(_ vector: JSONValue) throws {
        try self.init(
            (vector["elections"]?.asArray ?? []).map { election in
                (
                    election["questions"] ?? [],
                    (election["plaintexts"]?.asArray ?? []).map { list in
                        (list.asArray ?? []).compactMap(\.asString)
                    }
                )
            })
        _ = try scratch.write((vector["pipeline"] ?? .null).compact, to: "pipeline.json")
    }

    init(_ elections: [(questions: JSONValue, plaintexts: [[String]])]) throws {
        let scratch = try ScratchFolder()
        self.scratch = scratch
        paths = try elections.enumerated().map { index, election in
            let folder = scratch.path("\(50 + index)")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            var entries = [ArchiveEntry(name: "questions_json", content: .bytes(election.questions.indentedBytes))]
            for (question, list) in election.plaintexts.enumerated() {
                let session = "\(question)-00000000-0000-0000-0000-000000000000"
                entries.append(ArchiveEntry(name: session, content: .directory))
                let text = list.map { "\"\($0)\"\n" }.joined()
                entries.append(ArchiveEntry(name: "\(session)/plaintexts_json", content: .bytes(Array(text.utf8))))
            }
            try DeterministicArchive.write(entries, to: "\(folder)/tally.tar.gz")
            return "\(folder)/tally.tar.gz"
        }
    }

    func run(_ arguments: String...) async throws -> BuiltTool.Ended { try await run(arguments: arguments) }

    func run(arguments: [String]) async throws -> BuiltTool.Ended {
        defer { withExtendedLifetime(scratch) {} }
        return try await BuiltTool("eoresults").run(paths + arguments)
    }

    func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: scratch.path(name)))) }

    static func vector(_ name: String) throws -> JSONValue {
        let url = packageFolder.appendingPathComponent("Tests/Vectors/counting/results.json")
        let all = try JSONValue(parsing: try Data(contentsOf: url)).asArray ?? []
        guard let found = all.first(where: { $0["name"]?.asString == name }) else { throw CocoaError(.fileNoSuchFile) }
        return found
    }
}
