// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import TrustStores

/// One file before and after a change; nil where there is none.
struct FileChange: Equatable {
    let path: String
    let before: [UInt8]?
    let after: [UInt8]?
    /// Of a file that is made; an old one keeps its mode.
    var mode: mode_t = 0o644

    /// The file at `path` as it stands, and what `after` makes of it.
    init(
        path: String, mode: mode_t = 0o644, limit: Int = 16 << 20, after: ([UInt8]?) throws -> [UInt8]?
    ) throws {
        self.path = path
        self.mode = mode
        before = try DurableFile.read(path, limit: limit)
        self.after = try after(before)
    }

    func apply() throws {
        guard before != after else { return }
        try put(after)
    }

    /// Puts back what stood there.
    func undo() throws {
        if try DurableFile.read(path) != before { try put(before) }
    }

    /// By which a file is known again; nil for none.
    static func digest(_ bytes: [UInt8]?) -> String? { bytes.map { Fingerprint(ofDER: $0).hex } }

    private func put(_ bytes: [UInt8]?) throws {
        if let bytes { try DurableFile.write(bytes, to: path, mode: mode) } else { try DurableFile.remove(path) }
    }
}
