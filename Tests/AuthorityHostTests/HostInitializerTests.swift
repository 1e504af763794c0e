// SPDX-License-Identifier: Apache-2.0

@testable import AuthorityHost
import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("eorchestra init")
struct HostInitializerTests {
    private let scratch: ScratchFolder
    private let initializer: HostInitializer

    init() throws {
        scratch = try ScratchFolder()
        var initializer = HostInitializer(
            home: scratch.path("home"), hostName: try #require(HostName("a.example")),
            publicAddress: try #require(IPAddress("192.0.2.1")), privateAddress: try #require(IPAddress("10.0.0.1")))
        initializer.port = 5001
        initializer.acceptsAutomatically = true
        initializer.keyBitCount = 2048
        self.initializer = initializer
    }

    @Test("the configuration that it prints leads to a certificate, its key and a calist with it")
    func usable() throws {
        let configuration = try HostConfiguration(file: try initializer.run())
        #expect(configuration.unknownKeys.isEmpty)
        #expect(configuration.port == 5001 && configuration.acceptsAutomatically && configuration.hostsPath == nil)
        let identity = try configuration.ownIdentity()
        #expect(identity.certificate.hostNames == ["a.example"])
        #expect(identity.certificate.addresses.map(\.text) == ["192.0.2.1", "10.0.0.1"])
        #expect(identity.certificate.validUntil.timeIntervalSinceNow > 10 * 365 * 86_400)
        #expect(try TrustStore(file: configuration.trustStorePath).certificates == [identity.certificate])
    }

    @Test("private files are 0600, folders 0700")
    func modes() throws {
        _ = try initializer.run()
        let files = ["home/eoconf.json", "home/certs/key-nopass.pem", "home/data/identity/signing.key"]
        for file in files { #expect(try scratch.mode(file) == 0o600, "\(file)") }
        let folders = [
            "", "/certs", "/peers", "/log", "/data", "/data/identity", "/data/private", "/data/public", "/eotest/data",
        ]
        for folder in folders { #expect(try scratch.mode("home" + folder) == 0o700, "\(folder)") }
    }

    @Test("a second time it refuses and changes nothing")
    func twice() throws {
        let path = try initializer.run()
        let before = try contents()
        #expect(throws: HostInitializerError.exists(path: path)) { try initializer.run() }
        #expect(try contents() == before)
    }

    @Test("after it was broken off it goes on with the key that is there")
    func brokenOff() throws {
        let path = try initializer.run()
        let before = try contents()
        try FileManager.default.removeItem(atPath: path)
        #expect(try initializer.run() == path)
        #expect(try contents() == before)
    }

    @Test("a key that does not fit the certificate is not replaced")
    func foreignKey() throws {
        let path = try initializer.run()
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.removeItem(atPath: scratch.path("home/certs/key-nopass.pem"))
        try TestIdentity("a.example").key.create(at: scratch.path("home/certs/key-nopass.pem"))
        let before = try contents()
        #expect(throws: CertificateError.keyMismatch) { try initializer.run() }
        #expect(try contents() == before)
    }

    private func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: scratch.path) {
            contents[name] = FileManager.default.contents(atPath: scratch.path(name)) ?? Data()
        }
        return contents
    }
}
