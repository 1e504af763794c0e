// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("What eoverify prints, and how it ends")
struct TranscriptTests {
    func check(_ name: String, in folder: URL) throws {
        let recorded = try Transcript(named: name)
        let found = try Transcript(running: recorded.command, in: folder)
        if Transcript.isRecording { return try found.record(as: name) }
        #expect(found.status == recorded.status, "\(recorded.command)")
        #expect(found.output == recorded.output, "\(recorded.command)")
        #expect(found.errors == recorded.errors, "\(recorded.command)")
    }

    @Test(
        "of published tallies", .enabled(if: SharedVectors.shouldRun, SharedVectors.absence),
        arguments: [
            "accepted.txt", "results-recounted.txt", "rejected.txt", "rejected-json.txt", "accepted-json.txt",
            "lookup.txt", "lookup-json.txt", "lookup-unknown.txt", "lookup-malformed.txt", "expected-key.txt",
            "unexpected-key.txt", "not-an-archive.txt", "not-an-archive-json.txt",
        ])
    func published(name: String) throws {
        try check(name, in: SharedVectors.folder.appendingPathComponent("sequent"))
    }

    @Test(
        "of wrong use",
        arguments: ["no-arguments.txt", "no-digest.txt", "lookup-with-key.txt", "no-file.txt", "help.txt"])
    func usage(name: String) throws {
        try check(name, in: FileManager.default.temporaryDirectory)
    }
}
