// SPDX-License-Identifier: Apache-2.0

import Glibc

/// By what one notices, without reading it, that a file is another one than before.
package struct FileStamp: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modified: [Int]

    /// Nil if there is no file.
    package init?(path: String) {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        device = UInt64(information.st_dev)
        inode = UInt64(information.st_ino)
        size = Int64(information.st_size)
        let (changed, written) = (information.st_ctim, information.st_mtim)
        modified = [changed.tv_sec, changed.tv_nsec, written.tv_sec, written.tv_nsec]
    }
}
