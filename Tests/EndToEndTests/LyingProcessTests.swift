// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Liars
import Testing

/// Each lie in an election between processes over mutual TLS; CI takes one of each phase, and scripts/long/ all.
@Suite("An authority process that lies", .serialized, .timeLimit(.minutes(30)))
struct LyingProcessTests {
    private static let isLong = ProcessInfo.processInfo.environment["EO_LONG"] == "1"
    private static let lies = isLong ? Lie.allCases : [.wrongShare, .droppedAndDoubled, .endlessFile]

    @Test(
        "is named to the client, publishes nothing with the honest ones, and is shown to third parties", arguments: lies
    )
    func lie(_ lie: Lie) async throws {
        let names = ["a.test", "b.test", "c.test"].prefix(lie.authorityCount)
        let liar = names[lie.liar - 1]
        try await withAuthorities(Array(names), lies: [liar: lie]) { authorities in
            let arguments = [
                "full", "--vmnd", "--vcount", "5", "--group", "sequent2048", "--questions", "\(lie.questionCount)",
            ]
            // A director that lies tells its client what it likes; nobody waits for that.
            let timeout = lie.liar == 1 ? "20" : "240"
            let rehearsal = try await authorities[0].tool("eotest").run(arguments + ["--timeout", timeout])
            switch lie.end {
            case .tally: #expect(rehearsal.status == 0, "\(rehearsal.errors)")
            case .named(let check, _) where lie.liar != 1:
                #expect(rehearsal.status == 1)
                #expect(rehearsal.errors.contains("check \(check) by \(liar)"), "\(rehearsal.errors)")
            case .named: #expect(rehearsal.status != 0)
            case .slander:
                #expect(rehearsal.status == 1)
                #expect(rehearsal.errors.contains("says \(liar)"), "\(rehearsal.errors)")
            }
            for authority in authorities where authority.hostName != liar {
                #expect(try authority.tallies().isEmpty == (lie.end != .tally))
                try await expectEvidence(on: lie, from: authority)
            }
        }
    }

    @Test("is made of another program than the tools that are shipped: none of those holds a lie")
    func shippedTools() throws {
        let holdsLies = { (tool: String) in
            let program = try Data(contentsOf: URL(filePath: BuiltTool(tool).path), options: .alwaysMapped)
            return program.range(of: Data(Lie.droppedAndDoubled.rawValue.utf8)) != nil
        }
        #expect(try holdsLies("lying-authority"))
        for tool in ["eopeers", "eorchestra", "eotest", "eolog", "eotasks", "eoverify"] {
            #expect(try !holdsLies(tool), "\(tool)")
        }
        let manifest = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Package.swift")
        #expect(
            !(try String(contentsOf: manifest.standardized, encoding: .utf8).contains(#".executable(name: "lying"#)))
    }

    /// What somebody makes of it who has nothing but a file of an honest authority.
    private func expectEvidence(on lie: Lie, from authority: AuthorityProcess) async throws {
        let scratch = try ScratchFolder()
        let file = scratch.path("evidence.tar.gz")
        let folders = try FileManager.default.contentsOfDirectory(atPath: "\(authority.home)/data/private")
        let election = try #require(folders.first)
        var written = try await authority.tool("eotasks").run(["--evidence", election, "--to", file])
        guard lie.end != .tally else {
            #expect(written.status == 1)
            return
        }
        // The client is told by the first that knows, and does not wait for a director that lies: others hear it from each other. Nor may
        // the liar have said who it is when it is accused, which is warned of.
        let isWhole = try await eventually {
            if written.status == 0, written.errors.isEmpty { return true }
            try? FileManager.default.removeItem(atPath: file)
            written = try await authority.tool("eotasks").run(["--evidence", election, "--to", file])
            return false
        }
        try #require(isWhole, "\(written.errors)\n\(authority.told)")
        let verified = try await BuiltTool("eoverify").run(["--evidence", file])
        switch lie.end {
        case .named(let check, isProvable: true):
            #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
            #expect(verified.output.contains("proven") && verified.output.contains(check), "\(verified.output)")
        case .slander:
            #expect(verified.status == 1)
            #expect(verified.output.contains("refuted") && !verified.output.contains("proven"), "\(verified.output)")
        default:
            #expect(verified.status == 1)
            #expect(!verified.output.contains("proven"), "\(verified.output)")
        }
    }
}
