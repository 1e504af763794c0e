// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("eotest tells its operator what hinders the others", .serialized, .timeLimit(.minutes(5)))
struct SilentAuthorityTests {
    @Test("an authority that stops answering is named within 10 seconds, while the key is made and in the tally")
    func frozen() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let scratch = try ScratchFolder()
            let rehearsal = try FollowedTool(
                a.tool("eotest"), ["full", "--vmnd", "--vcount", "8", "--group", "ffdhe2048", "--timeout", "200"],
                in: scratch)
            for number in 1...2 {
                _ = try await b.task(number)
                b.freeze()
                let named = try await rehearsal.says(
                    "b.test has not answered for ", times: number, within: .seconds(10))
                b.thaw()
                #expect(named, "\(rehearsal.errors)")
                #expect(try await rehearsal.says("b.test answers again", times: number, within: .seconds(60)))
                #expect(try await b.tool("eotasks").run(["--accept", "\(number)"]).status == 0)
            }
            #expect(await rehearsal.end() == 0, "\(rehearsal.errors)")
            #expect(rehearsal.errors.contains("b.test waits for its operator to accept tally 1: eotasks --list, there"))
            #expect(!rehearsal.errors.contains("a.test has not answered"))
        }
    }

    @Test("one that does not answer when a run begins ends it within 10 seconds, by name")
    func frozenAtStart() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            b.freeze()
            let start = ContinuousClock.now
            let ended = try await a.tool("eotest").run(["create", "--group", "ffdhe2048"])
            let time = ContinuousClock.now - start
            b.thaw()
            #expect(ended.status == 69)
            #expect(ended.errors.contains("error: the peer b.test ("), "\(ended.errors)")
            #expect(ended.errors.contains(" cannot be reached: it did not answer in time\n"), "\(ended.errors)")
            #expect(time < .seconds(10))
        }
    }

    @Test("what hinders another authority is told in its own words, and the run goes on when it is gone")
    func hindered() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let scratch = try ScratchFolder()
            let rehearsal = try FollowedTool(
                a.tool("eotest"), ["create", "--group", "ffdhe2048", "--timeout", "120"], in: scratch)
            let election = try #require(try await b.task(1)["election"] as? String)
            // A file where its public folder should be.
            let obstacle = "\(b.home)/data/public/\(election)"
            try #require(FileManager.default.createFile(atPath: obstacle, contents: nil))
            #expect(try await b.tool("eotasks").run(["--accept", "1"]).status == 0)
            try await b.logs("this authority could not do it, and tries again")
            let words = "b.test is hindered, and tries again: \"cannot make the folder of a public file: "
            #expect(try await rehearsal.says(words, within: .seconds(60)), "\(rehearsal.errors)")
            try FileManager.default.removeItem(atPath: obstacle)
            #expect(await rehearsal.end() == 0, "\(rehearsal.errors)")
        }
    }

    @Test("a director that is killed is named, and the tree at the other one shows who is awaited")
    func killedDirector() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let scratch = try ScratchFolder()
            let rehearsal = try FollowedTool(
                a.tool("eotest"), ["create", "--group", "ffdhe2048", "--timeout", "120"], in: scratch)
            let election = try #require(try await b.task(1)["election"] as? String)
            await a.kill()
            #expect(try await rehearsal.says("a.test has not answered for ", within: .seconds(10)))
            #expect(try await b.tool("eotasks").run(["--accept", "1"]).status == 0)
            try await b.logs("\"step\":\"countersign\"")
            let waiting = "election \(election), as b.test sees it: creating, waiting for a.test"
            #expect(
                try await eventually {
                    try await b.tool("eotasks").run(["--tree", election]).output.hasPrefix(waiting)
                })
            try await a.start()
            #expect(await rehearsal.end() == 0, "\(rehearsal.errors)")
        }
    }
}

/// A tool that runs while a test does other things, with what it says on standard error.
final class FollowedTool: Sendable {
    private let running = LockedProcess()
    private let scratch: ScratchFolder
    private let path: String
    private let outputPath: String

    var errors: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    init(_ tool: BuiltTool, _ arguments: [String], in scratch: ScratchFolder) throws {
        self.scratch = scratch
        path = try scratch.write("", to: "errors")
        outputPath = try scratch.write("", to: "output")
        let runnable = tool.process(arguments)
        runnable.process.standardError = FileHandle(forWritingAtPath: path)
        runnable.process.standardOutput = FileHandle(forWritingAtPath: outputPath)
        try runnable.process.run()
        running.set(runnable)
    }

    /// Whether it says `text` so many times before `limit` is over.
    func says(_ text: String, times: Int = 1, within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if errors.components(separatedBy: text).count > times { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    /// Waits for its end and gives its exit status.
    func end() async -> Int32? { await running.end(with: 0) }
}
