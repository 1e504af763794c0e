// SPDX-License-Identifier: Apache-2.0

package import Foundation
import OperatorErrors

/// Files that are there whole or not at all, also after a power cut: written under a temporary name, fsynced, renamed.
package enum DurableFile {
    /// Replaces the file at `path` in one step. A symbolic link stays one: what it leads to is replaced.
    ///
    /// - Parameter mode: of a new file; an old one keeps its mode and owner.
    /// - Throws: ``FileError``; then the old file is as it was.
    package static func write(_ bytes: some Collection<UInt8>, to path: String, mode: mode_t) throws(FileError) {
        let target = resolved(path)
        var old = stat()
        let existed = stat(target, &old) == 0
        let temporary = temporaryName(for: target)
        do throws(FileError) {
            try writeNew(bytes, to: temporary, mode: existed ? old.st_mode & 0o7777 : mode)
            if existed { _ = chown(temporary, old.st_uid, old.st_gid) }
            if rename(temporary, target) != 0 {
                // A file that is a mount of its own (hosts files in containers) can only be written in place.
                guard errno == EBUSY || errno == EXDEV else { throw FileError.now(.write, path) }
                try overwrite(bytes, at: target)
                unlink(temporary)
                return
            }
        } catch {
            unlink(temporary)
            throw error
        }
        syncFolder(of: target)
    }

    /// Makes a file that must not be there yet, and never replaces one: for keys.
    package static func create(_ bytes: some Collection<UInt8>, at path: String, mode: mode_t) throws(FileError) {
        let temporary = temporaryName(for: path)
        defer { unlink(temporary) }
        try writeNew(bytes, to: temporary, mode: mode)
        // A hard link fails where something stands already, a rename would not.
        guard link(temporary, path) == 0 else { throw FileError.now(.create, path) }
        syncFolder(of: path)
    }

    /// Puts one file into the place of another in one step, with the mode and owner of the one that was there.
    package static func move(_ path: String, to destination: String) throws(FileError) {
        let target = resolved(destination)
        var old = stat()
        if stat(target, &old) == 0 {
            guard chmod(path, old.st_mode & 0o7777) == 0 else { throw FileError.now(.write, path) }
            _ = chown(path, old.st_uid, old.st_gid)
        }
        guard rename(path, target) == 0 else { throw FileError.now(.write, destination) }
        syncFolder(of: target)
    }

    /// Takes a file away for good. One that is not there is no error.
    package static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError.now(.remove, path) }
        syncFolder(of: path)
    }

    /// The whole file, or nil if there is none.
    ///
    /// - Parameter limit: more bytes than this are refused.
    package static func read(_ path: String, limit: Int = 16 << 20) throws(FileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw FileError.now(.read, path)
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT != S_IFDIR else {
            throw FileError(operation: .read, path: path, reason: EISDIR)
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError.now(.read, path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw FileError(operation: .read, path: path, reason: EFBIG) }
        }
    }

    /// Makes a folder, and those above it, that only its owner may enter if `mode` says so. An old one stays as it is.
    package static func makeFolder(_ path: String, mode: mode_t) throws(FileError) {
        var information = stat()
        if stat(path, &information) == 0 {
            guard information.st_mode & S_IFMT == S_IFDIR else {
                throw FileError(operation: .create, path: path, reason: ENOTDIR)
            }
            return
        }
        let parent = (path as NSString).deletingLastPathComponent
        if !parent.isEmpty && parent != path { try makeFolder(parent, mode: 0o755) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw FileError.now(.create, path) }
    }
}

extension DurableFile {
    private static func writeNew(_ bytes: some Collection<UInt8>, to path: String, mode: mode_t) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError.now(.create, path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0, writeAll(bytes, to: descriptor), fsync(descriptor) == 0 else {
            throw FileError.now(.write, path)
        }
    }

    private static func overwrite(_ bytes: some Collection<UInt8>, at path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.now(.write, path) }
        defer { close(descriptor) }
        guard writeAll(bytes, to: descriptor), fsync(descriptor) == 0 else { throw FileError.now(.write, path) }
    }

    private static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
        // A secret is written from where it stands, without a copy.
        bytes.withContiguousStorageIfAvailable { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
            ?? Array(bytes).withUnsafeBytes { writeAll($0, to: descriptor) }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let written = Foundation.write(descriptor, piece.baseAddress, piece.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// The file that `path` leads to, through symbolic links.
    package static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func temporaryName(for path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        let name = ".\((path as NSString).lastPathComponent).\(UInt32.random(in: 0 ... .max)).new"
        return folder.isEmpty ? name : "\(folder)/\(name)"
    }

    /// Makes a rename durable. That some file systems refuse it is no reason to fail after the fact.
    private static func syncFolder(of path: String) {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
