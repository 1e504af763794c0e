// SPDX-License-Identifier: Apache-2.0

package import HummingbirdCore
package import Logging
package import NIOCore
import NIOSSL
import NIOTLS
import TrustStores

/// HTTP/1.1 over TLS that only installed certificates may speak; new connections follow the calist as it changes.
package struct MutualTLSChannel: HTTPChannelHandler {
    package typealias Value = HTTP1Channel.Value

    private let trust: TrustStoreContext
    private let base: HTTP1Channel

    package init(
        responder: @escaping HTTPChannelHandler.Responder, trust: TrustStoreContext,
        configuration: HTTP1Channel.Configuration = .init(idleTimeout: .seconds(120))
    ) {
        self.trust = trust
        base = HTTP1Channel(responder: responder, configuration: configuration)
    }

    package var responder: HTTPChannelHandler.Responder { base.responder }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let remote = channel.remoteAddress?.ipAddress ?? "unknown"
            let handler = NIOSSLServerHandler(context: trust.context) { [trust] certificates, promise in
                switch trust.judge(try? certificates.first?.toDERBytes()) {
                case .accepted:
                    promise.succeed(.certificateVerified)
                case .refused(let reason, let fingerprint):
                    logger.notice(
                        "refused a client's certificate: \(reason)",
                        metadata: ["address": "\(remote)", "fingerprint": "\(fingerprint?.hex ?? "none")"])
                    promise.succeed(.failed)
                }
            }
            try channel.pipeline.syncOperations.addHandlers(handler, HandshakeDeadline())
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
    package static func mutualTLS(_ trust: TrustStoreContext) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in MutualTLSChannel(responder: responder, trust: trust) }
    }
}

/// Hangs up on a client that does not finish its handshake in time, so that silent ones cannot fill the server.
private final class HandshakeDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private var deadline: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: .seconds(15)) { channel.close(promise: nil) }
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
