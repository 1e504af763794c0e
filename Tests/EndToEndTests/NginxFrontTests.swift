// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite(
    "Elections through Debian's nginx, with the configurations of scripts/nginx", .serialized, .timeLimit(.minutes(5)))
struct NginxFrontTests {
    private static let election = ["full", "--vmnd", "--vcount", "5", "--group", "sequent2048", "--timeout", "120"]

    @Test("TLS passed through: a whole election; the authorities themselves refuse strangers, and log where they are")
    func passThrough() async throws {
        try await withFronts(passThroughFront) { authorities, _ in
            let (a, b) = (authorities[0], authorities[1])
            try await expectElection(from: a)

            let scratch = try ScratchFolder()
            let stranger = try await AuthorityProcess("b.test", in: scratch)
            let elsewhere = ["--interface", "127.0.0.9"]
            #expect(try await Curl(as: b, more: elsewhere).status(of: a) == "202")
            #expect(try await Curl(as: stranger, more: elsewhere).status(of: a) == "000")
            #expect(try await Curl(as: nil, more: elsewhere).status(of: a) == "000")
            try await expectLogged(
                "refused a client's certificate: it is not installed", with: #""address":"127.0.0.9""#, by: a)

            // Past nginx: from its address without a header, from elsewhere with one.
            let direct = ["--connect-to", "::127.0.0.2:"]
            #expect(try await Curl(as: b, more: direct + elsewhere).status(of: a) == "202")
            #expect(try await Curl(as: b, more: direct + elsewhere + ["--haproxy-protocol"]).status(of: a) == "000")
            #expect(try await Curl(as: b, more: direct).status(of: a) == "000")
            try await expectLogged("it does not begin with a PROXY header", with: #""address":"127.0.0.1""#, by: a)
        }
    }

    @Test("TLS passed through: one client holds no more connections than the limit")
    func limit() async throws {
        try await withFronts(passThroughFront) { authorities, fronts in
            let a = authorities[0]
            var held: [Int32] = []
            defer { for descriptor in held { close(descriptor) } }
            // nginx takes them in their order, and whoever comes behind them.
            for _ in 0..<64 { held.append(try connected(port: a.port)) }
            #expect(try await Curl(as: authorities[1]).status(of: a) == "000")
            let words = #"limiting connections by zone "eorchestra_client""#
            #expect(try await eventually { fronts[0].told.contains(words) })
            #expect(try await Curl(as: authorities[1], more: ["--interface", "127.0.0.9"]).status(of: a) == "202")
        }
    }

    @Test(
        "client certificates checked by nginx: a whole election; only exactly the installed certificates, and no other header"
    )
    func verifyClient() async throws {
        try await withFronts(verifyingFront) { authorities, _ in
            let (a, b) = (authorities[0], authorities[1])
            try await expectElection(from: a)
            try await expectLogged("a proxy judges who may connect", with: #""level":"warning""#, by: a)
            let socket = try FileManager.default.attributesOfItem(atPath: socketPath(of: a))
            #expect(socket[.posixPermissions] as? Int == 0o600)
            #expect(socket[.ownerAccountName] as? String == NginxProcess.user)

            let scratch = try ScratchFolder()
            let stranger = try await AuthorityProcess("b.test", in: scratch)
            #expect(try await Curl(as: b).status(of: a) == "202")
            #expect(try await Curl(as: stranger).status(of: a) == "400")
            #expect(try await Curl(as: nil).status(of: a) == "400")

            // nginx follows a chain from an installed certificate, the authority does not; a header of the client's own is replaced.
            let child = try await Curl(asChildOf: b, in: scratch)
            #expect(try await child.status(of: a) == "403")
            let forged = try String(contentsOfFile: "\(b.home)/certs/cert.pem", encoding: .utf8)
                .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            let header = ["--header", "X-SSL-Client-Cert: \(try #require(forged))"]
            var forging = child
            forging.more = header
            #expect(try await forging.status(of: a) == "403")
            forging.clientPaths = nil
            #expect(try await forging.status(of: a) == "400")
        }
    }

    @Test(
        "client certificates checked by nginx: nginx is reloaded when a peer comes, and a removed one is refused at once"
    )
    func reload() async throws {
        try await withFronts(verifyingFront) { authorities, _ in
            let (a, b) = (authorities[0], authorities[1])
            let removed = try await a.tool("eopeers").run(["--uninstall", b.hostName])
            #expect(removed.status == 0)
            // By the authority at first, by nginx once it was reloaded.
            #expect(["403", "400"].contains(try await Curl(as: b).status(of: a)))
            try await becomes("400") { try await Curl(as: b).status(of: a) }
            let checked = try await b.tool("eopeers").run(["--check", a.hostName])
            #expect(
                checked.status == 1 && checked.output.contains("my certificate is not installed there"), "\(checked)")
            try await a.install([b])
            try await becomes("202") { try await Curl(as: b).status(of: a) }
            try await expectLogged("the proxy was told to read the trust store", with: "/usr/sbin/nginx", by: a)
        }
    }

    // MARK: Fronts

    private typealias MakeFront = (AuthorityProcess, ScratchFolder) throws -> (NginxProcess, serving: [String])

    /// The authority stands on 127.0.0.2, nginx in front of it on 127.0.0.1, both with the package's ports.
    private func passThroughFront(
        _ authority: AuthorityProcess, _ scratch: ScratchFolder
    ) throws -> (NginxProcess, serving: [String]) {
        try authority.configure(["LISTEN_ADDRESS": "127.0.0.2", "PROXY_PROTOCOL_FROM": ["127.0.0.1"]])
        let changes = [
            ("127.0.0.1:5000", "127.0.0.2:\(authority.port)"), ("127.0.0.1:4081", "127.0.0.2:\(authority.mixnetPort)"),
            ("192.0.2.10:5000", "127.0.0.1:\(authority.port)"),
            ("192.0.2.10:4081", "127.0.0.1:\(authority.mixnetPort)"),
        ]
        let front = try NginxProcess(
            "pass-through.conf", inside: { $0 }, changes: changes, in: scratch, name: "nginx-\(authority.hostName)")
        return (front, [])
    }

    private func verifyingFront(
        _ authority: AuthorityProcess, _ scratch: ScratchFolder
    ) throws -> (NginxProcess, serving: [String]) {
        let name = "nginx-\(authority.hostName)"
        let changes = [
            ("192.0.2.10:5000", "127.0.0.1:\(authority.port)"), ("auth1.example.org", authority.hostName),
            ("/srv/certs/selfsigned", "\(authority.home)/certs"),
            ("unix:/run/eorchestra/proxy.sock", "unix:\(socketPath(of: authority))"),
        ]
        let front = try NginxProcess(
            "verify-client.conf", inside: { site(around: $0, folder: scratch.path(name)) }, changes: changes,
            in: scratch,
            name: name)
        chmod(authority.home, 0o711)
        try authority.configure([
            "PROXY_USER": NginxProcess.user,
            "PROXY_RELOAD_COMMAND": [NginxProcess.program] + front.arguments + ["-s", "reload"],
        ])
        return (front, ["--behind-proxy", socketPath(of: authority)])
    }

    private func socketPath(of authority: AuthorityProcess) -> String { "\(authority.home)/p.sock" }

    /// What Debian's nginx.conf has around a file of conf.d.
    private func site(around text: String, folder: String) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
        return "http {\naccess_log \(folder)/access.log;\n\(temporary.joined(separator: "\n"))\n\(text)\n}"
    }

    /// Two authorities that trust each other, each behind a front of its own.
    private func withFronts(
        _ make: MakeFront, _ body: ([AuthorityProcess], [NginxProcess]) async throws -> Void
    ) async throws {
        let scratch = try ScratchFolder()
        var (authorities, fronts): ([AuthorityProcess], [NginxProcess]) = ([], [])
        for name in ["a.test", "b.test"] { authorities.append(try await AuthorityProcess(name, in: scratch)) }
        for authority in authorities { try await authority.install(authorities) }
        do {
            for authority in authorities {
                let (front, serving) = try make(authority, scratch)
                fronts.append(front)
                try await authority.start(serving, behindProxy: true)
                try await front.start(port: authority.port)
            }
            try await body(authorities, fronts)
        } catch {
            for authority in authorities { Issue.record("\(authority.hostName):\n\(authority.told)") }
            for front in fronts { Issue.record("nginx:\n\(front.told)") }
            for authority in authorities { await authority.kill() }
            for front in fronts { await front.stop() }
            throw error
        }
        for front in fronts { await front.stop() }
        for authority in authorities {
            #expect(await authority.stop() == 0, "\(authority.hostName) after SIGTERM:\n\(authority.told)")
        }
    }

    // MARK: Expectations

    private func expectElection(from authority: AuthorityProcess) async throws {
        let rehearsal = try await authority.tool("eotest").run(Self.election)
        try #require(rehearsal.status == 0, "\(rehearsal.errors)\n\(rehearsal.output)")
        let tallies = try authority.tallies()
        #expect(tallies.count == 1)
    }

    /// A client knows that it was refused before the authority has written so.
    private func expectLogged(_ message: String, with field: String, by authority: AuthorityProcess) async throws {
        let isLogged = try await eventually {
            let lines = try String(contentsOfFile: authority.logPath, encoding: .utf8).split(separator: "\n")
            return lines.contains { $0.contains(message) && $0.contains(field) }
        }
        #expect(isLogged, "\(message) with \(field)")
    }

    private func becomes(_ expected: String, _ found: () async throws -> String) async throws {
        #expect(try await eventually { try await found() == expected })
    }
}
