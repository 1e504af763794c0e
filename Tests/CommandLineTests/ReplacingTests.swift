// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("eopeers --replace and fingerprints, as operators use them")
struct ReplacingTests {
    private let a: PeerHost
    private let b: PeerHost
    /// The same authority at another address, with a new certificate.
    private let moved: PeerHost

    init() throws {
        a = try PeerHost("a.example")
        b = try PeerHost("b.example", address: "192.0.2.2")
        moved = try PeerHost("b.example", address: "192.0.2.3")
    }

    @Test("--replace swaps package, certificate and hosts line in one step; order and foreign entries stay")
    func replaced() async throws {
        let c = try PeerHost("c.example", address: "192.0.2.9")
        _ = try a.scratch.write("# mine\n192.0.2.2 other.example", to: "hosts")
        let hosts = try a.scratch.text("hosts")
        for host in [b, c] { _ = try await a.eopeers.run(["--install", "-"], input: host.package()) }
        let replaced = try await a.eopeers.run(["--replace", "-"], input: moved.package())
        let output = """
            replaced the package of b.example; the SHA-256 of its certificate, to compare by telephone:
              \(moved.identity.certificate.fingerprint.readAloud.joined(separator: "\n  "))
            the former certificate counts no more

            """
        #expect(replaced == .init(status: 0, output: output, errors: ""))
        #expect(try a.scratch.text("hosts") == hosts + "\n192.0.2.9 c.example\n192.0.2.3 b.example")
        #expect(
            try TrustStore(file: a.scratch.path("calist")).certificates
                == [a, c, moved].map(\.identity.certificate))
        #expect(try await a.eopeers.run(["--show", "b.example"]).output == moved.package())
        _ = try await a.eopeers.run(["--uninstall", "b.example", "c.example"])
        #expect(try a.scratch.text("hosts") == hosts)
        #expect(try a.scratch.text("calist") == a.identity.certificate.pem)
    }

    @Test("with --keep-old both certificates count, until the package is replaced once more or removed")
    func keepsOld() async throws {
        let (first, second) = (try await b.package(), try await moved.package())
        _ = try await a.eopeers.run(["--install", "-"], input: first)
        let before = try a.files()
        let replaced = try await a.eopeers.run(["--replace", "--keep-old", "-"], input: second)
        #expect(
            replaced.output.hasSuffix("the former certificate counts too, until you type: eopeers --replace FILE\n"))
        #expect(
            try TrustStore(file: a.scratch.path("calist")).certificates == [a, b, moved].map(\.identity.certificate))
        let fingerprint = b.identity.certificate.fingerprint.hex
        let listed = try await a.eopeers.run(["--list"])
        #expect(
            listed.output.contains("former certificate counts, too, until the next eopeers --replace: \(fingerprint)"))
        #expect(
            try await a.eopeers.run(["--list", "--json"]).output.contains("\"former_fingerprint\":\"\(fingerprint)\"")
        )
        let again = try await a.eopeers.run(["--replace", "-"], input: second)
        #expect(try await !a.eopeers.run(["--list"]).output.contains("former"))
        #expect(again.output.hasSuffix("the former certificate counts no more\n"))
        #expect(try TrustStore(file: a.scratch.path("calist")).certificates == [a, moved].map(\.identity.certificate))
        _ = try await a.eopeers.run(["--replace", "--keep-old", "-"], input: first)
        _ = try await a.eopeers.run(["--uninstall", "b.example"])
        _ = try await a.eopeers.run(["--install", "-"], input: first)
        #expect(try a.files() == before)
    }

    @Test("a certificate that somebody took out of the calist is warned about, and installing it again puts it back")
    func takenOut() async throws {
        let package = try await b.package()
        _ = try await a.eopeers.run(["--install", "-"], input: package)
        let whole = try a.files()
        _ = try a.scratch.write(a.identity.certificate.pem, to: "calist")
        let listed = try await a.eopeers.run(["--list"])
        #expect(listed.status == 0 && listed.errors.contains("the certificate of b.example is not in "))
        _ = try await a.eopeers.run(["--install", "-"], input: package)
        #expect(try await a.eopeers.run(["--list"]).errors == "")
        #expect(try a.files()["calist"] == whole["calist"])
    }

    @Test("a host that has no package cannot be replaced")
    func nothingToReplace() async throws {
        let before = try a.files()
        let refused = try await a.eopeers.run(["--replace", "-"], input: b.package())
        let errors = """
            eopeers: error: no package is installed for b.example that this one could replace
            eopeers: hint: to install it: eopeers --install FILE

            """
        #expect(refused == .init(status: 1, output: "", errors: errors))
        #expect(try a.files() == before)
    }

    @Test("--show-mine prints the fingerprint beside the package, in the form in which --fingerprint takes it")
    func fingerprint() async throws {
        let mine = try await b.eopeers.run(["--show-mine"])
        let lines = mine.errors.split(separator: "\n").map(String.init)
        #expect(lines.first == "the SHA-256 of this certificate, to read out to the peers' operators:")
        let read = lines.dropFirst().joined(separator: " ")
        #expect(read.wholeMatch(of: /(  [0-9a-f]{4}( [0-9a-f]{4}){3} ?){4}/) != nil, "\(read)")
        let other = moved.identity.certificate.fingerprint
        let before = try a.files()
        let refused = try await a.eopeers.run(
            ["--install", "--fingerprint", other.colonForm, "-"], input: mine.output)
        let errors = """
            eopeers: error: the certificate of b.example has SHA-256 \(b.identity.certificate.fingerprint), not \(other)
            eopeers: hint: do not install it before the peer's operator has read out the fingerprint that eopeers --show-mine prints there

            """
        #expect(refused == .init(status: 1, output: "", errors: errors))
        #expect(try a.files() == before)
        let right = try await a.eopeers.run(["--install", "--fingerprint", read, "-"], input: mine.output)
        #expect(right.status == 0 && right.errors.isEmpty)
    }

    @Test("--list warns thirty days before a certificate runs out, and says when my own does")
    func expiry() async throws {
        let soon = try TestIdentity("b.example", days: 29)
        let package = try await b.package().replacing(
            b.identity.certificate.pem.replacing("\n", with: "\\n"),
            with: soon.certificate.pem.replacing("\n", with: "\\n"))
        _ = try await a.eopeers.run(["--install", "-"], input: package)
        let date = day(soon.certificate.validUntil)
        let listed = try await a.eopeers.run(["--list"])
        #expect(
            listed.errors
                == "eopeers: warning: the certificate of b.example runs out on \(date), in 28 days: eorchestra renew-certificate makes a new one there\n"
        )
        let json = try await a.eopeers.run(["--list", "--json"])
        let peers = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(peers?.first?["days_left"] as? Int == 28)
        try DurableFile.write(Array(soon.certificate.pem.utf8), to: b.scratch.path("cert.pem"), mode: 0o644)
        #expect(
            try await b.eopeers.run(["--list"]).errors.hasPrefix(
                "eopeers: warning: the certificate of this authority runs out on \(date), in 28 days"))
    }
}
