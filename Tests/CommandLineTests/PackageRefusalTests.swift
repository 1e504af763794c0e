// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("eopeers refuses a bad package with its own message, and changes nothing")
struct PackageRefusalTests {
    private let a: PeerHost
    private let c: TestIdentity

    init() throws {
        a = try PeerHost("a.example")
        c = try TestIdentity("c.example")
        // An end without a line end, comments and odd lines: nothing of it may change.
        _ = try a.scratch.write("127.0.0.1 localhost\r\n\n# mine \u{1}\n192.0.2.77 x.example # no end", to: "hosts")
        _ = try a.scratch.write("# first\n\(a.identity.certificate.pem)  # last, no end", to: "calist")
    }

    @Test("text that a shell, a path or a hosts line could take for something else")
    func text() async throws {
        for text in Text.all {
            try await expect(
                package([text.key: text.value]), isRefusedWith: "\(text.key) of the package holds \(text.found)",
                hint: "ask the peer for the output of: eopeers --show-mine")
        }
    }

    @Test("a host name outside of RFC 1123")
    func hostName() async throws {
        for name in [
            "", "-b.example", "b-.example", "b..example", ".b", "b_c.example", "bücher.example", "192.0.2.2", "b/c",
            String(repeating: "b", count: 64), String(repeating: "b.", count: 127) + "b",
        ] {
            let shown = name.count > 80 ? "\"\(name.prefix(80))\"…" : "\"\(name)\""
            try await expect(
                package(["hostname": name]), isRefusedWith: "\(shown) is not a valid host name",
                hint: "ask the peer for the output of: eopeers --show-mine")
        }
    }

    @Test("an address that is none")
    func address() async throws {
        for address in ["", "192.0.2", "192.0.2.256", "c.example", "1::2::3", "127.1", "0x7f000001"] {
            try await expect(
                package(["ip_address": address]), isRefusedWith: "\"\(address)\" is not an IPv4 or IPv6 address",
                hint: "ask the peer for the output of: eopeers --show-mine")
        }
    }

    @Test("an address that stands for this host itself, or for many hosts")
    func addressOfNoHost() async throws {
        for address in ["0.0.0.0", "255.255.255.255", "224.0.0.1", "239.1.2.3", "::", "ff02::1", "::ffff:0.0.0.0"] {
            try await expect(
                package(["ip_address": address]),
                isRefusedWith: "b.example cannot be reached at \(address), which is no address of one host",
                hint:
                    "the peer sets PUBLIC_IP_ADDRESS in its configuration, and sends the output of: eopeers --show-mine"
            )
        }
    }

