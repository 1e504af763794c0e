// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Files of the host, which may be links or mounts, and whose modes and owners are their operator's.
extension DurableFile {
    /// Replaces the file at `path` in one step. A symbolic link stays one: what it leads to is replaced.
    ///
    /// - Parameter mode: of a new file; an old one keeps its mode and owner.
    /// - Throws: ``FileError``; then the old file is as it was.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(FileError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes), to: resolved(path), mode: mode)
        }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to target: String, mode: mode_t) throws(FileError) {
        var old = stat()
        let existed = stat(target, &old) == 0
        let mode = existed ? old.st_mode & 0o7777 : mode
        var file = try PendingFile(target, mode: mode)
        if existed { file.setOwner(old.st_uid, old.st_gid) }
        try file.setMode(mode)
        try file.write(bytes)
        do throws(FileError) { try file.replace(folderSync: .ifPossible) } catch {
            // A file that is a mount of its own (hosts files in containers) can only be written in place.
            guard error.operation == .rename, error.reason == EBUSY || error.reason == EXDEV else { throw error }
            let mounted = try OpenFile(target, to: .write, O_WRONLY | O_TRUNC)
            try mounted.write(bytes)
            try mounted.synchronize()
        }
    }

    /// Makes a file that must not be there yet, and never replaces one: for keys.
    package static func create(_ bytes: UnsafeRawBufferPointer, at path: String, mode: mode_t) throws(FileError) {
        let file = try PendingFile(path, mode: mode)
        try file.setMode(mode)
        try file.write(bytes)
        try file.create()
    }

    package static func create(_ bytes: [UInt8], at path: String, mode: mode_t) throws(FileError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
            try create(UnsafeRawBufferPointer(bytes), at: path, mode: mode)
        }
    }

    /// Puts one file into the place of another in one step, with the mode and owner of the one that was there.
    package static func move(_ path: String, to destination: String) throws(FileError) {
        let target = resolved(destination)
        var old = stat()
        if stat(target, &old) == 0 {
            guard chmod(path, old.st_mode & 0o7777) == 0 else { throw FileError.now(.write, path) }
            _ = chown(path, old.st_uid, old.st_gid)
        }
        try rename(path, to: target, folderSync: .ifPossible)
    }

    /// The file that `path` leads to, through symbolic links.
    package static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
