// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("Host names, addresses, signing keys and locks")
struct NamesAndKeysTests {
    @Test(
        "host names of RFC 1123 are taken, in lower case",
        arguments: ["a", "Peer-1.Example.ORG", "3com.example", "x.1a"])
    func takenNames(text: String) {
        #expect(HostName(text)?.text == text.lowercased())
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "a/b", "../x", "a\n", "a\0", "é.example",
            "127.0.0.1", "1.2.3", "::1",
            String(repeating: "a", count: 64), String(repeating: "a.", count: 126) + "ab",
        ])
    func refusedNames(text: String) {
        #expect(HostName(text) == nil)
    }

    @Test("the longest name and label are taken")
    func longestName() {
        #expect(HostName(String(repeating: "a", count: 63) + "." + String(repeating: "b.", count: 94) + "c") != nil)
    }

    @Test("addresses are those of inet_pton, in one form")
    func addresses() {
        #expect(IPAddress("192.0.2.1")?.text == "192.0.2.1")
        #expect(IPAddress("2001:DB8:0::1")?.text == "2001:db8::1")
        #expect(IPAddress("2001:db8::1")?.joined(port: 5000) == "[2001:db8::1]:5000")
        for text in ["", "1.2.3", "01.2.3.4", "1.2.3.4 ", "fe80::1%eth0", "localhost", "1.2.3.256", "1.2.3.4\0"] {
            #expect(IPAddress(text) == nil, "\(text)")
        }
    }

    @Test("a signing key is made once, 0600, and signs the same after it is read again")
    func signingKey() throws {
        let scratch = try ScratchFolder()
        let made = try SigningKey.stored(at: scratch.path("key"))
        #expect(try scratch.mode("key") == 0o600)
        let read = try SigningKey.stored(at: scratch.path("key"))
        #expect(read.verifying == made.verifying)
        let signature = try made.sign([7, 8])
        #expect(try read.sign([7, 8]) == signature)
        #expect(made.verifying.verifies(signature, over: [7, 8]))
        #expect(!made.verifying.verifies(signature, over: [7, 9]))
        #expect(!made.verifying.verifies(Array(signature.dropLast()), over: [7, 8]))
    }

    @Test("a signing key file of another size is refused")
    func damagedSigningKey() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("short", to: "key")
        #expect(throws: CertificateError.unusable(what: "signing key", path: path)) { try SigningKey.stored(at: path) }
    }

    @Test("a signing key of which a bit has changed is refused, and makes no other key", arguments: [0, 31, 32, 63])
    func changedSigningKey(place: Int) throws {
        let scratch = try ScratchFolder()
        let path = scratch.path("key")
        _ = try SigningKey.stored(at: path)
        var content = try Data(contentsOf: URL(filePath: path))
        #expect(content.count == 64)
        content[place] ^= 4
        try content.write(to: URL(filePath: path))
        #expect(throws: CertificateError.unusable(what: "signing key", path: path)) { try SigningKey.stored(at: path) }
    }

    @Test("a lock that is held makes another wait, and is free when its holder is gone")
    func lock() throws {
        let scratch = try ScratchFolder()
        do {
            let held = try FileLock(path: scratch.path("lock"))
            #expect(throws: FileError(operation: .lock, path: scratch.path("lock"), reason: EWOULDBLOCK)) {
                _ = try FileLock(path: scratch.path("lock"), timeout: .milliseconds(50))
            }
            _ = consume held
        }
        _ = try FileLock(path: scratch.path("lock"), timeout: .milliseconds(50))
    }
}
