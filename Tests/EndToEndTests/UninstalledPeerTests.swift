// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("An uninstalled peer is refused by a running authority", .serialized, .timeLimit(.minutes(5)))
struct UninstalledPeerTests {
    @Test(
        "within two seconds it is no longer let in, and is again when it is installed anew; the authority goes on serving"
    )
    func uninstalled() async throws {
        try await withAuthorities(["a.test", "b.test"]) { authorities in
            let (a, b) = (authorities[0], authorities[1])
            #expect(try await Curl(as: b).status(of: a) == "202")
            let removed = try await a.tool("eopeers").run(["--uninstall", "b.test"])
            #expect(removed.status == 0)
            try await becomes("000") { try await Curl(as: b).status(of: a) }
            let election = try await b.tool("eotest").run(["create", "--peers", "a.test", "--timeout", "30"])
            #expect(election.status != 0)
            #expect(election.errors.contains("eotest: error: "))
            try await a.install([b])
            try await becomes("202") { try await Curl(as: b).status(of: a) }
            #expect(try await Curl(as: a).status(of: a) == "202")
        }
    }

    @Test("a client without a certificate, and one with an unknown certificate, are refused")
    func strangers() async throws {
        try await withAuthorities(["a.test"]) { authorities in
            let scratch = try ScratchFolder()
            let stranger = try await AuthorityProcess("b.test", in: scratch)
            #expect(try await Curl(as: stranger).status(of: authorities[0]) == "000")
            #expect(try await Curl(as: nil).status(of: authorities[0]) == "000")
            #expect(try await Curl(as: authorities[0]).status(of: authorities[0]) == "202")
        }
    }

    /// Waits two seconds at most, as long as an authority may take to notice.
    private func becomes(_ expected: String, _ found: () async throws -> String) async throws {
        let deadline = ContinuousClock.now + .seconds(2)
        var last = try await found()
        while last != expected && ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(50))
            last = try await found()
        }
        #expect(last == expected)
    }
}

/// A client of another kind: curl, with the certificate of some authority.
struct Curl {
    /// Certificate and key.
    var clientPaths: (String, String)?
    var more: [String] = []

    /// - Parameter client: nil for a client without a certificate.
    init(as client: AuthorityProcess?, more: [String] = []) {
        clientPaths = client.map { ("\($0.home)/certs/cert.pem", "\($0.home)/certs/key-nopass.pem") }
        self.more = more
    }

    /// With a certificate that the parent's key has signed.
    init(asChildOf parent: AuthorityProcess, in scratch: ScratchFolder) async throws {
        var openssl = BuiltTool("openssl")
        openssl.path = "/usr/bin/openssl"
        let (request, key, certificate) = (
            scratch.path("child.csr"), scratch.path("child.key"), scratch.path("child.pem")
        )
        let requested = try await openssl.run([
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-subj", "/CN=child.\(parent.hostName)", "-out",
            request,
        ])
        try #require(requested.status == 0, "\(requested.errors)")
        let signed = try await openssl.run([
            "x509", "-req", "-in", request, "-CA", "\(parent.home)/certs/cert.pem", "-CAkey",
            "\(parent.home)/certs/key-nopass.pem", "-out", certificate,
        ])
        try #require(signed.status == 0, "\(signed.errors)")
        clientPaths = (certificate, key)
    }

    /// With that certificate and key.
    init(certificate: String, key: String) { clientPaths = (certificate, key) }

    /// The HTTP status of a path, or "000" where no connection came about.
    func status(of server: AuthorityProcess, path: String = "/public_api/check_state") async throws -> String {
        try await ask(server, path, ["--output", "/dev/null", "--write-out", "%{http_code}"]).output
    }

    /// What curl says of a request, with its flags for what that should be.
    func ask(_ server: AuthorityProcess, _ path: String, _ flags: [String]) async throws -> BuiltTool.Ended {
        var curl = BuiltTool("curl")
        curl.path = "/usr/bin/curl"
        let own = clientPaths.map { ["--cert", $0.0, "--key", $0.1] } ?? []
        return try await curl.run(
            own + ["--silent", "--max-time", "60"] + more + flags + [
                "--cacert", "\(server.home)/certs/cert.pem", "--resolve", "\(server.hostName):\(server.port):127.0.0.1",
                "--path-as-is", "https://\(server.hostName):\(server.port)\(path)",
            ])
    }
}
