// SPDX-License-Identifier: Apache-2.0

package import Hummingbird
package import NIOCore
import NIOSSL
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
/// Answers 403 with a JSON body where it is no longer installed.
package struct InstalledPeersOnly<Context: PeerRequestContext>: RouterMiddleware {
    private let trust: TrustStoreContext

    package init(_ trust: TrustStoreContext) { self.trust = trust }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let shown = try await context.channel.nioSSL_peerCertificate().get()
        guard let fingerprint = Fingerprint(of: shown), let certificate = trust.installed(fingerprint) else {
            return Response(
                status: .forbidden, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"error":"this certificate is not installed here"}"#)))
        }
        var context = context
        context.peer = certificate
        return try await next(request, context)
    }
}
