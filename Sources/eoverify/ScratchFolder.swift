// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import TallyArchives

/// Where a tally is unpacked: as large as the tally, so it also goes when somebody loses patience.
struct ScratchFolder {
    private let folder: PrivateFolder
    private let signals: [any DispatchSourceSignal]

    /// Makes the folder and takes over SIGINT, SIGTERM and SIGHUP, which remove it before they end the process.
    init() throws {
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

    var path: String { folder.path }

    func remove() {
        for source in signals { source.cancel() }
        try? FileManager.default.removeItem(atPath: folder.path)
    }
}
