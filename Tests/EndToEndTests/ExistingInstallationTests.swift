// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("Installations as the existing system leaves them", .serialized, .timeLimit(.minutes(5)))
struct ExistingInstallationTests {
    @Test("their certificates, configuration and packages run an election, and are byte for byte the same afterwards")
    func takenOver() async throws {
        let scratch = try ScratchFolder()
        let (a, b) = (
            try await AuthorityProcess("a.test", in: scratch), try await AuthorityProcess("b.test", in: scratch)
        )
        for authority in [a, b] { try await makeCertificate(of: authority) }
        let before = try [a, b].map(contents)
        for (authority, other) in [(a, b), (b, a)] {
            let package = try scratch.write(handwrittenPackage(of: other), to: "\(other.hostName).package")
            let installed = try await authority.tool("eopeers").run(["--install", package])
            try #require(installed.status == 0, "\(installed.errors)")
        }
        try await a.start()
        try await b.start()
        let rehearsal = try await a.tool("eotest").run(
            ["full", "--vmnd", "--vcount", "3", "--group", "sequent2048", "--timeout", "120"])
        #expect(rehearsal.status == 0, "\(rehearsal.errors)\n\(rehearsal.output)\n\(a.told)\n\(b.told)")
        for authority in [a, b] { #expect(await authority.stop() == 0) }
        for (authority, other) in [(a, b), (b, a)] {
            let removed = try await authority.tool("eopeers").run(["--uninstall", other.hostName])
            #expect(removed.status == 0, "\(removed.errors)")
        }
        #expect(try [a, b].map(contents) == before)
    }

    /// As that system's instructions say: openssl's defaults, a whole subject, no alternative names; the calist is a copy.
    private func makeCertificate(of authority: AuthorityProcess) async throws {
        var openssl = BuiltTool("openssl")
        openssl.path = "/usr/bin/openssl"
        let certs = "\(authority.home)/certs"
        let made = try await openssl.run([
            "req", "-nodes", "-x509", "-newkey", "rsa:2048", "-days", "365", "-keyout", "\(certs)/key-nopass.pem",
            "-out",
            "\(certs)/cert.pem", "-subj", "/C=ES/ST=Madrid/L=Madrid/O=Authority/OU=IT/CN=\(authority.hostName)",
        ])
        try #require(made.status == 0, "\(made.errors)")
        try FileManager.default.removeItem(atPath: "\(certs)/calist")
        try FileManager.default.copyItem(atPath: "\(certs)/cert.pem", toPath: "\(certs)/calist")
    }

    /// A package as Python's json.dumps(…, indent=4) writes it.
    private func handwrittenPackage(of authority: AuthorityProcess) throws -> String {
        let pem = try String(contentsOfFile: "\(authority.home)/certs/cert.pem", encoding: .utf8)
        return """
            {
                "ssl_certificate": "\(pem.replacing("\n", with: "\\n"))",
                "ip_address": "127.0.0.1",
                "hostname": "\(authority.hostName)",
                "port": \(authority.port)
            }
            """
    }

    private func contents(_ authority: AuthorityProcess) throws -> [Data] {
        try ["eoconf.json", "certs/cert.pem", "certs/key-nopass.pem", "certs/calist"].map {
            try Data(contentsOf: URL(filePath: "\(authority.home)/\($0)"))
        }
    }
}