    @Test("no certificate, two, more beside one, what is none, and a private key")
    func certificates() async throws {
        let pem = c.certificate.pem
        let ask = "ask the peer for the output of: eopeers --show-mine"
        let key = try String(contentsOfFile: a.scratch.path("key-nopass.pem"), encoding: .utf8)
        let lost = "tell the peer: that key is no longer secret and must be replaced"
        for (change, message, hint) in [
            (["ssl_certificate": "none"], "ssl_certificate of the package: found 0 certificates instead of one", ask),
            (
                ["ssl_certificate": pem + pem], "ssl_certificate of the package: found 2 certificates instead of one",
                ask
            ),
            (
                ["ssl_certificate": pem + "-----BEGIN CERTIFICATE-----\n"],
                "ssl_certificate of the package: 1 other PEM blocks stand beside the certificate", ask
            ),
            (
                ["ssl_certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
                "ssl_certificate of the package: these bytes are not an X.509 certificate", ask
            ),
            (["ssl_certificate": pem + key], "\"ssl_certificate\" of the package holds a private key", lost),
            (["ssl_key": key], "\"ssl_key\" of the package holds a private key", lost),
        ] as [([String: Any], String, String)] {
            try await expect(package(change), isRefusedWith: message, hint: hint)
        }
    }

    @Test("a certificate that ran out, is not valid yet, has a weak key or a weak signature")
    func unfit() async throws {
        let renew = "the peer makes a new one with: eorchestra renew-certificate, and sends its package again"
        let old = try TestIdentity("b.example", validFrom: Date() - 40 * 86_400, days: 39).certificate
        try await expect(
            package(["ssl_certificate": old.pem]),
            isRefusedWith: "the certificate of b.example ran out on \(day(old.validUntil))", hint: renew)
        let early = try TestIdentity("b.example", validFrom: Date() + 86_400).certificate
        try await expect(
            package(["ssl_certificate": early.pem]),
            isRefusedWith: "the certificate of b.example is not valid before \(moment(early.validFrom))",
            hint: "compare this machine's clock with the peer's: date --utc")
        try await expect(
            package(["ssl_certificate": await certificate("-newkey", "rsa:1024", "-sha256")]),
            isRefusedWith: "the key of b.example's certificate is too weak: \"RSA 1024\"", hint: renew)
        try await expect(
            package(["ssl_certificate": await certificate("-newkey", "rsa:2048", "-sha1")]),
            isRefusedWith: "the signature of b.example's certificate is too weak: \"sha1WithRSAEncryption\"",
            hint: renew)
    }

    @Test("my own name, my own certificate, localhost, and a certificate that another peer has")
    func others() async throws {
        let own = "the peer sends the output of eopeers --show-mine on its own machine"
        try await expect(
            package(["hostname": "A.example"]), isRefusedWith: "the package for a.example is this authority's own",
            hint: own)
        try await expect(
            package(["ssl_certificate": a.identity.certificate.pem]),
            isRefusedWith: "the certificate of b.example is this authority's own", hint: own)
        try await expect(
            package(["hostname": "localhost"]), isRefusedWith: "a peer cannot be called localhost",
            hint: "the peer sets HOSTNAME in its configuration and makes a certificate for that name")
        let installed = try await a.eopeers.run(["--install", "-"], input: package(["hostname": "c.example"]))
        #expect(installed.status == 0)
        try await expect(
            package([:]), isRefusedWith: "the certificate of b.example is installed for c.example already",
            hint: "to remove that peer: eopeers --uninstall c.example")
    }

    @Test("JSON of the wrong shape, duplicate keys, and more than 64 KiB")
    func shape() async throws {
        let good = try package([:])
        let twice = good.replacing(
            "{\"hostname\"", with: "{\"hostname\":\"b.example\",\"hostname\"", maxReplacements: 1)
        for (text, reason) in [
            ("", "JSON ends too early, expected a value"), ("[]", "\"the package\" is an array, expected an object"),
            ("{}", "the package has no \"hostname\""),
            (try package(["port": "5000"]), "\"port\" is a string, expected an integer"),
            (try package(["port": 0]), "\"port\" is 0, expected 1 to 65535"),
            (try package(["hostname": 7]), "\"hostname\" is an integer, expected a string"),
            (twice, "invalid JSON at byte 24: the key \"hostname\" occurs twice"),
            (good + "x", "invalid JSON at byte \(good.utf8.count): found \"x\", expected the end of the text"),
            (good + String(repeating: " ", count: 64 << 10), "it is larger than 64 KiB"),
        ] {
            try await expect(
                text, isRefusedWith: "this is no peer package: \(reason)",
                hint: "ask the peer for the output of: eopeers --show-mine")
        }
    }

    @Test("an unknown key is warned about, and the package installed")
    func unknownKeys() async throws {
        let installed = try await a.eopeers.run(
            ["--install", "-"], input: package(["prot": 5000, "\u{1B}[2J": 1] as [String: Any]))
        #expect(installed.status == 0)
        let expected = """
            eopeers: warning: the package for b.example has an unknown key "\\u{1b}[2J"
            eopeers: warning: the package for b.example has an unknown key "prot"
            eopeers: warning: the certificate of b.example is for another host name: connections to it will fail

            """
        #expect(installed.errors == expected)
    }

    /// Installs `package` from standard input and from a file.
    private func expect(_ package: String, isRefusedWith message: String, hint: String) async throws {
        let file = try a.scratch.write(package, to: "b.package")
        let before = try a.files()
        let expected = BuiltTool.Ended(
            status: 1, output: "", errors: "eopeers: error: \(message)\neopeers: hint: \(hint)\n")
        #expect(try await a.eopeers.run(["--install", file]) == expected)
        #expect(try await a.eopeers.run(["--install", "-"], input: package) == expected)
        #expect(try a.files() == before)
    }

    /// A good package for b.example with some keys changed; its certificate is of c.example.
    private func package(_ changes: [String: Any]) throws -> String {
        var object: [String: Any] = [
            "ssl_certificate": c.certificate.pem, "ip_address": "192.0.2.2", "hostname": "b.example",
        ]
        for (key, value) in changes { object[key] = value }
        let data = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
        return String(decoding: data, as: UTF8.self)
    }

    /// As other programs make it.
    private func certificate(_ arguments: String...) async throws -> String {
        var openssl = BuiltTool("openssl")
        openssl.path = "/usr/bin/openssl"
        let made = try await openssl.run(
            ["req", "-x509", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=b.example", "-days", "90"] + arguments)
        try #require(made.status == 0, "\(made.errors)")
        return made.output
    }

    private struct Text {
        let key: String
        let value: String
        let found: String

        static let all: [Text] = {
            var all = [
                Text(key: "ssl_certificate", value: "x\0", found: "a NUL byte"),
                Text(key: "ssl_certificate", value: "\u{1B}[2J", found: "the control character U+001B"),
                Text(key: "ssl_certificate", value: "$(reboot)", found: "the shell character $"),
                Text(key: "ssl_certificate", value: "../../etc/passwd", found: "../"),
            ]
            for (key, good) in [("hostname", "b.example"), ("ip_address", "192.0.2.2")] {
                for (bad, found) in [
                    ("\0", "a NUL byte"), ("\n", "a line end"), ("\r\n", "a line end"),
                    ("\u{1B}[2J", "the control character U+001B"), ("\t", "the control character U+0009"),
                    (" ", "a space"), ("\u{A0}", "a space"), ("../", "../"),
                ] {
                    all.append(Text(key: key, value: good + bad + "x", found: found))
                    all.append(Text(key: key, value: bad + good, found: found))
                }
                for shell in ["$", "`", ";", "|", "&", "<", ">", "(", "'", "\"", "\\", "*", "~", "!"] {
                    all.append(Text(key: key, value: good + shell, found: "the shell character \(shell)"))
                }
            }
            return all
        }()
    }
}
