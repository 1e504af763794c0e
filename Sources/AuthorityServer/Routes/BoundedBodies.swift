// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import MutualTLS
import NIOCore
import Synchronization
import TrustStores

/// Bounds what the bodies of all requests under way hold in memory together, and of those of one client: each body is bounded where
/// it is read, but many may come at once.
struct BoundedBodies: RouterMiddleware {
    typealias Context = BasicPeerRequestContext

    /// Eight of the largest messages, and two.
    static let byteLimit = 256 << 20
    static let clientByteLimit = 64 << 20

    /// By certificate.
    private static let held = Mutex<[Fingerprint: Int]>([:])

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let client = context.peer?.fingerprint else { return try await next(request, context) }
        let share = Share(of: client)
        defer { share.giveBack() }
        var request = request
        request.body = RequestBody(
            asyncSequence: request.body.map { part in
                try share.take(part.readableBytes)
                return part
            })
        return try await next(request, context)
    }

    /// What one request holds.
    private final class Share: Sendable {
        private let client: Fingerprint
        private let count = Mutex(0)

        init(of client: Fingerprint) { self.client = client }

        func take(_ bytes: Int) throws(RequestRefusal) {
            let isTaken = BoundedBodies.held.withLock { held in
                let own = held[client, default: 0] + bytes
                let all = held.values.reduce(bytes, +)
                guard own <= BoundedBodies.clientByteLimit, all <= BoundedBodies.byteLimit else { return false }
                held[client] = own
                return true
            }
            guard isTaken else { throw .tooManyBodies }
            count.withLock { $0 += bytes }
        }

        func giveBack() {
            let bytes = count.withLock { $0 }
            BoundedBodies.held.withLock { held in
                let left = held[client, default: 0] - bytes
                held[client] = left > 0 ? left : nil
            }
        }
    }
}
