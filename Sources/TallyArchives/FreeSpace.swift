// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a disk still has room for.
package enum FreeSpace {
    /// Bytes that this user may still write to the file system that holds `path`; nil if the system does not say.
    package static func byteCount(in path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (count, overflow) = Int(status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        return overflow ? .max : count
    }
}
