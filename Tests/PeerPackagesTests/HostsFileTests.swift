// SPDX-License-Identifier: Apache-2.0

import PeerPackages
import Testing
import TrustStores

@Suite("The hosts file")
struct HostsFileTests {
    private let name: HostName
    private let address: IPAddress

    init() throws {
        name = try #require(HostName("b.example"))
        address = try #require(IPAddress("192.0.2.2"))
    }

    @Test(
        "a line comes and goes, and every other byte stays",
        arguments: ["", "127.0.0.1 localhost\n", "# no end", "\u{1}odd\r\n\n"])
    func comesAndGoes(before: String) {
        var hosts = HostsFile(bytes: Array(before.utf8))
        let added = hosts.add(address, name)
        #expect(added)
        let hasEnd = before.isEmpty || before.hasSuffix("\n")
        #expect(
            String(decoding: hosts.bytes, as: UTF8.self)
                == before + (hasEnd ? "192.0.2.2 b.example\n" : "\n192.0.2.2 b.example"))
        hosts.remove(address, name)
        #expect(String(decoding: hosts.bytes, as: UTF8.self) == before)
    }

    @Test(
        "a name that stands there, with whatever address, is left alone",
        arguments: ["192.0.2.9 b.example\n", "192.0.2.2\tB.EXAMPLE # mine\n", "192.0.2.9 c.example b.example\n"])
    func standsThere(before: String) {
        var hosts = HostsFile(bytes: Array(before.utf8))
        let added = hosts.add(address, name)
        #expect(!added)
        #expect(hosts.bytes == Array(before.utf8))
    }

    @Test("a name in a comment or as part of another name does not stand there")
    func doesNotStandThere() {
        var hosts = HostsFile(bytes: Array("# 192.0.2.9 b.example\n192.0.2.9 bb.example b.example.org\n".utf8))
        let added = hosts.add(address, name)
        #expect(added)
    }

    @Test(
        "lines with more on them, another address or a comment are not taken out",
        arguments: ["192.0.2.2 b.example b\n", "192.0.2.3 b.example\n", "192.0.2.2 b.example # mine\n"])
    func notTakenOut(before: String) {
        var hosts = HostsFile(bytes: Array(before.utf8))
        hosts.remove(address, name)
        #expect(hosts.bytes == Array(before.utf8))
    }
}
