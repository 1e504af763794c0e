// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Orchestration
import Testing
import TrustStores

@Suite("eotasks as operators use it")
struct EoTasksTests {
    private let desk: SampleDesk

    init() throws { desk = try SampleDesk() }

    @Test("nothing is made where no authority has been")
    func noAuthority() async throws {
        let host = try PeerHost("a.example", more: #", "DATA_PATH": "/nowhere/data""#)
        let ended = try await host.tool("eotasks").run(["--list"])
        let errors = """
            eotasks: error: no authority has been running with DATA_PATH "/nowhere/data"
            eotasks: hint: start it once: eorchestra serve, or name another configuration with --config

            """
        #expect(ended == .init(status: 74, output: "", errors: errors))
    }

    @Test("an empty list says so")
    func empty() async throws {
        #expect(
            try await desk.eotasks.run(["--list"])
                == .init(status: 0, output: "nothing waits for a decision\n", errors: ""))
        #expect(try await desk.eotasks.run(["--list", "--json"]).output == "[]\n")
    }

    @Test("a task is listed, shown with foreign text made harmless, and accepted once")
    func accepted() async throws {
        let digest = try desk.propose(title: "T\u{1B}[2J")
        let list = """
            ID  WHAT                BALLOTS  STATE
             1  create election e1           waits since 2026-11-21T12:00:00Z

            """
        #expect(try await desk.eotasks.run(["--list"]) == .init(status: 0, output: list, errors: ""))
        let shown = try await desk.eotasks.run(["--show", "1"])
        #expect(shown.status == 0 && !shown.output.contains("\u{1B}"))
        for line in [
            "task       1: create election e1", "request    SHA-256 \(digest), the same at every authority",
            "client     nobody who is installed here, certificate \(Digest(of: [1]).hex)",
            #"title      "T\u{1b}[2J""#, #"voting     from "2026-01-01" to a day that is not given"#,
            "threshold  2 of 2", "  a.example, this authority", "    \(Digest(of: [7]).hex) (not installed here)",
            #"  1. "Q""#,
        ] {
            #expect(shown.output.split(separator: "\n").contains(Substring(line)), "\(line) in \(shown.output)")
        }
        let full = try await desk.eotasks.run(["--show-full", "1"])
        #expect(!full.output.contains("\u{1B}"))
        #expect(full.output.contains(#"     - "Yes""#))
        let accepted = try await desk.eotasks.run(["--accept", "1", "--json"])
        #expect(accepted.output.contains(#""state":"accepted""#))
        let again = try await desk.eotasks.run(["--accept", "1"])
        #expect(again.status == 1 && again.errors.hasPrefix("eotasks: error: task 1 was accepted at "))
    }

    @Test("a task whose request is not what lies on the board is neither shown nor accepted")
    func changed() async throws {
        _ = try desk.propose(title: "T")
        let other = try desk.database.askConsent(
            election: "e1", attempt: 0, proposal: Digest(of: [9]).hex, ballots: nil, at: "2026-11-21T12:00:00Z")
        #expect(other.number == 2)
        for option in ["--show", "--accept"] {
            let ended = try await desk.eotasks.run([option, "2"])
            let errors = """
                eotasks: error: task 2 is not about what was shown
                eotasks: hint: look at it again: eotasks --show 2

                """
            #expect(ended == .init(status: 1, output: "", errors: errors))
        }
        #expect(try desk.database.consent(2)?.state == .waiting)
    }

    @Test("a rejection keeps its reason, and says that it waits for the server")
    func rejected() async throws {
        _ = try desk.propose(title: "T")
        let ended = try await desk.eotasks.run(["--reject", "1", "--reason", "wrong\u{202E} dates"])
        let warning = "eotasks: warning: eorchestra is not running here: it takes this up when it starts\n"
        #expect(ended == .init(status: 0, output: "rejected: create election e1\n", errors: warning))
        #expect(try desk.database.consent(1)?.reason == "wrong\u{202E} dates")
        let list = try await desk.eotasks.run(["--list"]).output
        #expect(list.contains(#": "wrong\u{202e} dates""#))
    }

    @Test("nobody goes on without an authority before there is a key, and not without naming the election")
    func goingOn() async throws {
        _ = try desk.propose(title: "T")
        let ended = try await desk.eotasks.run(["--go-on-without", "b.example", "--election", "e1"])
        let errors = "eotasks: error: election \"e1\" has no key yet: all authorities are needed to make it\n"
        #expect(ended == .init(status: 1, output: "", errors: errors))
        #expect(try desk.database.waitingAbsences().isEmpty)
        let stranger = try await desk.eotasks.run(["--go-on-without", "c.example", "--election", "e1"])
        #expect(stranger.status == 1)
        #expect(stranger.errors.hasPrefix("eotasks: error: \"c.example\" is no authority of this election\n"))
        for arguments in [["--go-on-without", "b.example"], ["--list", "--election", "e1"]] {
            let misused = try await desk.eotasks.run(arguments)
            #expect(misused.status == 64)
            #expect(misused.errors.contains("--go-on-without and --election go together"), "\(misused.errors)")
        }
    }

    @Test("the tree shows every step at every authority, who is awaited and since when")
    func tree() async throws {
        _ = try desk.propose(title: "T")
        let output = try await desk.eotasks.run(["--tree", "e1"]).output
        let since = try desk.arrival()
        let expected = """
            election e1, as a.example sees it: creating, waiting for b.example
            task 1, create election e1: waits since 2026-11-21T12:00:00Z
            `- key
               |- protocol
               |  `- a.example  done \(since)
               |- countersignature
               |  `- b.example  awaited, since \(since) (
            """
        #expect(output.hasPrefix(expected), "\(output)")
        #expect(output.contains("   |- keyHash\n   |  |- a.example  -\n   |  `- b.example  -\n"))
        #expect(output.hasSuffix("   `- keyPublished\n      |- a.example  -\n      `- b.example  -\n"))
        let json = try await desk.eotasks.run(["--tree", "e1", "--json"]).output
        #expect(json.contains(#""state":"awaited","step":"countersignature""#))
    }

    @Test(
        "each way of failing has its exit code and says what is wrong",
        arguments: [
            ([], 64, "give exactly one of --list"), (["--list", "--show", "1"], 64, "give exactly one of --list"),
            (["--show", "x"], 64, "'x' is invalid"), (["--accept"], 64, "Missing value"),
            (["--accept", "1", "--reason", "x"], 64, "--reason goes with --reject"),
            (["--reject", "1", "--reason", "a\nb"], 64, "--reason takes one line"),
            (["--list", "more"], 64, "Unexpected argument"), (["--list", "--frobnicate"], 64, "Unknown option"),
            (["--show", "7"], 1, "there is no task 7"), (["--accept", "-7"], 64, "Missing value"),
            (["--reject", "7"], 1, "there is no task 7"), (["--tree", "e7"], 1, "there is no election \"e7\" here"),
            (["--tree", "../x"], 1, "there is no election \"../x\" here"),
            (["--config", "/nowhere", "--list"], 78, "/nowhere"),
        ] as [([String], Int32, String)])
    func exitCodes(arguments: [String], status: Int32, message: String) async throws {
        let ended = try await desk.eotasks.run(arguments)
        #expect(ended.status == status)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.hasPrefix("eotasks: error: ") && ended.errors.contains(message), "\(ended.errors)")
        #expect(ended.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("eotasks: ") })
    }

    @Test("the help has examples")
    func help() async throws {
        let ended = try await desk.eotasks.run(["--help"])
        #expect(ended.status == 0 && ended.output.contains("EXAMPLES\n  eotasks --list\n"))
    }
}
