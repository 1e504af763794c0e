// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Many connections to one port of loopback, each from an address of its own, on which little or nothing is said.
final class Crowd {
    /// What a stranger says once connected.
    enum Words: CaseIterable {
        case nothing
        /// The beginning of a TLS record of 16 KB, of which no more comes.
        case halfHandshake
        case otherProtocol

        var bytes: [UInt8] {
            switch self {
            case .nothing: []
            case .halfHandshake:
                [0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0x00, 0x3F, 0xFC] + Array(repeating: 3, count: 8000)
            case .otherProtocol: Array("GET /public_api/check_state HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            }
        }
    }

    private var sockets: [Int32] = []

    /// - Parameter sameAddress: all from 127.9.9.9.
    init(of count: Int, to port: Int, sameAddress: Bool = false) throws {
        try Self.raiseFileLimit(to: count + 500)
        for number in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            try #require(descriptor >= 0, "\(String(cString: strerror(errno)))")
            sockets.append(descriptor)
            let host = sameAddress ? 0x7F09_0909 : 0x7F01_0101 + (number / 250) << 8 + number % 250
            try Self.with(host, 0) { try #require(bind(descriptor, $0, $1) == 0) }
            Self.with(0x7F00_0001, port) { _ = connect(descriptor, $0, $1) }
        }
    }

    deinit { for descriptor in sockets { close(descriptor) } }

    /// Everybody who got through says something; how many did.
    func speak() -> Int {
        let words = Words.allCases.map(\.bytes)
        var count = 0
        for (index, descriptor) in sockets.enumerated() {
            let bytes = words[index % words.count]
            // A connection that is not there yet, or no more, takes nothing.
            if bytes.isEmpty || send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0 { count += 1 }
        }
        return count
    }

    private static func raiseFileLimit(to count: Int) throws {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        getrlimit(resource, &limits)
        guard limits.rlim_cur < rlim_t(count) else { return }
        limits.rlim_cur = min(limits.rlim_max, rlim_t(count))
        setrlimit(resource, &limits)
        try #require(limits.rlim_cur >= rlim_t(count), "this machine lets a process open \(limits.rlim_max) files")
    }

    private static func with(
        _ host: Int, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
    ) rethrows {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(host).bigEndian
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
