// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import TrustStores

/// An authority in a scratch folder, as far as eopeers and eolog need one, and the tools with its configuration.
struct PeerHost {
    let scratch: ScratchFolder
    let identity: TestIdentity
    let eopeers: BuiltTool
    let eolog: BuiltTool
    var configurationPath: String { scratch.path("eoconf.json") }

    init(
        _ name: String, address: String = "192.0.2.1", scratch: ScratchFolder? = nil, more: String = ""
    ) throws {
        self.scratch = try scratch ?? ScratchFolder()
        identity = try TestIdentity(name)
        try identity.write(to: self.scratch.path)
        let home = self.scratch.path
        let configuration = """
            {"HOSTNAME": "\(name)", "PUBLIC_IP_ADDRESS": "\(address)", "PRIVATE_IP_ADDRESS": "10.0.0.1", "PORT": 5001,
             "PEER_LIST": "\(home)/peers", "HOSTS_PATH": "\(home)/hosts", "LOG_PATH": "\(home)/log",
             "TLS_CERT_PATH": "\(home)/cert.pem", "TLS_CALIST_PATH": "\(home)/calist"\(more)}
            """
        let path = try self.scratch.write(configuration, to: "eoconf.json")
        _ = try self.scratch.write(identity.certificate.pem, to: "calist")
        _ = try self.scratch.write("127.0.0.1 localhost\n", to: "hosts")
        var tool = BuiltTool("eopeers")
        tool.environment = ["EO_CONFIG": path]
        eopeers = tool
        var log = BuiltTool("eolog")
        log.environment = ["EO_CONFIG": path]
        eolog = log
    }

    func package() async throws -> String { try await eopeers.run(["--show-mine"]).output }

    /// Every file but the lock, byte for byte, by its path.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: scratch.path) where name != "peers/.lock" {
            if let contents = FileManager.default.contents(atPath: scratch.path(name)) { files[name] = contents }
        }
        return files
    }

    /// Any tool with this authority's configuration.
    func tool(_ name: String) -> BuiltTool {
        var tool = BuiltTool(name)
        tool.environment = ["EO_CONFIG": configurationPath]
        return tool
    }
}
