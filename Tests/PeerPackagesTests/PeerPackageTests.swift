// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import PeerPackages
import Testing
import TrustStores

@Suite("A peer package is untrusted input")
struct PeerPackageTests {
    private let identity: TestIdentity

    init() throws { identity = try TestIdentity("b.example") }

    @Test("it goes to one line of JSON and back")
    func roundTrip() throws {
        let package = try read(["port": 5001, "version": 3])
        #expect(!package.json.contains("\n"))
        #expect(try PeerPackage(json: Array(package.json.utf8)) == package)
        #expect(package.port == 5001 && package.version == 3)
        #expect(package.address.text == "192.0.2.2" && package.hostName.text == "b.example")
        #expect(package.certificate == identity.certificate)
    }

    @Test("port and version may be left out; other keys, as another program may add, change nothing")
    func optionalKeys() throws {
        let package = try read(["is_master": true, "comment": "x"])
        #expect(package.port == 5000 && package.version == 1)
    }

    @Test("a package in the words of the Python eopeers is taken: indented, escaped, text before the certificate")
    func pythonPackage() throws {
        let pem = "Certificate:\n    Data:\n\(identity.certificate.pem)"
        let escaped = pem.replacing("\n", with: "\\n").replacing("/", with: "\\/")
        let json = """
            {
                "ssl_certificate": "\(escaped)",
                "ip_address": "192.0.2.2",
                "hostname": "b.example"
            }

            """
        #expect(try PeerPackage(json: Array(json.utf8)).certificate == identity.certificate)
    }

    @Test("a missing key is named", arguments: ["ssl_certificate", "ip_address", "hostname"])
    func missing(key: String) throws {
        let error = try #require(throws: PeerPackageError.self) { try read([key: nil]) }
        #expect(error == .malformed(reason: "the package has no \"\(key)\""))
    }

    @Test(
        "host names that would leave a path or a hosts line are refused",
        arguments: [
            ("../../etc/x", .forbidden(.parentFolder, key: "hostname")), ("a b", .forbidden(.space, key: "hostname")),
            ("a\n1.2.3.4 c", .forbidden(.lineEnd, key: "hostname")), ("-x", .invalidHostname("-x")),
            ("", .invalidHostname("")),
        ] as [(String, PeerPackageError)])
    func hostNames(name: String, error: PeerPackageError) {
        #expect(throws: error) { try read(["hostname": name]) }
    }

    @Test("what is no address is refused", arguments: ["b.example", "192.0.2", ""])
    func addresses(address: String) {
        #expect(throws: PeerPackageError.invalidAddress(address)) { try read(["ip_address": address]) }
    }

    @Test("no certificate, two, a private key and noise are refused as what they are")
    func certificates() throws {
        let pem = identity.certificate.pem
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
        #expect(throws: PeerPackageError.certificate(.certificateCount(0))) { try read(["ssl_certificate": "x"]) }
        #expect(throws: PeerPackageError.certificate(.certificateCount(2))) { try read(["ssl_certificate": pem + pem]) }
        #expect(throws: PeerPackageError.privateKey(key: "ssl_certificate")) {
            try read(["ssl_certificate": pem + key])
        }
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        #expect(throws: PeerPackageError.certificate(.malformed)) { try read(["ssl_certificate": broken]) }
    }

    @Test("wrong types, ports out of range, repeated keys, no object and too many bytes are refused")
    func shapes() throws {
        for changes: [String: Any] in [
            ["port": "5000"], ["port": 0], ["port": 65536], ["hostname": 7], ["version": -1],
        ] {
            #expect(throws: PeerPackageError.self, "\(changes)") { try read(changes) }
        }
        for json in ["", "[]", "{}", #"{"hostname": "a", "hostname": "b"}"#, "null"] {
            #expect(throws: PeerPackageError.self, "\(json)") { try PeerPackage(json: Array(json.utf8)) }
        }
        let large = [UInt8](repeating: 0x20, count: PeerPackage.byteLimit + 1)
        #expect(throws: PeerPackageError.tooLarge(limit: PeerPackage.byteLimit)) {
            try PeerPackage(json: large)
        }
    }

    /// A good package with some keys changed; nil takes one out.
    private func read(_ changes: [String: Any?]) throws -> PeerPackage {
        var object: [String: Any] = [
            "ssl_certificate": identity.certificate.pem, "ip_address": "192.0.2.2", "hostname": "b.example",
        ]
        for (key, value) in changes { object[key] = value }
        return try PeerPackage(json: Array(JSONSerialization.data(withJSONObject: object)))
    }
}
