// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What folders take of the disk.
package enum DiskUse {
    /// Blocks of all files below these folders, in bytes; a file that stands there under several names counts once.
    package static func byteCount(of folders: [String]) -> Int {
        var seen: Set<FileIdentity> = []
        var count = 0
        for folder in folders {
            guard let names = FileManager.default.enumerator(atPath: folder) else { continue }
            for case let name as String in names {
                var status = stat()
                guard lstat("\(folder)/\(name)", &status) == 0, seen.insert(FileIdentity(status)).inserted else {
                    continue
                }
                count += Int(status.st_blocks) * 512
            }
        }
        return count
    }
}
