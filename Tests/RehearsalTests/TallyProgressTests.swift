// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import Rehearsal
import TestSupport
import Testing

@Suite("How far the director is, from its log")
struct TallyProgressTests {
    private let scratch: ScratchDirectory
    private let election: ElectionIdentifier
    private let work = TallyWork(questionCount: 2, authorityCount: 3, threshold: 2, mixesItself: true)

    init() throws {
        scratch = try ScratchDirectory()
        election = try #require(ElectionIdentifier("5"))
    }

    private func log(_ steps: [String], election: String = "5", message: String = "done") throws {
        let path = scratch.file("log")
        if !FileManager.default.fileExists(atPath: path.path) { try Data().write(to: path) }
        let file = try FileHandle(forWritingTo: path)
        try file.seekToEnd()
        for step in steps {
            let line = """
                {"election":"\(election)","level":"info","message":"\(message)","step":"\(step)","timestamp":"2026-11-21T08:06:37.350Z"}\n
                """
            try file.write(contentsOf: Data(line.utf8))
        }
        try file.close()
    }

    @Test("each step that is done counts, and all of them are the whole")
    func whole() throws {
        try log(["commit-permutation", "build-tally"])  // Of an earlier tally.
        let progress = try #require(TallyProgress(logPath: scratch.file("log").path, election: election, work: work))
        #expect(progress.advance().done == 0)
        var last = 0
        let session = [
            "commit-permutation", "verify-permutation", "shuffle", "verify-shuffle", "decrypt", "verify-decryption",
            "verify-decryption",
        ]
        for step in ["review-ballots"] + session + session + ["build-tally"] {
            #expect(last < progress.advance().total)
            try log([step])
            let done = progress.advance().done
            #expect(done > last)
            last = done
        }
        #expect(last == progress.advance().total)
    }

    @Test("other elections, other events and unknown steps count nothing")
    func others() throws {
        try log([])
        let progress = try #require(TallyProgress(logPath: scratch.file("log").path, election: election, work: work))
        try log(["shuffle"], election: "6")
        try log(["shuffle"], message: "waiting for the peer")
        try log(["dance"])
        #expect(progress.advance().done == 0)
    }

    @Test("without a log there is no progress to show")
    func absent() {
        #expect(TallyProgress(logPath: scratch.file("none").path, election: election, work: work) == nil)
    }
}
