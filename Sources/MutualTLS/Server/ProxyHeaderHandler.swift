// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import RequestHeaders
import Synchronization
import TrustStores

/// Where a connection comes from, for the log: its own address until a proxy names another.
final class ClientAddress: Sendable {
    private let address: Mutex<IPAddress?>

    init(_ channel: any Channel) {
        address = Mutex(channel.remoteAddress?.ipAddress.flatMap(IPAddress.init(unmapping:)))
    }

    var current: IPAddress? { address.withLock { $0 } }
    var text: String { current?.text ?? "unknown" }

    func set(_ new: IPAddress) { address.withLock { $0 = new } }
}

extension IPAddress {
    /// Takes ::ffff:192.0.2.1 for 192.0.2.1, as which a socket that takes both versions shows it.
    init?(unmapping text: String) {
        let mapped = "::ffff:"
        if text.hasPrefix(mapped), let address = IPAddress(String(text.dropFirst(mapped.count))), !address.isVersion6 {
            self = address
        } else {
            self.init(text)
        }
    }
}

/// Stands in front of TLS on connections from a proxy: takes the one PROXY header that must come first, and leaves.
///
/// It holds ``ProxyHeader/byteLimit`` bytes at most; how long it waits, the handshake's deadline says.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State { case reading(ByteBuffer), passing, refused }

    private var state = State.reading(ByteBuffer())
    private let client: ClientAddress
    private let refusals: RefusalLog
    private let logger: Logger

    init(client: ClientAddress, refusals: RefusalLog, logger: Logger) {
        self.client = client
        self.refusals = refusals
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .passing: context.fireChannelRead(data)
        case .refused: break
        case .reading(var received):
            var arrived = unwrapInboundIn(data)
            received.writeBuffer(&arrived)
            state = .reading(received)
            read(received, context)
        }
    }

    private func read(_ received: ByteBuffer, _ context: ChannelHandlerContext) {
        let start = received.getBytes(
            at: received.readerIndex, length: min(received.readableBytes, ProxyHeader.byteLimit))
        switch ProxyHeader.read(start ?? []) {
        case .incomplete: break
        case .refused(let fault):
            state = .refused
            refusals.note(
                "refused a proxy's connection: \(fault.rawValue)", metadata: ["address": "\(client.text)"], to: logger)
            context.close(promise: nil)
        case .header(let header, let byteCount):
            state = .passing
            if let address = header.client { client.set(address) }
            var rest = received
            rest.moveReaderIndex(forwardBy: byteCount)
            if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
    }
}
