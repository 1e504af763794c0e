// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

/// Hosts in network namespaces, each with an address of its own, on one network whose router this process is: it passes real IP
/// packets on from device to device, at once, later or never.
///
/// Needs root, /dev/net/tun and the `ip` of iproute2.
final class TestNetwork: Sendable {
    /// One network namespace with one device.
    struct Host: Sendable {
        let name: String
        let namespace: String
        let device: String
        let address: String

        /// A program that runs there.
        func placing(_ tool: BuiltTool) -> BuiltTool {
            var tool = tool
            tool.launcher = ["/usr/sbin/ip", "netns", "exec", namespace]
            return tool
        }
    }

    let hosts: [Host]
    let router: PacketRouter

    /// - Parameter count: of hosts, named h1, h2, …
    init(hosts count: Int) async throws {
        let mark = "eo\(ProcessInfo.processInfo.processIdentifier % 100_000)x\(Int.random(in: 100..<1000))"
        hosts = (1...count).map { number in
            Host(
                name: "h\(number)", namespace: "\(mark)-\(number)", device: "\(mark)t\(number)",
                address: "10.77.0.\(number)")
        }
        router = PacketRouter()
        for host in hosts {
            try await ip("netns", "add", host.namespace)
            // The device goes into the namespace; its descriptor stays here.
            try router.addDevice(host.device, of: host.address)
            try await ip("link", "set", "dev", host.device, "netns", host.namespace)
            try await ip("-n", host.namespace, "link", "set", "dev", "lo", "up")
            try await ip("-n", host.namespace, "addr", "add", "\(host.address)/24", "dev", host.device)
            try await ip("-n", host.namespace, "link", "set", "dev", host.device, "up")
        }
        router.start()
    }

    /// Gives a host another address, as if it had been plugged in elsewhere.
    func move(_ host: Host, to address: String) async throws {
        try await ip("-n", host.namespace, "addr", "del", "\(host.address)/24", "dev", host.device)
        try await ip("-n", host.namespace, "addr", "add", "\(address)/24", "dev", host.device)
        router.move(from: host.address, to: address)
    }

    /// Takes everything down. Nothing may run in the namespaces any more.
    func end() async {
        router.end()
        for host in hosts { try? await ip("netns", "del", host.namespace) }
    }
}

/// Runs `ip`, which must succeed.
private func ip(_ arguments: String...) async throws {
    var tool = BuiltTool("ip")
    tool.path = "/usr/sbin/ip"
    let ended = try await tool.run(arguments)
    try #require(ended.status == 0, "ip \(arguments.joined(separator: " ")): \(ended.errors)")
}
