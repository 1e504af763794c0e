// SPDX-License-Identifier: Apache-2.0

package import HummingbirdCore
package import Logging
package import NIOCore
import NIOSSL
import NIOTLS
package import TrustStores

/// HTTP/1.1 over TLS that only installed certificates may speak; new connections follow the calist as it changes.
package struct MutualTLSChannel: HTTPChannelHandler {
    package typealias Value = HTTP1Channel.Value

    private let trust: TrustStoreContext
    private let proxies: Set<IPAddress>
    private let handshakeTimeout: TimeAmount
    private let base: HTTP1Channel

    /// - Parameters:
    ///   - proxies: whose connections must begin with a PROXY header, and nobody else's may.
    ///   - handshakeTimeout: for that header and the TLS handshake together.
    package init(
        responder: @escaping HTTPChannelHandler.Responder, trust: TrustStoreContext, proxies: Set<IPAddress> = [],
        handshakeTimeout: TimeAmount = .seconds(15),
        configuration: HTTP1Channel.Configuration = .init(idleTimeout: .seconds(120))
    ) {
        self.trust = trust
        self.proxies = proxies
        self.handshakeTimeout = handshakeTimeout
        base = HTTP1Channel(responder: responder, configuration: configuration)
    }

    package var responder: HTTPChannelHandler.Responder { base.responder }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let client = ClientAddress(channel)
            let handler = NIOSSLServerHandler(context: trust.context) { [trust] certificates, promise in
                switch trust.judge(try? certificates.first?.toDERBytes()) {
                case .accepted:
                    promise.succeed(.certificateVerified)
                case .refused(let reason, let fingerprint):
                    logger.notice(
                        "refused a client's certificate: \(reason)",
                        metadata: ["address": "\(client.text)", "fingerprint": "\(fingerprint?.hex ?? "none")"])
                    promise.succeed(.failed)
                }
            }
            if let address = client.current, proxies.contains(address) {
                try channel.pipeline.syncOperations.addHandler(ProxyHeaderHandler(client: client, logger: logger))
            }
            try channel.pipeline.syncOperations.addHandlers(handler, HandshakeDeadline(handshakeTimeout))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    package func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// `Application(router:, server: .mutualTLS(trust), …)`.
    package static func mutualTLS(
        _ trust: TrustStoreContext, proxies: Set<IPAddress> = [], handshakeTimeout: TimeAmount = .seconds(15)
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            MutualTLSChannel(responder: responder, trust: trust, proxies: proxies, handshakeTimeout: handshakeTimeout)
        }
    }
}

/// Hangs up on a client that does not finish its handshake in time, so that silent ones cannot fill the server.
private final class HandshakeDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let timeout: TimeAmount
    private var deadline: Scheduled<Void>?

    init(_ timeout: TimeAmount) { self.timeout = timeout }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { deadline?.cancel() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }
}
