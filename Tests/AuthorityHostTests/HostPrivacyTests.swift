// SPDX-License-Identifier: Apache-2.0

@testable import AuthorityHost
import DurableFiles
import Foundation
import HostTestSupport
import OperatorErrors
import Testing
import TrustStores

@Suite("Modes and owners of an authority's files")
struct HostPrivacyTests {
    private let scratch: ScratchFolder
    private let configuration: HostConfiguration

    init() throws {
        scratch = try ScratchFolder()
        var initializer = HostInitializer(
            home: scratch.path("home"), hostName: try #require(HostName("a.example")),
            publicAddress: try #require(IPAddress("192.0.2.1")), privateAddress: try #require(IPAddress("10.0.0.1")))
        initializer.keyBitCount = 2048
        configuration = try HostConfiguration(file: try initializer.run())
        try DurableFile.makeFolder(scratch.path("home/data/private/7/0-x"), mode: 0o700)
        for name in ["data/authority.sqlite", "data/private/7/0-x/key.share", "data/private/7/0-x/dealing.seed"] {
            try DurableFile.write([1], to: scratch.path("home/\(name)"), mode: 0o600)
        }
    }

    private func path(_ name: String) -> String { scratch.path("home/\(name)") }

    @Test("an authority as init makes it is taken")
    func asMade() throws {
        try HostPrivacy(configuration).check()
    }

    @Test(
        "keys, seeds, shares and the database that others could read are refused, with what to type",
        arguments: [
            ("certs/key-nopass.pem", nil), ("data/identity", nil), ("data/identity/signing.key", nil),
            ("data/authority.sqlite", nil), ("data/private", nil), ("data/private/7/0-x/key.share", "data/private"),
            ("data/private/7/0-x/dealing.seed", "data/private"),
        ] as [(String, String?)])
    func readable(name: String, shown: String?) throws {
        let isFolder =
            try FileManager.default.attributesOfItem(atPath: path(name))[.type] as? FileAttributeType
            == .typeDirectory
        for mode: mode_t in isFolder ? [0o750, 0o701, 0o777] : [0o640, 0o604, 0o660] {
            chmod(path(name), mode)
            let error = try #require(throws: ExposedFile.self) { try HostPrivacy(configuration).check() }
            #expect(error == ExposedFile(path: path(shown ?? name), finding: .readable(mode: mode)))
            #expect(error.exitCode == .configuration && error.hint == "chmod -R go= \"\(path(shown ?? name))\"")
        }
        chmod(path(name), isFolder ? 0o700 : 0o600)
        try HostPrivacy(configuration).check()
    }

    @Test(
        "what decides whom this authority trusts may be read by all, and changed by nobody else",
        arguments: ["eoconf.json", "certs/cert.pem", "certs/calist", "peers", "data"])
    func changeable(name: String) throws {
        chmod(path(name), 0o755)
        try HostPrivacy(configuration).check()
        chmod(path(name), 0o775)
        let error = try #require(throws: ExposedFile.self) { try HostPrivacy(configuration).check() }
        #expect(error == ExposedFile(path: path(name), finding: .writable(mode: 0o775)))
        #expect(error.hint == "chmod go-w \"\(path(name))\"")
    }

    @Test("a configuration with a KEYSTORE_PASS is a secret itself")
    func password() throws {
        chmod(path("eoconf.json"), 0o644)
        var text = try scratch.text("home/eoconf.json")
        text.replace("{", with: "{\"KEYSTORE_PASS\": \"secret\", ", maxReplacements: 1)
        let changed = try HostConfiguration(bytes: Array(text.utf8), path: path("eoconf.json"))
        let error = try #require(throws: ExposedFile.self) { try HostPrivacy(changed).check() }
        #expect(error.path == path("eoconf.json") && error.finding == .readable(mode: 0o644))
        chmod(path("eoconf.json"), 0o600)
        try HostPrivacy(changed).check()
    }

    @Test("files of another user are refused", .enabled(if: geteuid() == 0))
    func foreign() throws {
        for name in ["certs/key-nopass.pem", "data/private", "certs/calist"] {
            chown(path(name), 65_534, 65_534)
            let error = try #require(throws: ExposedFile.self) { try HostPrivacy(configuration).check() }
            #expect(error == ExposedFile(path: path(name), finding: .foreign(owner: 65_534, user: 0)))
            chown(path(name), 0, 0)
        }
    }
}
