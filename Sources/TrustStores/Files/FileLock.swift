// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
import Foundation

/// An exclusive lock between processes, held until this value goes away or the process ends, however it ends.
package struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for the lock on the file at `path`, which is made if there is none.
    ///
    /// - Throws: ``FileError`` with `EWOULDBLOCK` when another process held it all of `timeout`.
    package init(path: String, timeout: Duration = .seconds(30)) throws(FileError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError.now(.lock, path) }
        let deadline = ContinuousClock.now + timeout
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            guard reason == EWOULDBLOCK || reason == EINTR, ContinuousClock.now < deadline else {
                close(descriptor)
                throw FileError(operation: .lock, path: path, reason: reason)
            }
            usleep(20_000)
        }
    }

    deinit { close(descriptor) }
}
