// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// How many connections a server keeps at once, and how long each may take for what. What one connection takes up is bounded, so
/// these bound what all of them take up.
package struct ConnectionLimits: Sendable {
    /// From one address; of IPv6, from one network of 64 bits, which one host may have to itself.
    package var perAddress = 100
    /// That have not shown an installed certificate yet. For one more, the one that has tried for longest is hung up on.
    package var unproven = 256
    /// That have.
    package var proven = 1024

    /// For a PROXY header and the TLS handshake together.
    package var handshakeTimeout = TimeAmount.seconds(15)
    /// For the head of the next request, and between two parts of a body.
    package var idleTimeout = TimeAmount.seconds(60)
    /// For one request from its head to its end: the largest message at 60 KB a second.
    package var requestTimeout = TimeAmount.minutes(10)

    /// Bytes of a header field, or of a request's target; of all of them; and how many fields there may be.
    static let header = (fieldByteCount: 16 << 10, byteCount: 32 << 10, fieldCount: 100)

    package init() {}

    /// As many connections as a process with so many file descriptors can have in each of two servers, beside its files.
    package init(fileDescriptors: Int) {
        let room = max(32, (fileDescriptors - 512) / 2)
        unproven = min(unproven, room / 4)
        proven = min(proven, room - unproven)
        perAddress = min(perAddress, proven)
    }
}
