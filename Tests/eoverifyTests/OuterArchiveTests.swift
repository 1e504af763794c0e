// SPDX-License-Identifier: Apache-2.0

import Foundation
import TallyArchives
import TestSupport
import Testing

@Suite("eoverify on outer archives that lack something", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence))
struct OuterArchiveTests {
    @Test("what is not recounted is no success, unless it was asked for", arguments: ["results.json", "config.json"])
    func missing(_ name: String) throws {
        let scratch = try ScratchDirectory()
        defer { withExtendedLifetime(scratch) {} }
        let unpacked = try PrivateFolder()
        let path = SharedVectors.folder.appendingPathComponent("sequent/8.tar").path
        let entries = try ArchiveReader.unpack(path, into: unpacked.path)
        #expect(entries.map(\.name).contains(name))
        try DeterministicArchive.writeUncompressed(
            entries.filter { $0.name != name }.map {
                ArchiveEntry(name: $0.name, content: .file(path: "\(unpacked.path)/\($0.name)"))
            }, to: scratch.file("8.tar").path)

        let folder = scratch.file("8.tar").deletingLastPathComponent()
        let refused = try Transcript(running: "eoverify 8.tar", in: folder)
        let reason = "results.json: not recounted: the archive has no \(name)"
        #expect(refused.status == 1 && refused.output.contains("FAIL  \(reason)"), "\(refused.output)")
        #expect(
            refused.errors.hasPrefix("eoverify: error: not everything was verified: \(reason)"), "\(refused.errors)")
        #expect(refused.errors.hasSuffix("eoverify: hint: to leave results.json out: eoverify --skip-recount 8.tar\n"))
        let asked = try Transcript(running: "eoverify --skip-recount 8.tar", in: folder)
        #expect(asked.status == 0 && asked.output.hasSuffix("valid, but for results.json, which was not recounted\n"))
    }

    @Test("a damaged results.json is called so, and nobody is told to look away from it")
    func damaged() throws {
        let scratch = try ScratchDirectory()
        defer { withExtendedLifetime(scratch) {} }
        let unpacked = try PrivateFolder()
        let path = SharedVectors.folder.appendingPathComponent("sequent/8.tar").path
        let entries = try ArchiveReader.unpack(path, into: unpacked.path)
        try DeterministicArchive.writeUncompressed(
            entries.map { entry in
                let file = ArchiveEntry.Content.file(path: "\(unpacked.path)/\(entry.name)")
                return ArchiveEntry(
                    name: entry.name, content: entry.name == "results.json" ? .bytes(Array("{".utf8)) : file)
            }, to: scratch.file("8.tar").path)
        let folder = scratch.file("8.tar").deletingLastPathComponent()
        let refused = try Transcript(running: "eoverify 8.tar", in: folder)
        #expect(refused.status == 1 && !refused.output.contains("\nvalid"), "\(refused.output)")
        #expect(
            refused.errors.hasPrefix(
                "eoverify: error: the results are not valid: results.json: the file is damaged: JSON ends too early"),
            "\(refused.errors)")
        #expect(!refused.errors.contains("hint"), "\(refused.errors)")
    }
}
