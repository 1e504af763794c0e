// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import HummingbirdCore
import Logging
package import MutualTLS
import NIOCore
import ServiceLifecycle
import Synchronization

/// The server of one rehearsal: mutual TLS with this authority's certificate, as long as a body runs.
package struct CallbackServer: Sendable {
    package let identity: TLSIdentity
    package let trustStorePath: String
    package let address: String
    /// 0 takes any free one.
    package let port: Int

    package init(identity: TLSIdentity, trustStorePath: String, address: String, port: Int) {
        self.identity = identity
        self.trustStorePath = trustStorePath
        self.address = address
        self.port = port
    }

    /// Serves `routes` while `body` runs; it gets the port.
    ///
    /// - Throws: ``RehearsalError/port(_:reason:)`` if nobody can listen there, and whatever `body` throws.
    package func serving<Result: Sendable>(
        _ routes: CallbackRoutes, _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let quiet = Logger(label: "eotest") { _ in SwiftLogNoOpLogHandler() }
        let trust = try TrustStoreContext(identity: identity, trustStorePath: trustStorePath, logger: quiet)
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: routes.router(for: trust), server: .mutualTLS(trust),
            configuration: .init(address: .hostname(address, port: port), serverName: nil),
            onServerRunning: { bound.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        var configuration = ServiceGroupConfiguration(services: [application], logger: quiet)
        // An authority that keeps its connection open must not keep us.
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        let group = ServiceGroup(configuration: configuration)
        let port = port
        return try await withThrowingTaskGroup(of: Swift.Result<Result, any Error>?.self) { tasks in
            tasks.addTask {
                do {
                    try await group.run()
                } catch let error where !(error is CancellationError) {
                    throw RehearsalError.port(port, reason: Self.reason(of: error))
                }
                return nil
            }
            tasks.addTask {
                var result: Swift.Result<Result, any Error>?
                for await port in ports {
                    do { result = .success(try await body(port)) } catch { result = .failure(error) }
                    break
                }
                // Gracefully: whoever called back is to hear that it was taken, or it will call again.
                await group.triggerGracefulShutdown()
                return result
            }
            var result: Swift.Result<Result, any Error>?
            while let finished = try await tasks.next() { result = finished ?? result }
            guard let result else { throw CancellationError() }
            return try result.get()
        }
    }

    private static func reason(of error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)).lowercased() }
        return "\(error)"
    }
}
