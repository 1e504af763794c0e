// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import DurableFiles
import Foundation
import HostTestSupport
import Logging
import MutualTLS
import PeerPackages
import StrictJSON
import Testing
import TrustStores

@testable import AuthorityServer

/// One authority in this process, on ports of loopback, with real TLS and a DATA_PATH of its own.
final class RunningAuthority: Sendable {
    let number: Int
    let identity: TestIdentity
    let scratch: ScratchFolder
    let port: Int
    let mixnetPort: Int
    private let autoAccepts: Bool
    private let keepsShares: Bool

    /// - Parameter number: 1 to 3, see ``identities``.
    init(_ number: Int, autoAccepts: Bool = true, keepsShares: Bool = false) throws {
        self.number = number
        self.keepsShares = keepsShares
        self.autoAccepts = autoAccepts
        identity = try #require(identities[number])
        scratch = try ScratchFolder()
        let ports = try freePorts(2)
        (port, mixnetPort) = (ports[0], ports[1])
        try identity.write(to: scratch.path)
        try DurableFile.makeFolder(scratch.path("peers"), mode: 0o700)
        try trust([])
    }

    var name: String { identity.hostName.text }

    /// Installs exactly those peers, besides itself.
    func trust(_ peers: [PeerPackage]) throws {
        for old in try FileManager.default.contentsOfDirectory(atPath: scratch.path("peers")) {
            try FileManager.default.removeItem(atPath: scratch.path("peers/\(old)"))
        }
        for peer in peers { _ = try scratch.write(peer.json, to: "peers/\(peer.hostName).package") }
        var store = TrustStore()
        for certificate in [identity.certificate] + peers.map(\.certificate) { store.add(certificate) }
        try store.write(to: scratch.path("calist"))
    }

    var package: PeerPackage {
        get throws {
            PeerPackage(
                hostName: identity.hostName, address: try loopback(), port: port, certificate: identity.certificate)
        }
    }

    var endpoint: PeerEndpoint {
        get throws {
            PeerEndpoint(
                hostName: identity.hostName, address: try loopback(), port: port, certificate: identity.certificate)
        }
    }

    /// As an election request names it.
    var json: JSONValue {
        [
            "name": .string(name), "orchestra_url": .string("https://\(name):\(port)/api/queues"),
            "ssl_cert": .string(identity.certificate.pem),
        ]
    }

    private func configuration() throws -> HostConfiguration {
        let json: JSONValue = [
            "PEER_LIST": .string(scratch.path("peers")), "PUBLIC_IP_ADDRESS": "127.0.0.1",
            "PRIVATE_IP_ADDRESS": "127.0.0.1",
            "HOSTNAME": .string(name), "PORT": .integer(port), "MIXNET_PORT": .integer(mixnetPort),
            "TLS_CERT_PATH": .string(scratch.path("cert.pem")),
            "TLS_CERT_KEY_PATH": .string(scratch.path("key-nopass.pem")),
            "TLS_CALIST_PATH": .string(scratch.path("calist")), "DATA_PATH": .string(scratch.path("data")),
            "LOG_PATH": .string(scratch.path("log")), "AUTOACCEPT_REQUESTS": .bool(autoAccepts), "GROUP": "ffdhe2048",
            "KEEP_SHARES": .bool(keepsShares),
        ]
        return try HostConfiguration(bytes: json.compactBytes, path: "eoconf.json")
    }

    /// Serves while `body` runs, and ends after it.
    func serving<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = try AuthorityService(try configuration(), log: quiet)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await service.run()
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}

func loopback() throws -> IPAddress { try #require(IPAddress("127.0.0.1")) }
