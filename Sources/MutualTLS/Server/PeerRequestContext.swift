// SPDX-License-Identifier: Apache-2.0

package import Hummingbird
import Logging
package import NIOCore
package import TrustStores

/// A request context that knows whose certificate the request came with, once ``InstalledPeersOnly`` has looked.
package protocol PeerRequestContext: RequestContext {
    var channel: any Channel { get }
    /// The installed certificate of the client.
    var peer: Certificate? { get set }
}

/// The plain context for servers that need no more than that.
package struct BasicPeerRequestContext: PeerRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel
    package var peer: Certificate?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// Looks the client's certificate up again on every request, so that a removed peer loses its open connections too.
///
/// Answers 403 with a JSON body where it is no longer installed, and hangs up.
package struct InstalledPeersOnly<Context: PeerRequestContext>: RouterMiddleware {
    private let trust: TrustStoreContext
    private let source: ClientCertificateSource
    /// What the answer gets to arrive in.
    private static var parting: TimeAmount { .seconds(1) }

    package init(_ trust: TrustStoreContext, from source: ClientCertificateSource = .handshake) {
        self.trust = trust
        self.source = source
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        switch try await source.verdict(on: request, channel: context.channel, trust: trust) {
        case .accepted(let certificate):
            var context = context
            context.peer = certificate
            return try await next(request, context)
        case .refused(let reason, let fingerprint):
            var metadata: Logger.Metadata = ["fingerprint": "\(fingerprint?.hex ?? "none")"]
            if let address = source.address(of: request) { metadata["address"] = "\(address)" }
            trust.refusals.note("refused a client's certificate: \(reason)", metadata: metadata, to: context.logger)
            // A proxy's connection serves others too.
            if case .handshake = source {
                let channel = context.channel
                channel.eventLoop.scheduleTask(in: Self.parting) { channel.close(promise: nil) }
            }
            return Response(
                status: .forbidden, headers: [.contentType: "application/json", .connection: "close"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"error":"this certificate is not installed here"}"#)))
        }
    }
}
