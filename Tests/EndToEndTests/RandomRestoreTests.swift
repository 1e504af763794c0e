// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite(
    "An authority restored from a backup of any moment", .serialized, .timeLimit(.minutes(60)),
    .enabled(if: ProcessInfo.processInfo.environment["EO_LONG"] != nil, "scripts/long/42-restores runs it"))
struct RandomRestoreTests {
    @Test(
        "ends the tally with the other one, at once or when asked again, and never says anything in two versions",
        arguments: 1...15)
    func restored(round: Int) async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            // Of the seven entries that it says in a tally.
            let (untilBackup, untilKill) = (Int.random(in: 0...6), Int.random(in: 1...7))
            let moment = "round \(round), backup after \(untilBackup) entries, killed \(untilKill) entries later"
            let words = b.home + ".words"
            try Data("correct horse battery\n".utf8).write(to: URL(filePath: words))
            let created = try await a.tool("eotest").run(["create", "--group", "ffdhe2048", "--timeout", "240"])
            try #require(created.status == 0, "\(created)")
            let folder = "\(b.home)/data/public"
            let election = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
            let encrypted = try await a.tool("eotest").run(["encrypt", election, "--vcount", "60", "--vmnd"])
            try #require(encrypted.status == 0, "\(encrypted)")

            let entries = { try b.log().components(separatedBy: #""message":"posted""#).count - 1 }
            let before = try entries()
            async let tally = a.tool("eotest").run(["tally", election, "--timeout", "400"])
            try await becomes("entry", within: .seconds(240)) { try entries() >= before + untilBackup }
            // Making a backup takes longer than a step does.
            a.freeze()
            let backup = b.home + ".age"
            let made = try await b.tool("eorchestra").run(["backup", backup, "--passphrase-file", words])
            a.thaw()
            #expect(made.status == 0, "\(moment): \(made)")
            let last = before + min(untilBackup + untilKill, 7)
            try await becomes("entry", within: .seconds(240)) { try entries() >= last }
            await b.kill()
            let restored = try await b.restored(from: backup, words: words)
            try await restored.start()
            let ended = try await tally
            if ended.status != 0 {
                let known = ["an older backup was restored", "a backup was restored"]
                #expect(known.contains { ended.errors.contains($0) }, "\(moment): \(ended)\n\(restored.told)")
                let again = try await a.tool("eotest").run(["tally", election, "--timeout", "400"])
                #expect(again.status == 0, "\(moment): \(again)\n\(restored.told)")
            }
            let verified = try await a.tool("eotest").run(["verify", election])
            #expect(verified.status == 0, "\(moment): \(verified)")
            let told = try restored.log()
            let line = told.split(separator: "\n").first {
                $0.contains("what this authority had said that was missing here")
            }
            let missing = line?.firstMatch(of: /"entries":"([0-9]+)"/)?.1 ?? "0"
            let remade = told.components(separatedBy: "made again what had been said").count - 1
            let outcome = ended.status == 0 ? "went on" : "asked for again"
            print("\(moment): \(outcome); \(missing) entries had been missing, \(remade) were made again")
            for authority in [a, restored] {
                let log = try authority.log()
                #expect(!log.contains("two different entries") && !log.contains("board.equivocation"), "\(moment)")
                #expect(!log.contains("restored.differs"), "\(moment)")
            }
            let status = await restored.stop()
            #expect(status == 0, "\(moment): \(restored.told)")
        }
    }
}

extension AuthorityProcess {
    fileprivate func log() throws -> String { try String(contentsOfFile: logPath, encoding: .utf8) }
}
