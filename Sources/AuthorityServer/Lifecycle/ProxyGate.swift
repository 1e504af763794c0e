// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle

/// Puts a ``ProxySocket`` where the proxy finds it once the server listens, and takes it away at the end.
struct ProxyGate: Service {
    private let socket: ProxySocket
    private let log: Logger
    private let onListening: @Sendable () -> Void
    private let bounds: AsyncStream<Void>
    private let boundContinuation: AsyncStream<Void>.Continuation

    init(socket: ProxySocket, log: Logger, onListening: @escaping @Sendable () -> Void) {
        self.socket = socket
        self.log = log
        self.onListening = onListening
        (bounds, boundContinuation) = AsyncStream.makeStream(of: Void.self)
    }

    /// The server listens at ``ProxySocket/boundPath``.
    func bound() { boundContinuation.yield() }

    func run() async throws {
        defer { socket.remove() }
        for await _ in bounds.cancelOnGracefulShutdown() {
            try socket.publish()
            log.info("listening", metadata: ["server": "api", "socket": "\(socket.path)"])
            onListening()
        }
    }
}
