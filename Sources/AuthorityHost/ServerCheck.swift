// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrustStores

/// Whether an authority works with a configuration's data at the moment.
package struct ServerCheck {
    package let isRunning: Bool

    package init(_ configuration: HostConfiguration) {
        let path = Self.lockPath(of: configuration)
        // Not made here: it would be this user's.
        guard FileManager.default.fileExists(atPath: path) else {
            isRunning = false
            return
        }
        // Whoever gets the lock is alone.
        let lock = try? FileLock(path: path, timeout: .zero)
        isRunning = lock == nil
    }

    /// Who holds this lock works alone on DATA_PATH.
    package static func lockPath(of configuration: HostConfiguration) -> String {
        "\(configuration.dataPath)/authority.lock"
    }
}
