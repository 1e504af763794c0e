// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("A key share kept by somebody else between making the key and the tally", .serialized, .timeLimit(.minutes(10)))
struct PrivateShareTests {
    @Test(
        "leaves for the election's creator alone, as its operator accepts, encrypted to it; a tally waits for it, and goes on when it is back"
    )
    func keptOffline() async throws {
        try await withAuthorities(["a.test", "b.test"], careful: ["b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            async let created = a.tool("eotest").run(["create", "--group", "ffdhe2048", "--timeout", "240"])
            let election = try #require(try await b.task(1)["election"] as? String)
            try await b.accept(1)
            let made = try await created
            try #require(made.status == 0, "\(made)")
            let keeper = ShareKeeper(client: a, authority: b, election: election)
            let (share, stored) = try await expectGivenOut(keeper, a, b)

            _ = try await keeper.asked("delete", share, task: 5)
            #expect(throws: CocoaError.self) { try keeper.storedShare() }
            #expect(try await keeper.ask("download").status == 409)
            #expect(try await keeper.ask("check", share).text == "True")

            // A tally that hangs, for its operator does not decide, can be ended and asked for again.
            let encrypted = try await a.tool("eotest").run(["encrypt", election, "--vcount", "10", "--vmnd"])
            #expect(encrypted.status == 0, "\(encrypted)")
            async let ended = a.tool("eotest").run(["tally", election, "--timeout", "300"])
            _ = try await b.task(6)
            let reset = try await a.tool("eorchestra").run(["reset-tally", election, "--reason", "nobody is there"])
            #expect(reset == .init(status: 0, output: "ended: tally 1 of election \(election)\n", errors: ""))
            let failed = try await ended
            #expect(failed.status == 1, "\(failed)")
            #expect(
                failed.errors.contains(
                    "the operator of a.test ended the tally: nobody is there (check operator.reset, says a.test)"),
                "\(failed)")

            // The next one goes as far as it can, and says what it waits for.
            let tally = try FollowedTool(
                a.tool("eotest"), ["tally", election, "--timeout", "300"], in: try ScratchFolder())
            _ = try await b.task(7)
            try await b.accept(7)
            try await a.logs(#""message":"received","peer":"b.test","session""#, besides: #""step":"verified""#)
            let tree = try await b.tool("eotasks").run(["--tree", election])
            #expect(
                tree.output.contains("waits for this authority's key share, which was taken away, to be restored\n"),
                "\(tree)")
            var wrong = try #require(Data(base64Encoded: share))
            wrong[wrong.count - 40] ^= 1
            #expect(try await keeper.ask("restore", wrong.base64EncodedString()).status == 400)
            #expect(try await tally.says("b.test awaits its key share", within: .seconds(60)), "\(tally.errors)")
            for action in ["download", "delete"] {
                let during = try await keeper.ask(action, share)
                #expect(during.status == 409 && during.text.contains("is under way"), "\(action): \(during)")
            }
            _ = try await keeper.asked("restore", share, task: 8)
            #expect(await tally.end() == 0, "\(tally.errors)\n\(b.told)")
            #expect(stored.count > 256)
            #expect(try await a.tool("eotest").run(["verify", election]).status == 0)
        }
    }

    /// Nobody but the creator is given anything; nor is the creator, before the operator has said so, each time.
    ///
    /// - Returns: the share as it was given out, and as it lies on the disk.
    private func expectGivenOut(
        _ keeper: ShareKeeper, _ a: AuthorityProcess, _ b: AuthorityProcess
    ) async throws -> (share: String, stored: Data) {
        try await b.tree(of: keeper.election, shows: "sees it: ready\n")
        let other = ShareKeeper(client: b, authority: a, election: keeper.election)
        #expect(try await other.ask("download").status == 403)
        #expect(try await keeper.ask("download").status == 409)
        #expect(try await b.task(2)["action"] as? String == "download_private_share")
        let shown = try await b.tool("eotasks").run(["--show", "2"])
        #expect(shown.output.contains("give out the key share of election \(keeper.election)"), "\(shown)")
        #expect(shown.output.contains("asked by   a.test, certificate "), "\(shown)")
        #expect(try await b.tool("eotasks").run(["--reject", "2", "--reason", "not today"]).status == 0)
        let rejected = try await keeper.ask("download")
        #expect(rejected.status == 403 && rejected.text.contains("not today"), "\(rejected)")
        let share = try await keeper.asked("download", task: 3)
        #expect(try await keeper.ask("download").status == 409, "one word of the operator counts once")

        // The creator's key opens it, as openssl does; another key does not.
        let stored = try keeper.storedShare()
        let opened = try await keeper.decrypted(share, with: a)
        #expect(opened.status == 0 && opened.content.range(of: stored) != nil)
        let sealed = try #require(Data(base64Encoded: share))
        #expect(sealed.range(of: stored) == nil)
        let scratch = try ScratchFolder()
        let stranger = try await AuthorityProcess("c.test", in: scratch)
        #expect(try await keeper.decrypted(share, with: stranger).status != 0)

        #expect(try await keeper.ask("check", share).text == "True")
        #expect(try await keeper.ask("check", Data([1, 2, 3]).base64EncodedString()).status == 400)
        let unencrypted = try await keeper.ask("check", opened.content.base64EncodedString())
        #expect(unencrypted.status == 400, "the old form is not allowed here")
        return (share, stored)
    }

