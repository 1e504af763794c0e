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
    private let limits: ConnectionLimits
    private let register: ConnectionRegister
    private let base: HTTP1Channel

    /// - Parameter proxies: whose connections must begin with a PROXY header, and nobody else's may.
    init(
        responder: @escaping HTTPChannelHandler.Responder, trust: TrustStoreContext, proxies: Set<IPAddress>,
        limits: ConnectionLimits, register: ConnectionRegister
    ) {
        self.trust = trust
        self.proxies = proxies
        self.limits = limits
        self.register = register
        let header = ConnectionLimits.header
        base = HTTP1Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: limits.idleTimeout,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: header.fieldByteCount, maxHeaderListSize: header.byteCount,
                    maxHeaderFieldCount: header.fieldCount)))
    }

    package var responder: HTTPChannelHandler.Responder { base.responder }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let client = ClientAddress(channel)
            let isProxied = client.current.map(proxies.contains) ?? false
            let number = try admit(channel, client, isProxied: isProxied, logger)
            DeadPeerDetection.enable(on: channel)
            if isProxied {
                try channel.pipeline.syncOperations.addHandler(
                    ProxyHeaderHandler(client: client, refusals: trust.refusals, logger: logger))
            }
            let deadline = HandshakeDeadline(limits.handshakeTimeout) { [trust, register] in
                guard !register.prove(number) else { return true }
                trust.refusals.note(
                    "refused a connection: \(ConnectionRegister.Refusal.all.rawValue)",
                    metadata: ["address": "\(client.text)"], to: logger)
                return false
            }
            try channel.pipeline.syncOperations.addHandlers(tlsHandler(for: client, logger), deadline)
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            try RequestPace(timeout: limits.requestTimeout).add(to: channel)
            return value
        }
    }

    package func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }

    /// Enters the connection in the register, or hangs up on it.
    private func admit(
        _ channel: any Channel, _ client: ClientAddress, isProxied: Bool, _ logger: Logger
    ) throws(ConnectionRegister.Refusal) -> ConnectionRegister.Number {
        switch register.admit(from: isProxied ? nil : client.current, hangUp: { channel.close(promise: nil) }) {
        case .success(let number):
            channel.closeFuture.whenComplete { [register] _ in register.leave(number) }
            return number
        case .failure(let refusal):
            trust.refusals.note(
                "refused a connection: \(refusal.rawValue)", metadata: ["address": "\(client.text)"], to: logger)
            channel.close(promise: nil)
            throw refusal
        }
    }

    private func tlsHandler(for client: ClientAddress, _ logger: Logger) -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: trust.context) { [trust] certificates, promise in
            switch trust.judge(try? certificates.first?.toDERBytes()) {
            case .accepted:
                promise.succeed(.certificateVerified)
            case .refused(let reason, let fingerprint):
                trust.refusals.note(
                    "refused a client's certificate: \(reason)",
                    metadata: ["address": "\(client.text)", "fingerprint": "\(fingerprint?.hex ?? "none")"],
                    to: logger)
                promise.succeed(.failed)
            }
        }
    }
}

extension HTTPServerBuilder {
    /// `Application(router:, server: .mutualTLS(trust), …)`.
    package static func mutualTLS(
        _ trust: TrustStoreContext, proxies: Set<IPAddress> = [], limits: ConnectionLimits = ConnectionLimits()
    ) -> HTTPServerBuilder {
        let register = ConnectionRegister(limits)
        return HTTPServerBuilder { responder in
            MutualTLSChannel(responder: responder, trust: trust, proxies: proxies, limits: limits, register: register)
        }
    }
}

/// Hangs up on a client that does not finish its handshake in time, so that silent ones cannot fill the server.
private final class HandshakeDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let timeout: TimeAmount
    private let isWelcome: @Sendable () -> Bool
    private var deadline: Scheduled<Void>?

    /// - Parameter isWelcome: asked when the handshake is done; without a yes the connection ends.
    init(_ timeout: TimeAmount, isWelcome: @escaping @Sendable () -> Bool) {
        self.timeout = timeout
        self.isWelcome = isWelcome
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            deadline?.cancel()
            if !isWelcome() { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }
}
