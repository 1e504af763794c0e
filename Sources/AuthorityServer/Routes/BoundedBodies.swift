// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Hummingbird
import MutualTLS
import NIOCore
import Synchronization

/// Bounds what the bodies of all requests under way hold in memory together: each is bounded where it is read, but many may come
/// at once.
struct BoundedBodies: RouterMiddleware {
    typealias Context = BasicPeerRequestContext

    /// Eight of the largest messages.
    static let byteLimit = 256 << 20
    private static let held = Mutex(0)

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let share = Share()
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
        private let count = Mutex(0)

        func take(_ bytes: Int) throws(RequestRefusal) {
            let isTaken = BoundedBodies.held.withLock { held in
                guard held + bytes <= BoundedBodies.byteLimit else { return false }
                held += bytes
                return true
            }
            guard isTaken else { throw .tooManyBodies }
            count.withLock { $0 += bytes }
        }

        func giveBack() {
            let bytes = count.withLock { count in
                defer { count = 0 }
                return count
            }
            BoundedBodies.held.withLock { $0 -= bytes }
        }
    }
}
