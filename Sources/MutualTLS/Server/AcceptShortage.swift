// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging
package import NIOCore

/// What a listening socket does when this process has no file descriptor or memory left for one more connection: it waits a moment
/// and accepts again. Without this it would try all the time, with all of a processor.
package enum AcceptShortage {
    /// - Parameter channel: of the listening socket.
    package static func outlast(on channel: any Channel, log: Logger) async {
        let told = RefusalLog(atOnce: 2, perMinute: 2)
        try? await channel.eventLoop.submit {
            let handler = AcceptBackoffHandler(shouldForwardIOErrorCaught: false) { error in
                told.note(
                    "cannot accept connections for now: \(String(cString: strerror(error.errnoCode)).lowercased())",
                    metadata: [:], to: log)
                return .milliseconds(200)
            }
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
        }.get()
    }
}
