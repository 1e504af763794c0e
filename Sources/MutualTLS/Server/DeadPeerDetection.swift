// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What the kernel does about a peer that is gone without a word, as behind a cut cable: it asks, and gives the connection up.
enum DeadPeerDetection {
    /// How long what was sent may stay without acknowledgement, and about how long a silent peer is believed.
    static let patience = TimeAmount.seconds(60)

    /// For TCP connections, on either side.
    static func enable(on channel: any Channel) {
        guard let options = channel.syncOptions, channel.remoteAddress?.ipAddress != nil else { return }
        // Numbers of Linux's tcp.h; where one is not taken, a longer patience of the kernel's own stands.
        let (idle, interval, count, userTimeout) = (4, 5, 6, 18)
        try? options.setOption(.socketOption(.so_keepalive), value: 1)
        try? options.setOption(.tcpOption(.init(rawValue: CInt(idle))), value: 30)
        try? options.setOption(.tcpOption(.init(rawValue: CInt(interval))), value: 10)
        try? options.setOption(.tcpOption(.init(rawValue: CInt(count))), value: 3)
        try? options.setOption(
            .tcpOption(.init(rawValue: CInt(userTimeout))), value: Int(patience.nanoseconds / 1_000_000))
    }
}
