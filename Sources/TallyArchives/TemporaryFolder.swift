// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// Where a tool unpacks tallies: as large as the tally, so it also goes when somebody loses patience.
package struct TemporaryFolder {
    private let folder: PrivateFolder
    private let signals: [any DispatchSourceSignal]

    /// Makes the folder and takes over SIGINT, SIGTERM and SIGHUP, which remove it before they end the process.
    package init() throws {
        let folder = try PrivateFolder()
        self.folder = folder
        signals = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                try? FileManager.default.removeItem(atPath: folder.path)
                signal(number, SIG_DFL)
                kill(getpid(), number)
            }
            source.resume()
            return source
        }
    }

    package var path: String { folder.path }

    package func remove() {
        for source in signals { source.cancel() }
        try? FileManager.default.removeItem(atPath: folder.path)
    }
}
