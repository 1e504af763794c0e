// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("eopeers --keystore, checked with Java's keytool")
struct KeystoreTests {
    private let a: PeerHost
    private let b: PeerHost
    private let password = "correct horse"
    private var keystore: String { a.scratch.path("trust.ks") }

    init() throws {
        a = try PeerHost("a.example", more: #", "KEYSTORE_PASS": "correct horse""#)
        b = try PeerHost("b.example", address: "192.0.2.2")
    }

    @Test("a new keystore is PKCS#12, for its owner alone, and keytool lists the peer as a trusted certificate")
    func new() async throws {
        let installed = try await eopeers("--install", "-", input: b.package())
        #expect(installed.status == 0 && installed.errors.isEmpty)
        #expect(try await listed() == ["b.example": "trustedCertEntry \(b.identity.certificate.fingerprint.colonForm)"])
        #expect(try await keytool("-list").contains("Keystore type: PKCS12"))
        #expect(try a.scratch.mode("trust.ks") == 0o600)
        #expect(try await eopeers("--uninstall", "b.example").status == 0)
        #expect(try await listed() == [:])
    }

    @Test(
        "a keystore that keytool made keeps its other entries and its key",
        arguments: [
            ["-storetype", "JKS"], ["-storetype", "PKCS12"], ["-storetype", "PKCS12", "-J-Dkeystore.pkcs12.legacy"],
        ])
    func madeByKeytool(kind: [String]) async throws {
        let other = try a.scratch.write(TestIdentity("other.example").certificate.pem, to: "other.pem")
        try await keytool(
            ["-genkeypair", "-alias", "mykey", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=x"] + kind)
        try await keytool(["-importcert", "-noprompt", "-alias", "other", "-file", other] + kind)
        let before = try await listed()
        #expect(before.count == 2)
        #expect(try await eopeers("--install", "-", input: b.package()).status == 0)
        let entry = "trustedCertEntry \(b.identity.certificate.fingerprint.colonForm)"
        #expect(try await listed() == before.merging(["b.example": entry]) { $1 })
        #expect(try await keytool("-list").contains("Keystore type: \(kind[1])"))
        // The key can still be used: a request for a certificate is signed with it.
        #expect(try await keytool("-certreq", "-alias", "mykey").contains("BEGIN NEW CERTIFICATE REQUEST"))
        let moved = try PeerHost("b.example", address: "192.0.2.3")
        #expect(try await eopeers("--replace", "-", input: moved.package()).status == 0)
        let newEntry = "trustedCertEntry \(moved.identity.certificate.fingerprint.colonForm)"
        #expect(try await listed() == before.merging(["b.example": newEntry]) { $1 })
        #expect(try await eopeers("--uninstall", "b.example").status == 0)
        #expect(try await listed() == before)
        #expect(try await keytool("-certreq", "-alias", "mykey").contains("BEGIN NEW CERTIFICATE REQUEST"))
    }

    @Test("keytool takes out and puts in what eopeers wrote", arguments: ["JKS", "PKCS12"])
    func changedByKeytool(type: String) async throws {
        let other = try a.scratch.write(TestIdentity("other.example").certificate.pem, to: "other.pem")
        try await keytool("-importcert", "-noprompt", "-alias", "other", "-file", other, "-storetype", type)
        _ = try await eopeers("--install", "-", input: b.package())
        try await keytool("-delete", "-alias", "other")
        #expect(try await listed().keys.sorted() == ["b.example"])
        try await keytool("-delete", "-alias", "b.example")
        let before = try Data(contentsOf: URL(filePath: keystore))
        // What is not there cannot be taken out, and the peer goes all the same.
        #expect(try await eopeers("--uninstall", "b.example").status == 0)
        #expect(try Data(contentsOf: URL(filePath: keystore)) == before)
    }

    @Test("a wrong password or a damaged file changes nothing", arguments: ["JKS", "PKCS12"])
    func refused(type: String) async throws {
        let other = try a.scratch.write(TestIdentity("other.example").certificate.pem, to: "other.pem")
        try await keytool("-importcert", "-noprompt", "-alias", "other", "-file", other, "-storetype", type)
        let configuration = try a.scratch.text("eoconf.json")
        _ = try a.scratch.write(configuration.replacing(password, with: "wrong horse"), to: "eoconf.json")
        try await expectRefusal("KEYSTORE_PASS is not the password of \"\(keystore)\", or the file is damaged")
        _ = try a.scratch.write(configuration, to: "eoconf.json")
        let good = try Data(contentsOf: URL(filePath: keystore))
        for count in [13, good.count / 2, good.count - 1] {
            try good.prefix(count).write(to: URL(filePath: keystore))
            try await expectRefusal(nil)
        }
        for place in [20, good.count / 2, good.count - 30] {
            var bad = good
            bad[place] ^= 0x40
            try bad.write(to: URL(filePath: keystore))
            try await expectRefusal(nil)
        }
        try Data("no keystore\n".utf8).write(to: URL(filePath: keystore))
        try await expectRefusal("\"\(keystore)\" is neither a JKS nor a PKCS#12 keystore")
        try (Data([0xCE, 0xCE, 0xCE, 0xCE]) + good).write(to: URL(filePath: keystore))
        try await expectRefusal("\"\(keystore)\" is a JCEKS keystore, only JKS and PKCS#12 are taken")
    }

    @Test("an entry of somebody else under the peer's name is not overwritten", arguments: ["JKS", "PKCS12"])
    func taken(type: String) async throws {
        let other = try a.scratch.write(TestIdentity("other.example").certificate.pem, to: "other.pem")
        try await keytool("-importcert", "-noprompt", "-alias", "b.example", "-file", other, "-storetype", type)
        try await expectRefusal("the keystore \"\(keystore)\" holds another certificate under \"b.example\"")
        try await keytool("-delete", "-alias", "b.example")
        try await keytool(
            "-genkeypair", "-alias", "B.example", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=x", "-storetype",
            type)
        try await expectRefusal("the keystore \"\(keystore)\" holds a key under \"b.example\"")
    }

    @Test("without KEYSTORE_PASS nothing is done; a peer that is installed can be put into a keystore later")
    func later() async throws {
        let without = try PeerHost("a.example")
        let refused = try await without.eopeers.run(["--install", "-", "--keystore", keystore], input: b.package())
        #expect(refused.status == 78)
        #expect(
            refused.errors
                == "eopeers: error: the configuration \"\(without.configurationPath)\" has no KEYSTORE_PASS\n")
        #expect(!FileManager.default.fileExists(atPath: keystore))
        let package = try await b.package()
        #expect(try await a.eopeers.run(["--install", "-"], input: package).status == 0)
        #expect(try await eopeers("--install", "-", input: package).output.hasPrefix("installed b.example"))
        #expect(try await listed().keys.sorted() == ["b.example"])
        #expect(try await eopeers("--install", "-", input: package).output.hasPrefix("b.example is installed already"))
    }

    @Test("killed at each step, the keystore goes the way of the other files", arguments: ["rename", "unlink"])
    func killed(call: String) async throws {
        let package = try await a.scratch.write(b.package(), to: "b.package")
        for count in 1...12 {
            var strace = a.eopeers
            strace.path = "/usr/bin/strace"
            let ended = try await strace.run(
                ["-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(count)"]
                    + [a.eopeers.path, "--install", package, "--keystore", keystore])
            // Any next run does it, and needs neither the keystore's name nor its password.
            #expect(try await a.eopeers.run(["--uninstall", "nobody.example"]).status == 1)
            let isInstalled = try await a.eopeers.run(["--list", "b.example"]).status == 0
            let isInKeystore = FileManager.default.fileExists(atPath: keystore)
            #expect(isInstalled == isInKeystore, "killed at \(call) \(count)")
            if isInKeystore { #expect(try await listed().keys.sorted() == ["b.example"]) }
            #expect(try !a.files().keys.contains { $0.hasSuffix(".new") || $0.hasSuffix(".journal") })
            if isInstalled { _ = try await a.eopeers.run(["--uninstall", "b.example"]) }
            try? FileManager.default.removeItem(atPath: keystore)
            if ended.status == 0 { return }
        }
        Issue.record("it never came to its end")
    }

    // MARK: Tools

    @discardableResult
    private func keytool(_ arguments: String...) async throws -> String { try await keytool(arguments) }

    @discardableResult
    private func keytool(_ arguments: [String]) async throws -> String {
        var tool = BuiltTool("keytool")
        tool.path = "/usr/bin/keytool"
        let ended = try await tool.run(arguments + ["-keystore", keystore, "-storepass", password])
        try #require(ended.status == 0, "\(ended.output)\(ended.errors)")
        return ended.output
    }

    /// Kind and SHA-256 of what keytool lists, by alias.
    private func listed() async throws -> [String: String] {
        let lines = try await keytool("-list").split(separator: "\n").map(String.init)
        var found: [String: String] = [:]
        for (line, next) in zip(lines, lines.dropFirst() + [""]) {
            guard let match = line.firstMatch(of: /^(.*), \w{3} \d+, \d{4}, (\w+Entry)/) else { continue }
            let fingerprint = next.split(separator: " ").last ?? ""
            found[String(match.1)] = "\(match.2) \(fingerprint)"
        }
        return found
    }

    private func eopeers(_ arguments: String..., input: String = "") async throws -> BuiltTool.Ended {
        try await a.eopeers.run(arguments + ["--keystore", keystore], input: input)
    }

    private func expectRefusal(_ message: String?) async throws {
        let before = try a.files()
        let refused = try await eopeers("--install", "-", input: b.package())
        #expect(refused.status == 1 && refused.output.isEmpty)
        let first = refused.errors.split(separator: "\n").first.map(String.init)
        if let message { #expect(first == "eopeers: error: \(message)") }
        #expect(first?.hasPrefix("eopeers: error: ") == true)
        #expect(!refused.errors.contains("horse"))
        #expect(try a.files() == before)
    }
}
