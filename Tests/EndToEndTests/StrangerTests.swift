// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("Strangers at a running authority", .serialized, .timeLimit(.minutes(10)))
struct StrangerTests {
    @Test("5,000 connections at once take bounded memory, and an installed peer is answered meanwhile")
    func crowd() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let peer = Curl(as: b, more: ["--max-time", "60"])
            #expect(try await peer.status(of: a) == "202")
            let before = try #require(a.load)
            let watch = LoadWatch(of: a)
            for sameAddress in [false, true] {
                let crowd = try Crowd(of: 5000, to: a.port, sameAddress: sameAddress)
                for _ in 0..<3 {
                    _ = crowd.speak()
                    #expect(try await peer.status(of: a) == "202")
                }
                _ = crowd
            }
            try await becomes("few connections", within: .seconds(60)) {
                a.load.map { $0.connections <= before.connections + 20 } == true
            }
            #expect(try await peer.status(of: a) == "202")
            #expect(watch.bytes < before.bytes + 200 << 20, "\(before.bytes) grew to \(watch.bytes)")
            // 256 without a handshake, those of peers, and what has not been hung up on yet.
            #expect(watch.connections < before.connections + 700, "\(watch.connections) connections")
            // Thousands were refused, and the log says so in few lines.
            let refusals = try String(contentsOfFile: a.logPath, encoding: .utf8).split(separator: "\n").filter {
                $0.contains("refused a connection")
            }
            #expect((1...100).contains(refusals.count), "\(refusals.count)")
        }
    }

    @Test("nobody gets in with an expired certificate, one made for an installed peer's name, or a former connection")
    func certificates() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let scratch = try ScratchFolder()
            let expired = try TestIdentity("old.test", validFrom: Date() - 10 * 86_400, days: 9)
            let impostor = try TestIdentity("b.test")
            for identity in [expired, impostor] {
                try DurableFile.makeFolder(scratch.path(identity.hostName.text), mode: 0o700)
                try identity.write(to: scratch.path(identity.hostName.text))
            }
            // eopeers would not install it: as if it had run out since.
            let calist = "\(a.home)/certs/calist"
            let installed = try String(contentsOfFile: calist, encoding: .utf8)
            try (installed + expired.certificate.pem).write(toFile: calist, atomically: true, encoding: .utf8)
            #expect(try await Curl(as: b).status(of: a) == "202")
            for name in ["old.test", "b.test"] {
                let client = Curl(
                    certificate: scratch.path("\(name)/cert.pem"), key: scratch.path("\(name)/key-nopass.pem"))
                #expect(try await client.status(of: a) == "000")
            }

            let open = try TLSConversation(
                port: a.port, name: "a.test", certificate: "\(b.home)/certs/cert.pem",
                key: "\(b.home)/certs/key-nopass.pem")
            try open.say("GET /public_api/check_state HTTP/1.1\r\nHost: a.test\r\n\r\n")
            #expect(try await open.hears("HTTP/1.1 202"))
            #expect(try await a.tool("eopeers").run(["--uninstall", "b.test"]).status == 0)
            try await Task.sleep(for: .seconds(2))
            try open.say("GET /public_api/check_state HTTP/1.1\r\nHost: a.test\r\n\r\n")
            #expect(try await open.hears("HTTP/1.1 403"), "\(open.heard)")
            #expect(try await open.ends())
        }
    }

    @Test("a path that climbs out of /public_data leads nowhere, however it is written")
    func climbing() async throws {
        try await withAuthorities(["a.test"]) { authorities in
            let a = authorities[0]
            let client = Curl(as: a)
            // What they would lead to is there.
            try #require(FileManager.default.fileExists(atPath: "\(a.home)/data/authority.sqlite"))
            try FileManager.default.createDirectory(
                atPath: "\(a.home)/data/public/e1", withIntermediateDirectories: true)
            try "published".write(toFile: "\(a.home)/data/public/e1/file", atomically: true, encoding: .utf8)
            #expect(try await client.ask(a, "/public_data/e1/file", []).output == "published")
            for path in [
                "../authority.sqlite", "e1/../../authority.sqlite", "%2e%2e/authority.sqlite",
                "e1/%2e%2e/%2e%2e/authority.sqlite", "e1/..%2f..%2fauthority.sqlite", "..%252fauthority.sqlite",
                "e1/..\\..\\authority.sqlite", "e1/%c0%ae%c0%ae/authority.sqlite", "/etc/passwd", "e1//etc/passwd",
                "e1/file%00.xml", "e1/.", "e1/", "e1/./file", "../../../../../../../../etc/passwd", "%2fetc%2fpasswd",
                "e1/....//....//authority.sqlite", "e1/file/../../../authority.sqlite",
            ] {
                let status = try await client.status(of: a, path: "/public_data/\(path)")
                #expect(["404", "400"].contains(status), "\(path): \(status)")
            }
            // Not even through a link that somebody left there.
            try FileManager.default.createSymbolicLink(
                atPath: "\(a.home)/data/public/e1/link", withDestinationPath: "../../authority.sqlite")
            #expect(try await client.status(of: a, path: "/public_data/e1/link") == "404")
        }
    }

    @Test(
        "huge headers, huge and endless bodies are refused in bounded memory, and a large body need not be waited for")
    func huge() async throws {
        try await withAuthorities(["a.test"]) { authorities in
            let a = authorities[0]
            let scratch = try ScratchFolder()
            let client = Curl(as: a, more: ["--max-time", "60"])
            #expect(try await client.status(of: a) == "202")
            let before = try #require(a.load)
            let watch = LoadWatch(of: a)
            let toStatus = ["--output", "/dev/null", "--write-out", "%{http_code}"]

            let header = try scratch.write("X-Large: \(String(repeating: "x", count: 1 << 20))\n", to: "header")
            let many = try scratch.write((0..<5000).map { "X-\($0): x\n" }.joined(), to: "many")
            for file in [header, many] {
                let status = try await client.ask(a, "/public_api/check_state", toStatus + ["--header", "@\(file)"])
                    .output
                #expect(["400", "431", "000"].contains(status), "\(status)")
            }
            let long = "/public_data/" + String(repeating: "x", count: 100_000)
            #expect(["400", "414", "000"].contains(try await client.status(of: a, path: long)))

            let zeros = scratch.path("zeros")
            _ = FileManager.default.createFile(atPath: zeros, contents: nil)
            try #require(truncate(zeros, 300 << 20) == 0)
            let body = ["--header", "Content-Type: application/json", "--data-binary", "@\(zeros)"]
            for path in ["/public_api/election", "/public_api/tally", "/api/board"] {
                let stated = try await client.ask(a, path, toStatus + body).output
                #expect(stated == "413", "\(path)")
                let endless = try await client.ask(
                    a, path, toStatus + body + ["--header", "Transfer-Encoding: chunked", "--header", "Expect:"])
                #expect(["413", "000"].contains(endless.output), "\(path): \(endless.output)")
            }
            #expect(watch.bytes < before.bytes + 200 << 20, "\(before.bytes) grew to \(watch.bytes)")

            // curl waits a second for leave to send a large body where it gets none.
            let large = try scratch.write(String(repeating: " ", count: 2 << 20), to: "large")
            let answered = try await client.ask(
                a, "/public_api/election", ["--include", "--data-binary", "@\(large)"])
            #expect(answered.output.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400"), "\(answered.output)")
            #expect(try await client.status(of: a) == "202")
        }
    }

    @Test(
        "many large bodies of one peer at once are taken as far as there is memory for them, and others are not kept waiting"
    )
    func manyBodies() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let before = try #require(a.load)
            // Each promises one byte more than it sends: 90 MiB stay under way.
            var conversations: [TLSConversation] = []
            for _ in 0..<3 {
                // One after the other: of two that come to the limit together both may be refused.
                try await becomes("end of what is on its way", within: .seconds(120)) { try await a.hasReadAll() }
                let conversation = try TLSConversation(
                    port: a.port, name: "a.test", certificate: "\(b.home)/certs/cert.pem",
                    key: "\(b.home)/certs/key-nopass.pem")
                let part = String(repeating: " ", count: 30 << 20)
                try conversation.say(
                    "POST /api/board HTTP/1.1\r\nHost: a.test\r\nContent-Length: \(part.utf8.count + 1)\r\n\r\n\(part)")
                conversations.append(conversation)
            }
            try await becomes("refusal", within: .seconds(120)) { conversations.contains { !$0.heard.isEmpty } }
            let heard = conversations.map(\.heard).filter { !$0.isEmpty }
            #expect(heard.count == 1 && heard[0].hasPrefix("HTTP/1.1 503"), "\(heard)")

            let zeros = FileManager.default.createFile(
                atPath: "\(a.home)/zeros", contents: Data(count: 30 << 20))
            try #require(zeros)
            let status = try await Curl(as: a, more: ["--max-time", "60"]).ask(
                a, "/api/board",
                ["--output", "/dev/null", "--write-out", "%{http_code}", "--data-binary", "@\(a.home)/zeros"])
            #expect(status.output == "400")
            #expect(try await Curl(as: b).status(of: a) == "202")
            let after = try #require(a.load)
            #expect(after.bytes < before.bytes + 400 << 20, "\(before.bytes) grew to \(after.bytes)")
        }
    }

    @Test("an authority that may open few files answers an installed peer beside more connections than that")
    func fewFiles() async throws {
        try await withAuthorities(["a.test"]) { authorities in
            let a = authorities[0]
            _ = await a.stop()
            try await a.start(openFiles: 150)
            #expect(try await Curl(as: a).status(of: a) == "202")
            let crowd = try Crowd(of: 1000, to: a.port)
            for _ in 0..<3 {
                _ = crowd.speak()
                #expect(try await Curl(as: a, more: ["--max-time", "60"]).status(of: a) == "202", "\(a.told)")
            }
            _ = crowd
        }
    }
}

extension AuthorityProcess {
    /// Whether nothing is on its way that somebody sent to its port.
    fileprivate func hasReadAll() async throws -> Bool {
        var ss = BuiltTool("ss")
        ss.path = "/usr/bin/ss"
        let connections = try await ss.run([
            "--tcp", "--numeric", "--no-header", "dport = :\(port) or sport = :\(port)",
        ])
        return connections.output.split(separator: "\n").allSatisfy { $0.contains(/^\S+\s+0\s+0\s/) }
    }
}

/// Waits until something holds.
func becomes(_ what: String, within limit: Duration, _ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await holds() { return }
        try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("there was no \(what) within \(limit)")
}
