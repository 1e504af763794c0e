// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing
import TrustStores

@Suite("eopeers as operators use it")
struct EoPeersTests {
    private let a: PeerHost
    private let b: PeerHost

    init() throws {
        a = try PeerHost("a.example")
        b = try PeerHost("b.example", address: "192.0.2.2")
    }

    @Test("a package goes from one authority to the other, through standard input or files")
    func exchange() async throws {
        let package = try await b.package()
        #expect(package.hasSuffix("\n") && package.split(separator: "\n").count == 1)
        let fingerprint = b.identity.certificate.fingerprint.hex
        let installed = try await a.eopeers.run(["--install", "-"], input: package)
        let output = """
            installed b.example; the SHA-256 of its certificate, to compare by telephone:
              \(b.identity.certificate.fingerprint.readAloud.joined(separator: "\n  "))

            """
        #expect(installed == .init(status: 0, output: output, errors: ""))
        let again = try await a.eopeers.run(["--install", a.scratch.write(package, to: "b.package")])
        #expect(
            again == .init(status: 0, output: "b.example is installed already, with this very package\n", errors: ""))
        let shown = try await a.eopeers.run(["--show", "B.example"])
        #expect(shown == .init(status: 0, output: package, errors: ""))
        let list = try await a.eopeers.run(["--list"])
        #expect(list.output.split(separator: "\n").count == 2)
        for text in ["b.example", "192.0.2.2", "5001", fingerprint] { #expect(list.output.contains(text), "\(text)") }
        let removed = try await a.eopeers.run(["--remove", "b.example"])
        #expect(removed == .init(status: 0, output: "uninstalled b.example\n", errors: ""))
        #expect(try a.scratch.text("calist") == a.identity.certificate.pem)
    }

    @Test("--private-ip, and --private, give the private address", arguments: [["--private-ip"], ["--private"]])
    func privateAddress(flag: [String]) async throws {
        #expect(try await a.package().contains(#""ip_address":"192.0.2.1""#))
        #expect(try await a.eopeers.run(["--show-mine"] + flag).output.contains(#""ip_address":"10.0.0.1""#))
    }

    @Test("--json prints one value that programs can read")
    func json() async throws {
        let installed = try await a.eopeers.run(["--install", "--json", "-"], input: b.package())
        let fingerprint = b.identity.certificate.fingerprint.hex
        #expect(
            installed.output == #"[{"fingerprint":"\#(fingerprint)","hostname":"b.example","outcome":"installed"}]"#
                + "\n")
        let list = try await a.eopeers.run(["--list", "--json"])
        let peers = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
        #expect(peers?.first?["fingerprint"] as? String == fingerprint)
        #expect(peers?.first?["port"] as? Int == 5001)
    }

    @Test("another package for an installed host is refused and says how to replace it")
    func conflict() async throws {
        _ = try await a.eopeers.run(["--install", "-"], input: b.package())
        let other = try await PeerHost("b.example", address: "192.0.2.2").package()
        let refused = try await a.eopeers.run(["--install", "-"], input: other)
        let fingerprint = b.identity.certificate.fingerprint.hex
        let errors = """
            eopeers: error: a different package for b.example is installed (certificate SHA-256 \(fingerprint))
            eopeers: hint: to replace the package of b.example: eopeers --replace FILE

            """
        #expect(refused == .init(status: 1, output: "", errors: errors))
    }

    @Test("of several files one that is bad is named, and none is installed")
    func badFile() async throws {
        let good = try await a.scratch.write(b.package(), to: "b.package")
        let bad = try a.scratch.write("{}", to: "bad.package")
        let refused = try await a.eopeers.run(["--install", good, bad])
        #expect(refused.status == 1)
        #expect(
            refused.errors.hasPrefix(
                "eopeers: error: \"\(bad)\": this is no peer package: the package has no \"hostname\"\n"))
        #expect(try await a.eopeers.run(["--list"]).output == "no peers are installed\n")
    }

    @Test("a hosts file that gives the name another address is left alone, with a warning")
    func hostsWarning() async throws {
        _ = try a.scratch.write("198.51.100.7 b.example\n", to: "hosts")
        let installed = try await a.eopeers.run(["--install", "-"], input: b.package())
        #expect(installed.status == 0)
        #expect(
            installed.errors
                == "eopeers: warning: the hosts file gives b.example the address 198.51.100.7, and was left alone\n")
        #expect(try a.scratch.text("hosts") == "198.51.100.7 b.example\n")
    }

    @Test(
        "each way of failing has its exit code",
        arguments: [
            ([], 64), (["--install"], 64), (["--list", "--install", "x"], 64), (["--show"], 64), (["--frobnicate"], 64),
            (["--list", "--private-ip"], 64), (["--replace"], 64),
            (["--install", "x", "--keep-old"], 64), (["--install", "x", "--fingerprint", "12"], 64),
            (["--install", "x", "y", "--fingerprint", String(repeating: "0", count: 64)], 64),
            (["--show", "c.example"], 1), (["--uninstall", "c.example"], 1),
            (["--install", "/nowhere/x.package"], 74), (["--config", "/nowhere/eoconf.json", "--list"], 78),
            (["--help"], 0),
        ] as [([String], Int32)])
    func exitCodes(arguments: [String], status: Int32) async throws {
        let ended = try await a.eopeers.run(arguments)
        #expect(ended.status == status)
        #expect(ended.errors.isEmpty == (status == 0))
        #expect(ended.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("eopeers: ") })
    }

    @Test("a wrong configuration ends with 78 and names the key; an unknown key is warned about")
    func configuration() async throws {
        let host = try PeerHost("a.example", more: #", "PROT": 5000"#)
        #expect(
            try await host.eopeers.run(["--list"]).errors
                == "eopeers: warning: the configuration has an unknown key \"PROT\"\n")
        let wrong = try PeerHost("a.example", more: #", "MIXNET_PORT": "4081""#)
        let ended = try await wrong.eopeers.run(["--list"])
        #expect(ended.status == 78)
        #expect(
            ended.errors.hasPrefix(
                "eopeers: error: MIXNET_PORT in \"\(wrong.configurationPath)\" takes an integer from 1 to 65535\n"))
    }

    @Test("several that run at once lose nothing")
    func atOnce() async throws {
        let hosts = try (1...4).map { try PeerHost("p\($0).example", address: "192.0.2.1\($0)") }
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for host in hosts {
                let package = try await host.package()
                group.addTask { try await a.eopeers.run(["--install", "-"], input: package).status }
            }
            for try await status in group { #expect(status == 0) }
        }
        let list = try await a.eopeers.run(["--list"]).output
        for host in hosts { #expect(list.contains(host.identity.certificate.fingerprint.hex)) }
        #expect(try TrustStore(file: a.scratch.path("calist")).certificates.count == 5)
    }
}
