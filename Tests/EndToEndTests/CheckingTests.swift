// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("eopeers --check between running authorities", .serialized, .timeLimit(.minutes(10)))
struct CheckingTests {
    @Test("what stands right is right both ways; a server that does not run is named on the side where it does not")
    func running() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            #expect(try await a.check() == .init(status: 0, output: "b.test: ok, both ways\n", errors: ""))
            let json = try await a.check("--json", "b.test")
            let peers = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
            #expect(peers?.count == 1 && peers?.first?["ok"] as? Bool == true)
            #expect(peers?.first?["version"] as? String == "1.0" && peers?.first?["probed_back"] as? Bool == true)
            #expect((peers?.first?["clock_difference_seconds"] as? Double).map { abs($0) < 5 } == true)
            #expect(await a.stop() == 0)
            try await expect(
                a.check(), 69,
                """
                b.test: it finds 127.0.0.1:\(a.port) closed
                  hint: does eorchestra serve run here, and is PORT forwarded to it?
                """)
            #expect(await b.stop() == 0)
            try await expect(
                a.check(), 69,
                """
                b.test: port \(b.port) of 127.0.0.1 is closed
                  hint: does eorchestra serve run there, and is \(b.port) its PORT? else it sends a new package
                """)
        }
    }

    @Test("my certificate or package that is not installed there is told apart from a TLS failure")
    func notInstalledThere() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            _ = try await b.tool("eopeers").run(["--uninstall", "a.test"])
            try await expect(
                a.check(), 1,
                """
                b.test: my certificate is not installed there
                  hint: its operator types eopeers --install FILE, or --replace FILE if an older package of mine is there, with the output of: eopeers --show-mine
                """)
            // As an operator does it who knows of the calist alone.
            let calist = "\(b.home)/certs/calist"
            let own = try String(contentsOfFile: "\(a.home)/certs/cert.pem", encoding: .utf8)
            let both = try String(contentsOfFile: calist, encoding: .utf8) + own
            try Data(both.utf8).write(to: URL(filePath: calist))
            try await expect(
                a.check(), 1,
                """
                b.test: my certificate is trusted there, but no package of mine is installed
                  hint: its operator types eopeers --install FILE with the output of: eopeers --show-mine
                """)
            // A port on which something else listens.
            let other = try PlainServer()
            defer { other.end() }
            try await a.replace(try await b.package().replacing("\"port\":\(b.port)", with: "\"port\":\(other.port)"))
            try await expect(
                a.check(), 1,
                """
                b.test: TLS fails: "it does not speak TLS 1.2 or 1.3 as asked"
                  hint: is that port of an authority, with TLS 1.2 or 1.3?
                """)
        }
    }

    @Test("another address, another port, another name, another certificate and another clock are each found")
    func others() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let (mine, theirs) = (try await a.package(), try await b.package())
            try await a.replace(theirs.replacing("127.0.0.1", with: "127.255.255.255"))
            try await expect(
                a.check(), 69,
                """
                b.test: 127.255.255.255:\(b.port) cannot be reached: "network is unreachable"
                  hint: does a firewall stand between, and does the address hold? eopeers --show b.test
                """)
            try await a.replace(theirs)
            // The peer has my package with an address that is mine no more.
            try await b.replace(mine.replacing("127.0.0.1", with: "127.0.0.2"))
            let other = try await a.check()
            #expect(other.status == 1)
            #expect(
                other.output.hasPrefix(
                    "b.test: it looks for me at \"127.0.0.2:\(a.port)\", which is none of my addresses and ports\n"))
            try await b.replace(mine)
            // The name leads elsewhere.
            let (configuration, hosts) = (a.configurationPath, "\(a.home)/hosts")
            let text = try String(contentsOfFile: configuration, encoding: .utf8)
            try Data("198.51.100.7 b.test\n".utf8).write(to: URL(filePath: hosts))
            try Data(text.replacing("\"HOSTS_PATH\": null", with: "\"HOSTS_PATH\": \"\(hosts)\"").utf8).write(
                to: URL(filePath: configuration))
            try await expect(
                a.check(), 1,
                """
                b.test: its name leads to 198.51.100.7 here, its package says 127.0.0.1
                  hint: whichever is wrong: its line in the hosts file or in the DNS, or its package (eopeers --replace FILE)
                """)
            try Data(text.utf8).write(to: URL(filePath: configuration))
            // Ten minutes ahead, as the whole tool sees it, but for the time that its request takes to get there.
            var late = a.tool("eopeers")
            late.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
            late.path = "/usr/bin/faketime"
            let clock = try await late.run(["-f", "+600s", a.tool("eopeers").path, "--check"])
            #expect(clock.status == 1)
            #expect(
                clock.output.firstMatch(
                    of: /^b.test: its clock is (59[0-9]|60[0-1]) seconds behind mine\n  hint: .*\n$/)
                    != nil, "\(clock)")
            // The certificate under another name, and another certificate under the name.
            _ = try await a.tool("eopeers").run(["--uninstall", "b.test"])
            _ = try await a.tool("eopeers").run(["--install", "-"], input: theirs.replacing("b.test", with: "c.test"))
            try await expect(
                a.check(), 1,
                """
                c.test: its certificate is for another host name
                  hint: it needs a certificate for c.test, and a new package
                """)
            _ = try await a.tool("eopeers").run(["--uninstall", "c.test"])
            let stranger = try TestIdentity("b.test").certificate
            let shown = try Certificate(pem: String(contentsOfFile: "\(b.home)/certs/cert.pem", encoding: .utf8))
            let escaped = [shown, stranger].map { $0.pem.replacing("\n", with: "\\n") }
            _ = try await a.tool("eopeers").run(
                ["--install", "-"], input: theirs.replacing(escaped[0], with: escaped[1]))
            try await expect(
                a.check(), 1,
                """
                b.test: it shows another certificate than the installed one: SHA-256 \(shown.fingerprint)
                  hint: if its operator reads out that fingerprint: eopeers --replace FILE with its new package
                """)
        }
    }

    @Test("a certificate that ran out since it was installed is found")
    func expired() async throws {
        let scratch = try ScratchFolder()
        let a = try await AuthorityProcess("a.test", in: scratch)
        let b = try await AuthorityProcess("b.test", in: scratch)
        let old = try Certificate.selfSigned(
            by: CertificateKey(file: "\(b.home)/certs/key-nopass.pem"), hostName: #require(HostName("b.test")),
            validFrom: Date() - 40 * 86_400, days: 39)
        try Data(old.pem.utf8).write(to: URL(filePath: "\(b.home)/certs/cert.pem"))
        // As it was installed a month ago.
        try await Data(b.package().utf8).write(to: URL(filePath: "\(a.home)/peers/b.test.package"))
        var trust = try TrustStore(file: "\(a.home)/certs/calist")
        trust.add(old)
        try trust.write(to: "\(a.home)/certs/calist")
        try await b.start()
        try await expect(
            a.check(), 1,
            """
            b.test: its certificate ran out on \(day(old.validUntil))
              hint: its operator types eorchestra renew-certificate and sends the new package
            """)
        #expect(await b.stop() == 0)
    }

    @Test("a peer that asks to be looked at twice in two seconds has to wait, and chooses nothing of what is looked at")
    func notAScanner() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            let body = #"{"address":"127.0.0.9","port":1,"hostname":"x"}"#
            // At once: looking alone may take two seconds on a busy machine.
            async let one = b.ask(a, "/api/check", body: body)
            async let another = b.ask(a, "/api/check", body: body)
            let answers = try await [one, another].sorted { $0.hasSuffix("200") && !$1.hasSuffix("200") }
            #expect(answers[0].contains(#""place":"127.0.0.1:\#(b.port)""#) && answers[0].hasSuffix("200"))
            #expect(answers[1] == #"{"error":"asked a moment ago: ask again in two seconds"}429"#)
            // The tool waits by itself.
            #expect(try await b.check().status == 0)
        }
    }

    private func expect(_ ended: BuiltTool.Ended, _ status: Int32, _ output: String) {
        #expect(ended == .init(status: status, output: output + "\n", errors: ""))
    }
}

extension AuthorityProcess {
    fileprivate func check(_ arguments: String...) async throws -> BuiltTool.Ended {
        try await tool("eopeers").run(["--check"] + arguments)
    }

    fileprivate func package() async throws -> String { try await tool("eopeers").run(["--show-mine"]).output }

    /// Puts `package` in the place of what is installed for its host.
    fileprivate func replace(_ package: String) async throws {
        let replaced = try await tool("eopeers").run(["--replace", "-"], input: package)
        try #require(replaced.status == 0, "\(replaced.errors)")
    }

    /// What another authority answers to a POST of curl with this one's certificate, and the status behind it.
    fileprivate func ask(_ other: AuthorityProcess, _ path: String, body: String) async throws -> String {
        var curl = BuiltTool("curl")
        curl.path = "/usr/bin/curl"
        return try await curl.run([
            "--cert", "\(home)/certs/cert.pem", "--key", "\(home)/certs/key-nopass.pem", "--silent", "--max-time", "20",
            "--cacert", "\(other.home)/certs/cert.pem", "--resolve", "\(other.hostName):\(other.port):127.0.0.1",
            "--data", body, "--write-out", "%{http_code}", "https://\(other.hostName):\(other.port)\(path)",
        ]).output
    }
}
