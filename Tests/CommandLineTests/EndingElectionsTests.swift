// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("eorchestra reset-tally and delete-election as operators use them")
struct EndingElectionsTests {
    private let desk: SampleDesk
    private var eorchestra: BuiltTool { desk.host.tool("eorchestra") }

    /// An election whose key is being made, and something that it published.
    init() throws {
        desk = try SampleDesk()
        _ = try desk.propose(title: "T")
        let election = try desk.data.election("e1")
        _ = try election.seed("dealing", session: "0-session")
        try election.publish([1], at: "0-session/publicKey_json")
        try desk.database.addElection("e1", at: "2026-11-21T12:00:00Z")
    }

    private func refusal(_ error: String, _ hint: String, status: Int32 = 1) -> BuiltTool.Ended {
        .init(status: status, output: "", errors: "eorchestra: error: \(error)\neorchestra: hint: \(hint)\n")
    }

    @Test("an election that is not here, and a tally that is not under way, are told")
    func nothingThere() async throws {
        for command in ["reset-tally", "delete-election"] {
            #expect(
                try await eorchestra.run([command, "e2"])
                    == refusal("there is no election \"e2\" here", "see which there are: eotasks --list"))
        }
        #expect(
            try await eorchestra.run(["reset-tally", "e1"])
                == refusal(
                    "no tally of election \"e1\" is under way", "see how far it is: eotasks --tree ELECTION"))
        let control = try await eorchestra.run(["reset-tally", "e1", "--reason", "two\nlines"])
        #expect(control.status == 64 && control.errors.contains("--reason takes one line of at most 500 characters"))
    }

    @Test("nothing is deleted that is under way, that nobody confirmed, or that a server works on")
    func refused() async throws {
        #expect(
            try await eorchestra.run(["delete-election", "e1", "--yes"])
                == refusal(
                    "something is under way in election \"e1\"",
                    "end a tally with eorchestra reset-tally, or give --force"))
        #expect(
            try await eorchestra.run(["delete-election", "e1", "--force"])
                == refusal(
                    "election \"e1\" was not deleted: nobody confirmed it", "type the id when asked, or give --yes",
                    status: 64))
        do {
            let lock = try FileLock(path: desk.host.scratch.path("data/authority.lock"))
            defer { _ = lock }
            #expect(
                try await eorchestra.run(["delete-election", "e1", "--force", "--yes"])
                    == refusal("eorchestra is running here", "end it first, such as: systemctl stop eorchestra"))
        }
        #expect(desk.host.scratch.exists("data/private/e1/0-session/dealing.seed"))
    }

    @Test("a deleted election is gone with its secrets; what it published stays unless asked for, and so does its id")
    func deleted() async throws {
        let ended = try await eorchestra.run(["delete-election", "e1", "--force", "--yes"])
        #expect(ended == .init(status: 0, output: "deleted: election e1\n", errors: ""))
        #expect(!desk.host.scratch.exists("data/private/e1"))
        #expect(desk.host.scratch.exists("data/public/e1/0-session/publicKey_json"))
        #expect(try desk.database.election("e1")?.state == .deleted)
        #expect(try desk.database.consent(1)?.state == .over)
        #expect(throws: StoreError.electionExists("e1")) { try desk.database.addElection("e1", at: "now") }
        #expect(try await eorchestra.run(["delete-election", "e1", "--yes"]).status == 1)
    }

    @Test("what a deleted election published goes where that is asked for")
    func published() async throws {
        let ended = try await eorchestra.run(["delete-election", "e1", "--force", "--yes", "--published"])
        #expect(ended == .init(status: 0, output: "deleted: election e1 and what it published\n", errors: ""))
        #expect(!desk.host.scratch.exists("data/public/e1"))
    }
}
