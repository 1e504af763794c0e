// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrustStores

/// What this machine's resolver makes of a name.
enum NameResolution {
    /// Its addresses; none where the resolver knows none, or does not answer within `patience`.
    static func addresses(of name: HostName, patience: Duration = .seconds(3)) async -> [IPAddress] {
        let (answers, answer) = AsyncStream.makeStream(of: [IPAddress].self)
        // The resolver cannot be interrupted: its thread is left to end by itself.
        Thread.detachNewThread { answer.yield(lookUp(name.text)) }
        let clock = Task {
            try? await Task.sleep(for: patience)
            answer.yield([])
        }
        defer { clock.cancel() }
        for await addresses in answers { return addresses }
        return []
    }

    private static func lookUp(_ name: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            // A scope behind a link-local address (%eth0) is none of a package's business.
            let numeric = String(
                decoding: text.prefix { $0 != 0 && $0 != 0x25 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if let address = IPAddress(numeric), !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }
}