    @Test("can leave in the old form where a setting allows it")
    func unencrypted() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            #expect(await b.stop() == 0)
            try b.configure(["PRIVATE_SHARES_UNENCRYPTED": true])
            try await b.start()
            let created = try await a.tool("eotest").run(["create", "--group", "ffdhe2048", "--timeout", "240"])
            try #require(created.status == 0, "\(created)")
            let election = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "\(b.home)/data/public").first)
            let keeper = ShareKeeper(client: a, authority: b, election: election)
            try await b.tree(of: election, shows: "sees it: ready\n")
            #expect(try await keeper.ask("download").status == 409)
            let share = try await keeper.asked("download", task: 1)
            let content = try #require(Data(base64Encoded: share))
            #expect(content.range(of: try keeper.storedShare()) != nil)
            #expect(try await keeper.ask("check", share).text == "True")
            var other = content
            other[other.count - 1] ^= 1
            #expect(try await keeper.ask("check", other.base64EncodedString()).text == "False")
            #expect(try await keeper.ask("delete", other.base64EncodedString()).status == 400)
        }
    }
}

extension AuthorityProcess {
    fileprivate func accept(_ task: Int) async throws {
        let ended = try await tool("eotasks").run(["--accept", "\(task)"])
        try #require(ended.status == 0, "\(ended)")
    }
}

/// A ballot box that asks an authority about its key share, by curl with its own certificate.
private struct ShareKeeper {
    let client: AuthorityProcess
    let authority: AuthorityProcess
    let election: String

    struct Answer {
        let status: Int
        let text: String
    }

    func ask(_ request: String, _ share: String? = nil) async throws -> Answer {
        var body: [String: String] = ["election_id": election]
        body["private_key"] = share
        let json = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        let ended = try await program("/usr/bin/curl").run(
            [
                "-sS", "--cert", "\(client.home)/certs/cert.pem", "--key", "\(client.home)/certs/key-nopass.pem",
                "--cacert", "\(authority.home)/certs/cert.pem", "--resolve",
                "\(authority.hostName):\(authority.port):127.0.0.1", "-w", "\n%{http_code}", "--data-binary", "@-",
                "https://\(authority.hostName):\(authority.port)/public_api/\(request)_private_share",
            ], input: json)
        try #require(ended.status == 0, "\(ended)")
        let lines = ended.output.split(separator: "\n", omittingEmptySubsequences: false)
        let status = try #require(lines.last.flatMap { Int($0) })
        return Answer(status: status, text: lines.dropLast().joined(separator: "\n"))
    }

    /// Asks, has the operator accept it, and asks again.
    ///
    /// - Parameter task: the number that it gets.
    func asked(_ request: String, _ share: String? = nil, task: Int) async throws -> String {
        let first = try await ask(request, share)
        try #require(first.status == 409 && first.text.contains("as task \(task)"), "\(first)")
        let accepted = try await authority.tool("eotasks").run(["--accept", "\(task)"])
        try #require(accepted.status == 0, "\(accepted)")
        let second = try await ask(request, share)
        try #require(second.status == 200, "\(second)")
        return second.text
    }

    /// The share as it lies on the authority's disk.
    func storedShare() throws -> Data {
        let folder = "\(authority.home)/data/private/\(election)"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(name)/key.share"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            // Without the digest that stands behind it.
            return try Data(contentsOf: URL(filePath: path)).dropLast(32)
        }
        throw CocoaError(.fileNoSuchFile)
    }

    func decrypted(_ share: String, with reader: AuthorityProcess) async throws -> (status: Int32, content: Data) {
        let scratch = try ScratchFolder()
        try (Data(base64Encoded: share) ?? Data()).write(to: URL(filePath: scratch.path("share.der")))
        let ended = try await program("/usr/bin/openssl").run([
            "cms", "-decrypt", "-binary", "-inform", "DER", "-in", scratch.path("share.der"), "-out",
            scratch.path("share"), "-recip", "\(reader.home)/certs/cert.pem", "-inkey",
            "\(reader.home)/certs/key-nopass.pem",
        ])
        return (ended.status, FileManager.default.contents(atPath: scratch.path("share")) ?? Data())
    }

    private func program(_ path: String) -> BuiltTool {
        var tool = BuiltTool("program")
        tool.path = path
        return tool
    }
}
