// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Elections
import GroupArithmetic
import PeerPackages
import TrustStores

/// Files of this host that others write too, and the texts of numbers.
func parseConfigurations(_ input: [UInt8]) throws {
    _ = try refusing("a configuration") { try HostConfiguration(bytes: input, path: "/eoconf.json") }
    if let name = HostName("peer.example"), let address = IPAddress("192.0.2.1") {
        var hosts = HostsFile(bytes: input)
        let known = hosts.addresses(of: name)
        if hosts.add(address, name) {
            try require(known.isEmpty, "a name that stands there is added")
            try require(hosts.addresses(of: name) == [address], "a name that was added is not there")
            hosts.remove(address, name)
            try require(hosts.addresses(of: name).isEmpty, "a name that was removed is still there")
        } else {
            try require(hosts.bytes == input, "a hosts file changes although nothing is added")
        }
    }
    let text = String(decoding: input.prefix(2000), as: UTF8.self)
    if let number = BigInteger(canonicalDecimal: text) {
        try require(number.decimal == text, "a number is written in other digits than it was read from")
    }
    if let digest = DigestURI.digest(in: text) {
        let known = DigestURI.text(of: digest)
        try require(known == text || known == text + "=", "a digest is written in another way than it was read from")
    }
}
