// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// What it means that a folder cannot be synced in which a name was changed.
package enum FolderSync {
    /// The change may not outlive a power cut, and that is a failure.
    case required
    /// Some file systems refuse it, which is no reason to fail after the fact.
    case ifPossible
}

/// What is done to files so that it is done or not, also after a power cut. Content is written through ``PendingFile``.
package enum DurableFile {
    /// The whole file, or nil if there is none.
    ///
    /// - Parameter limit: more bytes than this are refused.
    package static func read(_ path: String, limit: Int = 16 << 20) throws(FileError) -> [UInt8]? {
        guard let file = try OpenFile.existing(path) else { return nil }
        guard try file.status().st_mode & S_IFMT != S_IFDIR else {
            throw FileError(operation: .read, path: path, reason: EISDIR)
        }
        // Not as long as it says: pipes and what the kernel shows as files have no size.
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        var bytes: [UInt8] = []
        while true {
            let count = try file.read(into: chunk)
            bytes += UnsafeRawBufferPointer(rebasing: chunk[..<count])
            guard bytes.count <= limit else { throw FileError(operation: .read, path: path, reason: EFBIG) }
            if count < chunk.count { return bytes }
        }
    }

    /// Renames within a file system. What is in the file must be synced already.
    package static func rename(_ path: String, to target: String, folderSync: FolderSync) throws(FileError) {
        guard Foundation.rename(path, target) == 0 else { throw FileError.now(.rename, target) }
        try syncFolder(of: target, folderSync)
    }

    /// Gives a file a second name; a name that is there already is replaced.
    package static func link(_ path: String, as target: String) throws(FileError) {
        let name = ".\((target as NSString).lastPathComponent).link"
        let temporary = (folder(of: target) as NSString).appendingPathComponent(name)
        unlink(temporary)
        guard Foundation.link(path, temporary) == 0 else { throw FileError.now(.link, target) }
        let failure = Foundation.rename(temporary, target) == 0 ? nil : FileError.now(.rename, target)
        // rename(2) does nothing when both names are links to one file, and leaves the temporary one.
        unlink(temporary)
        if let failure { throw failure }
        try syncFolder(of: target, .required)
    }

    /// Takes a file away for good. One that is not there is no error.
    package static func remove(_ path: String, folderSync: FolderSync = .ifPossible) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError.now(.remove, path) }
        try syncFolder(of: path, folderSync)
    }

    /// Overwrites a small secret file with zeros, syncs, and removes it. Copies that a file system made stay its own.
    package static func wipe(_ path: String) throws(FileError) {
        guard let file = try OpenFile.existing(path, to: .wipe, O_WRONLY | O_NOFOLLOW) else { return }
        let zeros = [UInt8](repeating: 0, count: Int(try file.status().st_size))
        try zeros.withUnsafeBufferPointer { (zeros) throws(FileError) in try file.write(UnsafeRawBufferPointer(zeros)) }
        try file.synchronize()
        guard unlink(path) == 0 else { throw FileError.now(.wipe, path) }
    }

    package static func sync(_ path: String) throws(FileError) {
        try OpenFile(path, to: .read, O_RDONLY).synchronize()
    }

    /// Makes durable that the file is there, under this name, or not.
    package static func syncFolder(of path: String, _ need: FolderSync) throws(FileError) {
        do throws(FileError) {
            try OpenFile(folder(of: path), to: .syncFolder, O_RDONLY | O_DIRECTORY, name: path)
                .synchronize(to: .syncFolder)
        } catch {
            if need == .required { throw error }
        }
    }

    /// Makes a folder that is not there yet, and those above it.
    ///
    /// - Parameter parents: the mode of those above it that are new.
    package static func makeFolder(_ path: String, mode: mode_t, parents: mode_t = 0o755) throws(FileError) {
        if mkdir(path, mode) == 0 { return try syncFolder(of: path, .ifPossible) }
        if errno == ENOENT {
            try makeFolder(folder(of: path), mode: parents, parents: parents)
            if mkdir(path, mode) == 0 { return try syncFolder(of: path, .ifPossible) }
        }
        guard errno == EEXIST else { throw FileError.now(.makeFolder, path) }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(operation: .makeFolder, path: path, reason: ENOTDIR)
        }
    }

    static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }
}
