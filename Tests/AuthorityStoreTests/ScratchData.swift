// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation

/// A DATA_PATH of its own for one test, removed with it.
final class ScratchData: Sendable {
    let root: URL
    let data: DataFolder
    let boards: BoardFolder

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "authority-store-\(UUID().uuidString)")
        data = try DataFolder(root: root)
        boards = BoardFolder(data: data)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }
}
