// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Different ports of loopback on which nobody listens now, and of which each is given out once.
///
/// They lie below those that the system gives to outgoing connections: otherwise one of these could take the port before the server does.
package func freePorts(_ count: Int) throws -> [Int] {
    var ports: [Int] = []
    for _ in 0..<10_000 where ports.count < count {
        let port = Int.random(in: 12_000..<32_000)
        if given.withLock({ $0.insert(port).inserted }), isFree(port) { ports.append(port) }
    }
    guard ports.count == count else { throw CocoaError(.fileReadUnknown) }
    return ports
}

private let given = Mutex<Set<Int>>([])

private func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
