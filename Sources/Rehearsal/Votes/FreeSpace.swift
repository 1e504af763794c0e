// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Bytes that may still be written where a folder lies; nil if the system does not say.
func freeByteCount(at folder: String) -> Int? {
    var information = statvfs()
    guard statvfs(folder.isEmpty ? "." : folder, &information) == 0 else { return nil }
    return Int(
        clamping: UInt64(information.f_bavail).multipliedReportingOverflow(by: UInt64(information.f_frsize))
            .partialValue)
}

/// With one decimal, rounded up: `3.4 GB`.
func gigabytes(_ count: Int) -> String {
    let tenths = count / 100_000_000 + (count % 100_000_000 == 0 ? 0 : 1)
    return "\(tenths / 10).\(tenths % 10) GB"
}
