// SPDX-License-Identifier: Apache-2.0

import Foundation
import PublishedTallies
import TallyArchives
import TestSupport
import Testing

/// The outer archive around the tally of 8.tar, with other results and another configuration.
@Suite("Results are counted again", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
struct RecountTests {
    private let folder: PrivateFolder
    private let scratch: ScratchDirectory

    init() throws {
        folder = try PrivateFolder()
        scratch = try ScratchDirectory()
        _ = try ArchiveReader.unpack(
            SharedVectors.folder.appendingPathComponent("sequent/8.tar").path, into: folder.path)
    }

    private func file(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }

    /// What the check of the results says.
    private func outcome(
        results: String? = nil, configuration: String? = nil, strangers: [String] = [], more: [(String, String)] = [],
        without: String? = nil,
        options: VerificationOptions = VerificationOptions()
    ) throws -> VerificationCheck.Outcome? {
        let path = scratch.file("outer.tar.gz").path
        let own = [
            ArchiveEntry(name: "results.json", content: .bytes(Array(try (results ?? file("results.json")).utf8))),
            ArchiveEntry(
                name: "config.json", content: .bytes(Array(try (configuration ?? file("config.json")).utf8))),
        ]
        try DeterministicArchive.write(
            own.filter { $0.name != without }
                + strangers.map { ArchiveEntry(name: $0, content: .bytes([0x7b, 0x7d])) }
                + more.map { ArchiveEntry(name: $0.0, content: .bytes(Array($0.1.utf8))) } + [
                    ArchiveEntry(name: "8.tar.gz", content: .file(path: folder.path + "/8.tar.gz"))
                ], to: path)
        let report = try PublishedArchive(path: path).verify(options: options)
        for stranger in strangers { #expect(report.remarks.contains("not looked at: \"\(stranger)\"")) }
        let check = try #require(report.checks.first { $0.name == .results })
        #expect(report.isAccepted == !check.hasFailed)
        return check.outcome
    }

    @Test("a changed total, winner or sum is named")
    func changed() throws {
        let good = try file("results.json")
        for (old, new, difference) in [
            (
                #""total_count": 1"#, #""total_count": 2"#,
                #"question 0, answer 0 ("Example option 1"), "total_count": expected 1, found 2"#
            ),
            (
                #""winner_position": 0"#, #""winner_position": null"#,
                #"question 0, answer 0 ("Example option 1"), "winner_position": expected 0, found null"#
            ),
            (#""total_votes": 1"#, #""total_votes": 3"#, #"results.json, "total_votes": expected 1, found 3"#),
        ] {
            let bad = good.replacing(old, with: new)
            #expect(bad != good)
            #expect(try outcome(results: bad) == .failed(difference))
        }
    }

    @Test("a configuration counts as it says, and one that asks for what nobody knows is no success")
    func configurations() throws {
        let good = try file("config.json")
        #expect(try outcome(configuration: good) == .passed("recounted, 1 question"))
        let unknown = good.replacing("sort_non_iterative", with: "sort_by_chance")
        #expect(
            try outcome(configuration: unknown)
                == .unchecked(
                    #"not recounted: config.json: "pipes[1].type" is "tally_pipes.pipes.sort.sort_by_chance", a pipe that this version does not know"#
                ))
        let other = good.replacing("10.2.0", with: "11.0.0")
        #expect(
            try outcome(configuration: other)
                == .unchecked(
                    #"not recounted: config.json: "version" is "11.0.0", expected one from 10.0 to 10.2"#))
        #expect(
            try outcome(more: [("segmented_election_config.json", "{}")])
                == .unchecked(
                    #"not recounted: segmented_election_config.json: the segmentation has no "configuration""#))
    }

    @Test("an archive without results or without a configuration is not recounted, and that is no success")
    func missing() throws {
        #expect(
            try outcome(without: "config.json")
                == .unchecked("not recounted: the archive has no config.json, which says how it was counted"))
        #expect(
            try outcome(without: "results.json") == .unchecked("not recounted: the archive has no results.json"))
        #expect(
            try outcome(strangers: ["8.results.json"], without: "results.json")
                == .unchecked(
                    #"not recounted: the archive has no results.json, but "8.results.json", which nobody looks at"#))
        let skipping = VerificationOptions(skipsRecount: true)
        for name in ["config.json", "results.json"] {
            #expect(try outcome(without: name, options: skipping) == .skipped("not recounted, as asked"))
        }
        #expect(try outcome(strangers: ["8.results.json"]) == .passed("recounted, 1 question"))
    }

    @Test("damaged results are a failure, also where nothing can count again")
    func damaged() throws {
        let good = try file("results.json")
        let twice = good.replacing("\"total_votes\": 1", with: "\"total_votes\": 7, \"total_votes\": 1")
        #expect(twice != good)
        for bad in ["{", twice, good + "x"] {
            for configuration in [nil, "{"] {
                guard case .failed(let reason) = try outcome(results: bad, configuration: configuration) else {
                    Issue.record("not a failure: \(bad)")
                    continue
                }
                #expect(reason.hasPrefix("the file is damaged: "), "\(reason)")
            }
        }
        guard case .failed = try outcome(results: "{", without: "config.json") else {
            Issue.record("not a failure without config.json")
            return
        }
    }
}
