// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import TrustStores

/// Runs PROXY_RELOAD_COMMAND at the start and whenever the calist or the authority's own certificate has changed, so that the
/// proxy takes the peers that are installed, and shows the certificate that they have.
///
/// A command that fails is logged and tried again every half minute.
struct ProxyReload: Service {
    let command: [String]
    /// Files that the proxy reads at its start, and then no more.
    let watchedPaths: [String]
    let log: Logger
    private static let commandTimeout: Duration = .seconds(30)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var tried: [FileStamp?] = []
            var retry: ContinuousClock.Instant? = .now
            while !Task.isCancelled {
                let stamps = watchedPaths.map { FileStamp(path: $0) }
                if stamps != tried || retry.map({ $0 <= .now }) ?? false {
                    tried = stamps
                    retry = await reload() ? nil : .now + .seconds(30)
                }
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func reload() async -> Bool {
        let failure = await Self.failure(of: command)
        if let failure {
            log.error(
                "the proxy's reload command failed", metadata: ["command": "\(command[0])", "reason": "\(failure)"])
        } else {
            log.notice("the proxy was told to read the trust store anew", metadata: ["command": "\(command[0])"])
        }
        return failure == nil
    }

    /// Runs a command to its end, on a thread of its own; nil if it ended with 0. What it prints goes where ours goes.
    private static func failure(of command: [String]) async -> String? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: ChildProcess(command: command).failure(within: commandTimeout))
            }
        }
    }
}
