// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("The calist")
struct TrustStoreTests {
    private let a: Certificate
    private let b: Certificate

    init() throws {
        a = try TestIdentity("a.example").certificate
        b = try TestIdentity("b.example").certificate
    }

    @Test("adding and removing leaves every other byte of the file as it was")
    func keepsTheRest() throws {
        let before = "# made by hand\r\n\(a.pem)\n\u{1}last line without end"
        var store = TrustStore(bytes: Array(before.utf8) + [0xFF])
        let changed1 = store.add(b)
        #expect(changed1)
        #expect(store.certificates == [a, b])
        let changed2 = store.remove(b.fingerprint)
        #expect(changed2)
        #expect(store.bytes == Array(before.utf8) + [0xFF])
        #expect(store.certificates == [a])
    }

    @Test("a certificate is added once")
    func once() {
        var store = TrustStore(bytes: Array(a.pem.utf8))
        let changed3 = store.add(a)
        #expect(!changed3)
        #expect(store.bytes == Array(a.pem.utf8))
    }

    @Test("removing takes out every copy and says when there was none")
    func removesAllCopies() {
        var store = TrustStore(bytes: Array((a.pem + "x\n" + a.pem + b.pem).utf8))
        let changed4 = store.remove(a.fingerprint)
        #expect(changed4)
        #expect(store.bytes == Array(("x\n" + b.pem).utf8))
        let changed5 = store.remove(a.fingerprint)
        #expect(!changed5)
    }

    @Test("a block that is no certificate is kept, counted, and hides no other")
    func unreadable() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        let store = TrustStore(bytes: Array((broken + a.pem).utf8))
        #expect(store.unreadableCount == 1)
        #expect(store.certificates == [a])
    }

    @Test(
        "a block that never ended becomes no certificate when the one behind it is taken out, and hides none that is put in"
    )
    func unended() throws {
        let c = try TestIdentity("c.example").certificate
        let unended = b.pem.replacing("-----END CERTIFICATE-----\n", with: "")
        let stray = "-----END CERTIFICATE-----\n"
        var store = TrustStore(bytes: Array((c.pem + unended + a.pem + stray + unended).utf8))
        #expect(store.certificates == [c, a])
        let removed = store.remove(a.fingerprint)
        #expect(removed && store.certificates == [c] && store.unreadableCount == 0)
        #expect(store.bytes == Array((c.pem + stray + unended).utf8))
        store.add(a)
        #expect(TrustStore(bytes: store.bytes).certificates == [c, a])
    }

    @Test("writing replaces the file in one step, keeps its mode and follows a link")
    func writing() throws {
        let scratch = try ScratchFolder()
        let real = try scratch.write("# empty\n", to: "real")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
        try FileManager.default.createSymbolicLink(atPath: scratch.path("calist"), withDestinationPath: real)
        var store = try TrustStore(file: scratch.path("calist"))
        store.add(a)
        try store.write(to: scratch.path("calist"))
        #expect(try scratch.text("real") == "# empty\n" + a.pem)
        #expect(try scratch.mode("real") == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["calist", "real"])
    }

    @Test("a file that is not there is an empty store; a folder is an error")
    func missing() throws {
        let scratch = try ScratchFolder()
        #expect(try TrustStore(file: scratch.path("none")).certificates.isEmpty)
        #expect(throws: FileError(operation: .read, path: scratch.path, reason: EISDIR)) {
            try TrustStore(file: scratch.path)
        }
    }
}
