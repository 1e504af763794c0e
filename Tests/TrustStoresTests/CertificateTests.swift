// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("Certificates")
struct CertificateTests {
    private let scratch: ScratchFolder
    private let identity: TestIdentity

    init() throws {
        scratch = try ScratchFolder()
        identity = try TestIdentity("a.example", addresses: ["192.0.2.7", "2001:db8::1"], days: 40)
    }

    @Test("a self-signed certificate is a root with the names, addresses, usages and dates that were asked")
    func selfSigned() throws {
        let certificate = identity.certificate
        #expect(certificate.subject == "CN=a.example")
        #expect(certificate.commonName == "a.example")
        #expect(certificate.hostNames == ["a.example"])
        #expect(certificate.addresses.map(\.text) == ["192.0.2.7", "2001:db8::1"])
        #expect(certificate.isAuthority)
        #expect(certificate.allowsSigning)
        #expect(certificate.keyDescription == "RSA 2048")
        #expect(certificate.validUntil.timeIntervalSince(certificate.validFrom) == 40 * 86_400)
        #expect(abs(certificate.validFrom.timeIntervalSinceNow) < 60)
    }

    @Test("OpenSSL's own tool reads it, verifies it against itself and gives the same fingerprint")
    func agreesWithTool() throws {
        let file = try scratch.write(identity.certificate.pem, to: "cert.pem")
        #expect(try openssl(["verify", "-x509_strict", "-CAfile", file, file]).hasSuffix("OK\n"))
        let printed = try openssl(["x509", "-in", file, "-noout", "-fingerprint", "-sha256"])
        #expect(printed == "sha256 Fingerprint=\(identity.certificate.fingerprint.colonForm)\n")
        let text = try openssl(["x509", "-in", file, "-noout", "-text"])
        #expect(text.contains("Digital Signature, Key Encipherment, Certificate Sign"))
    }

    @Test("it is for its own name, in any case, and for no other")
    func isFor() throws {
        #expect(identity.certificate.isFor(try #require(HostName("A.Example"))))
        #expect(!identity.certificate.isFor(try #require(HostName("b.example"))))
        #expect(!identity.certificate.isFor(try #require(HostName("x.a.example"))))
    }

    @Test("PEM goes back and forth, with text around it")
    func pem() throws {
        #expect(try Certificate(pem: "subject=x\n" + identity.certificate.pem + "more\n") == identity.certificate)
        #expect(try Certificate(pem: identity.certificate.pem.replacing("\n", with: "\r\n")) == identity.certificate)
    }

    @Test("none, two, a private key, trailing bytes, noise and too much are refused as what they are")
    func refused() throws {
        let pem = identity.certificate.pem
        #expect(throws: CertificateError.certificateCount(0)) { try Certificate(pem: "") }
        #expect(throws: CertificateError.certificateCount(2)) { try Certificate(pem: pem + pem) }
        try identity.key.create(at: scratch.path("key.pem"))
        let key = try scratch.text("key.pem")
        #expect(throws: CertificateError.containsPrivateKey) { try Certificate(pem: pem + key) }
        #expect(throws: CertificateError.malformed) { try Certificate(der: identity.certificate.der + [0]) }
        #expect(throws: CertificateError.malformed) { try Certificate(der: Array(identity.certificate.der.dropLast())) }
        #expect(throws: CertificateError.malformed) {
            try Certificate(pem: "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n")
        }
        let large = PEM.encode([UInt8](repeating: 0x30, count: Certificate.byteLimit + 1), label: "CERTIFICATE")
        #expect(throws: CertificateError.tooLarge(bytes: Certificate.byteLimit + 1, limit: Certificate.byteLimit)) {
            try Certificate(pem: large)
        }
    }

    @Test("its key signs for one domain; another domain, other bytes and another certificate do not verify")
    func signature() throws {
        let signature = try identity.key.sign([1, 2, 3], domain: "test")
        #expect(identity.certificate.verifies(signature, over: [1, 2, 3], domain: "test"))
        #expect(!identity.certificate.verifies(signature, over: [1, 2, 3], domain: "tes"))
        #expect(!identity.certificate.verifies(signature, over: [1, 2], domain: "test"))
        #expect(!(try TestIdentity("a.example")).certificate.verifies(signature, over: [1, 2, 3], domain: "test"))
    }

    @Test("a key's file is 0600, is never replaced, and is read back as the same key")
    func keyFile() throws {
        try identity.write(to: scratch.path)
        #expect(try scratch.mode("key-nopass.pem") == 0o600)
        #expect(try CertificateKey(file: scratch.path("key-nopass.pem")).belongs(to: identity.certificate))
        let before = try scratch.text("key-nopass.pem")
        let other = try TestIdentity("a.example")
        #expect(throws: FileError(operation: .create, path: scratch.path("key-nopass.pem"), reason: EEXIST)) {
            try other.key.create(at: scratch.path("key-nopass.pem"))
        }
        #expect(try scratch.text("key-nopass.pem") == before)
        #expect(!other.key.belongs(to: identity.certificate))
    }
}

func openssl(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
}
