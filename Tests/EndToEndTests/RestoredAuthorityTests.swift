// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("An authority restored from a backup", .serialized, .timeLimit(.minutes(10)))
struct RestoredAuthorityTests {
    @Test(
        "that was made in the middle of a tally ends the tally in another place, without saying anything in two versions"
    )
    func middle() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            // Its machine is gone in the place of its decryption: by then the other one has its shuffle.
            _ = await b.stop()
            try await b.launch(killedAt: "rename data/private/[0-9]*/*/tally-1/DecrFactReply02.bt")
            let words = b.home + ".words"
            try Data("correct horse battery\n".utf8).write(to: URL(filePath: words))
            async let rehearsal = a.tool("eotest").run(
                ["full", "--vmnd", "--vcount", "150", "--group", "ffdhe2048", "--timeout", "400"])
            _ = try await b.task(1)
            #expect(try await b.tool("eotasks").run(["--accept", "1"]).status == 0)
            _ = try await b.task(2)
            // While the first mixer stands still, the second one waits for its shuffle.
            try await b.logs(#""message":"received","peer":"a.test","session""#, besides: #""step":"permutation""#)
            a.freeze()
            #expect(try await b.tool("eotasks").run(["--accept", "2"]).status == 0)
            try await b.logs(#""message":"posted""#, besides: #""step":"permutation""#)
            let backup = b.home + ".age"
            let made = try await b.tool("eorchestra").run(["backup", backup, "--passphrase-file", words])
            #expect(made.status == 0 && made.errors.isEmpty, "\(made)")

            // It goes on, and what it says then reaches the other one.
            a.thaw()
            #expect(await b.ended() == -SIGKILL)
            await b.kill()
            let restored = try await b.restored(from: backup, words: words)
            try await restored.start()
            let ended = try await rehearsal
            #expect(ended.status == 0, "\(ended.errors)\n\(ended.output)\n\(restored.told)")
            try await restored.logs("made again what had been said", besides: #""step":"shuffle""#)
            for authority in [a, restored] {
                let log = try String(contentsOfFile: authority.logPath, encoding: .utf8)
                #expect(!log.contains("two different entries") && !log.contains("board.equivocation"))
            }
            let (first, second) = (try a.tallies(), try restored.tallies())
            #expect(first.count == 1 && first.keys == second.keys)
            for (election, path) in first {
                let bytes = FileManager.default.contents(atPath: path)
                #expect(bytes != nil && bytes == FileManager.default.contents(atPath: second[election] ?? ""))
            }
            #expect(await restored.stop() == 0, "\(restored.told)")
        }
    }

    @Test(
        "that was made before a tally began ends that tally, as its secrets are gone, and takes part in the next one")
    func before() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let words = b.home + ".words"
            try Data("correct horse battery\n".utf8).write(to: URL(filePath: words))
            let options = ["--timeout", "240"]
            let created = try await a.tool("eotest").run(["create", "--group", "ffdhe2048", "--json"] + options)
            try #require(created.status == 0, "\(created)")
            let election = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "\(b.home)/data/public").first)
            #expect(try await a.tool("eotest").run(["encrypt", election, "--vcount", "100", "--vmnd"]).status == 0)
            let backup = b.home + ".age"
            let made = try await b.tool("eorchestra").run(["backup", backup, "--passphrase-file", words])
            #expect(made.status == 0 && made.errors.isEmpty, "\(made)")

            // Killed in the place of its shuffle: by then the other one has its permutation, on which its own shuffle stands.
            _ = await b.stop()
            try await b.launch(killedAt: "rename data/private/\(election)/*/tally-1/CiphertextList02.bt")
            async let failing = a.tool("eotest").run(["tally", election] + options)
            #expect(await b.ended() == -SIGKILL)
            await b.kill()
            let restored = try await b.restored(from: backup, words: words)
            try await restored.start()
            let failed = try await failing
            #expect(failed.status == 1, "\(failed)\n\(restored.told)")
            #expect(
                failed.errors.contains(
                    "b.test no longer has the secrets of what it said: an older backup was restored"),
                "\(failed.errors)")

            let again = try await a.tool("eotest").run(["tally", election] + options)
            #expect(again.status == 0, "\(again)\n\(restored.told)")
            let verified = try await a.tool("eotest").run(["verify", election])
            #expect(verified.status == 0, "\(verified)")
            for authority in [a, restored] {
                let log = try String(contentsOfFile: authority.logPath, encoding: .utf8)
                #expect(!log.contains("two different entries") && !log.contains("board.equivocation"))
            }
            #expect(await restored.stop() == 0, "\(restored.told)")
        }
    }
}

extension AuthorityProcess {
    /// Starts the server, which is killed when it takes such a step for the first time.
    fileprivate func launch(killedAt place: String) async throws {
        let faults = try StepFaults.killing(at: .firstOf([.init(number: 1, name: place)]), self)
        try await awaitListening(launch(environment: faults))
    }

    /// The authority that a backup of this one makes in another folder.
    func restored(from backup: String, words: String) async throws -> AuthorityProcess {
        let place = home + "-restored"
        let ended = try await BuiltTool("eorchestra").run([
            "restore", backup, "--home", place, "--passphrase-file", words,
        ])
        try #require(ended.status == 0 && ended.output == "\(place)/eoconf.json\n", "\(ended)")
        return AuthorityProcess(hostName, at: place, port: port, mixnetPort: mixnetPort, eotestPort: eotestPort)
    }

    /// Waits until a line of the log holds both texts, two minutes at most.
    func logs(_ text: String, besides other: String) async throws {
        for _ in 0..<2400 {
            let lines = (try? String(contentsOfFile: logPath, encoding: .utf8))?.split(separator: "\n") ?? []
            if lines.contains(where: { $0.contains(text) && $0.contains(other) }) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(hostName) never logged \(text) besides \(other): \(told)")
    }
}
