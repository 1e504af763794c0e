// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Stands between a client and a server on loopback and passes on what both say, until it has passed on so many bytes to the
/// client: then that line fails.
final class CuttingRelay: Sendable {
    let port: Int
    private let target: Int
    private let listener: Int32
    /// Bytes until the next cut; nil: none comes.
    private let bytesLeft = Mutex<Int?>(nil)
    private let wasRead = Mutex<@Sendable () -> Bool>({ true })
    private let passedOn = Mutex(0)

    init(to target: Int) throws {
        self.target = target
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var (address, length) = (Self.loopback(port: 0), socklen_t(MemoryLayout<sockaddr_in>.size))
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        port = Int(in_port_t(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 { relay(client) }
        }
    }

    func end() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The next connection falls silent when so many more bytes have come to the client, and ends.
    ///
    /// - Parameter wasRead: whether it may end now; looked at for a minute at most.
    func cut(after bytes: Int, once wasRead: @escaping @Sendable () -> Bool = { true }) {
        bytesLeft.withLock { $0 = bytes }
        self.wasRead.withLock { $0 = wasRead }
    }

    /// What clients got, TLS included.
    var byteCount: Int { passedOn.withLock { $0 } }

    private func relay(_ client: Int32) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: target)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(client)
            close(server)
            return
        }
        let halves = Halves()
        let halfEnds: @Sendable () -> Void = {
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
            guard halves.isLast() else { return }
            close(client)
            close(server)
        }
        Thread.detachNewThread {
            Self.copy(from: client, to: server) { $0 }
            halfEnds()
        }
        Thread.detachNewThread { [self] in
            Self.copy(from: server, to: client, allowing: take)
            let wasRead = wasRead.withLock { $0 }
            for _ in 0..<1200 where !wasRead() { Thread.sleep(forTimeInterval: 0.05) }
            halfEnds()
        }
    }

    /// The two directions of a connection.
    private final class Halves: Sendable {
        private let left = Mutex(2)

        func isLast() -> Bool {
            left.withLock { left in
                left -= 1
                return left == 0
            }
        }
    }

    /// How many of so many bytes may pass.
    private func take(_ count: Int) -> Int {
        let allowed = bytesLeft.withLock { left in
            guard let some = left else { return count }
            left = some > count ? some - count : nil
            // Fewer than came, where it is the last.
            return min(some, left == nil ? count - 1 : count)
        }
        passedOn.withLock { $0 += allowed }
        return allowed
    }

    /// Until one side ends, or fewer bytes may pass than came.
    private static func copy(from source: Int32, to target: Int32, allowing: (Int) -> Int) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while case let count = read(source, &buffer, buffer.count), count > 0 {
            let allowed = allowing(count)
            var sent = 0
            while sent < allowed {
                let result = buffer[sent..<allowed].withUnsafeBytes {
                    send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard result > 0 else { return }
                sent += result
            }
            if allowed < count { return }
        }
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }
}
