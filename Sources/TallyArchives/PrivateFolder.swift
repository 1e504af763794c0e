// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation

/// A new folder that only its owner can open; it goes with everything in it when the last reference does.
package final class PrivateFolder: Sendable {
    package let path: String

    /// - Parameter parent: where it is made; by default where temporary files belong (TMPDIR).
    package init(in parent: String? = nil) throws(ArchiveError) {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        var template = Array((parent + "/tally-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ArchiveError(.now(.makeFolderInside, parent))
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
