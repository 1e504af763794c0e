// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import TrustStores

/// Asks a peer's address for a TLS handshake, as far as the certificate that it shows there, and hangs up.
struct ShownCertificate {
    let identity: TLSIdentity
    var patience = TimeAmount.seconds(5)

    func fingerprint(at peer: PeerEndpoint) async -> Result<Fingerprint, PeerFinding> {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let shown = loop.makePromise(of: Fingerprint.self)
        do {
            let context = try NIOSSLContext(configuration: configuration)
            let channel = try await ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer {
                channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: peer.hostName.text) {
                        (certificates: [NIOSSLCertificate], verdict: EventLoopPromise<NIOSSLVerificationResult>) in
                        if let fingerprint = Fingerprint(of: certificates.first) { shown.succeed(fingerprint) }
                        // No more is wanted, whoever it is.
                        verdict.succeed(.failed)
                    }
                    try channel.pipeline.syncOperations.addHandlers(tls, HandshakeFailures(of: shown))
                }
            }.connect(to: SocketAddress(ipAddress: peer.address.text, port: peer.port)).get()
            loop.scheduleTask(in: patience) { shown.fail(PeerFinding.unreachable("no TLS handshake in 5 seconds")) }
            defer { channel.close(promise: nil) }
            return .success(try await shown.futureResult.get())
        } catch {
            shown.fail(error)
            return .failure(Self.finding(error))
        }
    }

    private var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.verifySignatureAlgorithms = TLSIdentity.signatureAlgorithms
        configuration.certificateChain = identity.chain
        configuration.privateKey = .privateKey(identity.key)
        return configuration
    }

    private static func finding(_ error: any Error) -> PeerFinding {
        if let finding = error as? PeerFinding { return finding }
        if let error = error as? IOError {
            if error.errnoCode == ECONNREFUSED { return .portClosed }
            return .unreachable(String(cString: strerror(error.errnoCode)).lowercased())
        }
        if let error = error as? ChannelError, case .connectTimeout = error {
            return .unreachable("no answer in 5 seconds")
        }
        return .tlsFailure("it does not speak TLS 1.2 or 1.3 as asked")
    }
}

/// Tells the promise that a handshake failed. After it has succeeded that changes nothing.
private final class HandshakeFailures: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let promise: EventLoopPromise<Fingerprint>

    init(of promise: EventLoopPromise<Fingerprint>) { self.promise = promise }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError {
            promise.fail(PeerFinding.tlsFailure(String(cString: strerror(error.errnoCode)).lowercased()))
        } else {
            promise.fail(error)
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(PeerFinding.tlsFailure("it closed the connection"))
        context.fireChannelInactive()
    }
}
