// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A file that lies under another name until all of it is on the disk. If it never gets its own name, it goes.
package struct PendingFile: ~Copyable, Sendable {
    private let file: OpenFile
    private let path: String
    private let temporary: String
    private var isRenamed = false

    /// - Parameters:
    ///   - temporary: the other name; what an earlier try left under it is removed. By default one that nobody else takes.
    ///   - mode: less what the process's umask takes, see ``setMode(_:)``.
    package init(_ path: String, as temporary: String? = nil, mode: mode_t) throws(FileError) {
        if let temporary { unlink(temporary) }
        let temporary = temporary ?? Self.unusedName(for: path)
        file = try OpenFile(creating: temporary, mode: mode, name: path)
        self.path = path
        self.temporary = temporary
    }

    deinit {
        if !isRenamed { unlink(temporary) }
    }

    private static func unusedName(for path: String) -> String {
        let name = ".\((path as NSString).lastPathComponent).\(UInt32.random(in: 0 ... .max)).new"
        return (DurableFile.folder(of: path) as NSString).appendingPathComponent(name)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) { try file.write(bytes) }

    package func setMode(_ mode: mode_t) throws(FileError) { try file.setMode(mode) }

    /// As far as this user may.
    func setOwner(_ user: uid_t, _ group: gid_t) { _ = fchown(file.number, user, group) }

    /// Gives the file its name, whatever stood there.
    package mutating func replace(folderSync: FolderSync) throws(FileError) {
        try file.synchronize()
        guard rename(temporary, path) == 0 else { throw FileError.now(.rename, path) }
        isRenamed = true
        try DurableFile.syncFolder(of: path, folderSync)
    }

    /// Gives the file its name where nothing stands, else refuses to (`EEXIST`).
    package func create() throws(FileError) {
        try file.synchronize()
        // A hard link fails where something stands already, a rename would not.
        guard link(temporary, path) == 0 else { throw FileError.now(.create, path) }
        try DurableFile.syncFolder(of: path, .ifPossible)
    }
}
