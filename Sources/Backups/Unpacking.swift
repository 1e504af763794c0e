// SPDX-License-Identifier: Apache-2.0

package import AgeFiles
import DurableFiles
package import Foundation

/// Writes the members of a backup below a new folder that nobody else may enter.
package final class Unpacking {
    private let folder: URL
    /// Of the files so far.
    private var names: Set<String> = []

    /// More than any authority has.
    private static let memberLimit = 5_000_000

    package init(into folder: URL) { self.folder = folder }

    /// - Returns: the names of all members.
    package func run(_ path: String, passphrase: Passphrase) throws -> Set<String> {
        let file = try OpenFile(path, to: .read, O_RDONLY)
        let content = try AgeReader(passphrase) { try file.read(into: $0) }
        try TarReader { try content.read(into: $0) }.members { block, content in
            guard BackupLayout.accepts(block.name), names.count < Self.memberLimit,
                names.insert(block.name).inserted
            else { throw BackupError.malformed("a name") }
            let file = folder.appending(path: block.name)
            let isPublic = BackupLayout.isPublic(block.name)
            let (mode, folderMode): (mode_t, mode_t) = isPublic ? (0o644, 0o755) : (0o600, 0o700)
            try DurableFile.makeFolder(
                file.deletingLastPathComponent().path, mode: folderMode, parents: folderMode)
            if block.kind == .link {
                guard names.contains(block.target), block.target != block.name else {
                    throw BackupError.malformed("a link")
                }
                guard link(folder.appending(path: block.target).path, file.path) == 0 else {
                    throw FileError.now(.link, file.path)
                }
                if mode == 0o644 { chmod(file.path, mode) }
            } else {
                try write(content, to: file.path, mode: mode, modified: block.modified)
            }
        }
        return names
    }

    private func write(
        _ content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void, to path: String, mode: mode_t,
        modified: Int
    ) throws {
        let file = try OpenFile(creating: path, mode: mode)
        try content { try file.write($0) }
        try file.setMode(mode)
        // When an entry of a board came is when its file was written.
        let time = timespec(tv_sec: modified, tv_nsec: 0)
        guard futimens(file.number, [time, time]) == 0 else { throw FileError.now(.write, path) }
    }
}
