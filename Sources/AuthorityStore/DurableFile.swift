// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import GroupArithmetic

/// Files that are either whole or not there, also after a power cut: temporary name, fsync, rename, fsync of the folder.
enum DurableFile {
    /// - Parameter kind: what an error calls the file, because its path may be private.
    static func write(_ content: [UInt8], to file: URL, mode: mode_t, kind: String) throws(StoreError) {
        let result: Result<Void, StoreError> = content.withUnsafeBytes { bytes in
            do throws(StoreError) { return .success(try write(bytes, to: file, mode: mode, kind: kind)) } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Writes a secret without another copy of it in memory; mode 0600.
    static func write(_ secret: borrowing SecretBytes, to file: URL, kind: String) throws(StoreError) {
        let result: Result<Void, StoreError> = secret.withBytes { bytes in
            do throws(StoreError) { return .success(try write(bytes, to: file, mode: 0o600, kind: kind)) } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    private static func write(_ content: UnsafeRawBufferPointer, to file: URL, mode: mode_t, kind: String)
        throws(StoreError)
    {
        let temporary = file.deletingLastPathComponent().appending(path: ".\(file.lastPathComponent).\(getpid()).new")
        unlink(temporary.path)
        let descriptor = Glibc.open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .file(kind, operation: "create", errno: errno) }
        do throws(StoreError) {
            defer { close(descriptor) }
            var written = 0
            while written < content.count {
                let rest = UnsafeRawBufferPointer(rebasing: content[written...])
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 else {
                    if errno == EINTR { continue }
                    throw .file(kind, operation: "write", errno: errno)
                }
                written += count
            }
            guard fsync(descriptor) == 0 else { throw .file(kind, operation: "sync", errno: errno) }
        } catch {
            unlink(temporary.path)
            throw error
        }
        try rename(temporary, to: file, kind: kind)
    }

    /// Renames within a file system, durable when it returns. The content of `source` must be synced already.
    static func rename(_ source: URL, to target: URL, kind: String) throws(StoreError) {
        guard Glibc.rename(source.path, target.path) == 0 else { throw .file(kind, operation: "rename", errno: errno) }
        try syncFolder(target.deletingLastPathComponent(), kind: kind)
    }

    /// Gives a file a second name; a name that is there already is replaced.
    static func link(_ source: URL, as target: URL, kind: String) throws(StoreError) {
        let temporary = target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent).link")
        unlink(temporary.path)
        guard Glibc.link(source.path, temporary.path) == 0 else { throw .file(kind, operation: "link", errno: errno) }
        guard Glibc.rename(temporary.path, target.path) == 0 else {
            let code = errno
            unlink(temporary.path)
            throw .file(kind, operation: "rename", errno: code)
        }
        // rename(2) does nothing when both names are links to one file, and leaves the temporary one.
        unlink(temporary.path)
        try syncFolder(target.deletingLastPathComponent(), kind: kind)
    }

    static func sync(_ file: URL, kind: String) throws(StoreError) {
        let descriptor = Glibc.open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(kind, operation: "open", errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(kind, operation: "sync", errno: errno) }
    }

    static func syncFolder(_ folder: URL, kind: String) throws(StoreError) {
        let descriptor = Glibc.open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(kind, operation: "open the folder of", errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(kind, operation: "sync the folder of", errno: errno) }
    }

    /// Makes a folder and those above it, with `mode` for all that are new.
    static func makeFolder(_ folder: URL, mode: mode_t, kind: String) throws(StoreError) {
        if mkdir(folder.path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw .file(kind, operation: "make the folder of", errno: errno) }
        try makeFolder(folder.deletingLastPathComponent(), mode: mode, kind: kind)
        guard mkdir(folder.path, mode) == 0 || errno == EEXIST else {
            throw .file(kind, operation: "make the folder of", errno: errno)
        }
    }

    static func read(_ file: URL, atMost limit: Int, kind: String) throws(StoreError) -> [UInt8]? {
        guard let descriptor = try open(file, atMost: limit, kind: kind) else { return nil }
        defer { close(descriptor.number) }
        var content = [UInt8](repeating: 0, count: descriptor.byteCount)
        let result: Result<Void, StoreError> = content.withUnsafeMutableBytes { bytes in
            do throws(StoreError) { return .success(try fill(bytes, from: descriptor.number, kind: kind)) } catch {
                return .failure(error)
            }
        }
        try result.get()
        return content
    }

    /// Reads a secret straight into memory that is wiped.
    static func readSecret(_ file: URL, atMost limit: Int, kind: String) throws(StoreError) -> SecretBytes? {
        guard let descriptor = try open(file, atMost: limit, kind: kind) else { return nil }
        defer { close(descriptor.number) }
        var content = SecretBytes(count: descriptor.byteCount)
        let result: Result<Void, StoreError> = content.withMutableBytes { bytes in
            do throws(StoreError) { return .success(try fill(bytes, from: descriptor.number, kind: kind)) } catch {
                return .failure(error)
            }
        }
        try result.get()
        return content
    }

    private static func open(_ file: URL, atMost limit: Int, kind: String) throws(StoreError) -> (
        number: Int32, byteCount: Int
    )? {
        let descriptor = Glibc.open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(kind, operation: "open", errno: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size <= limit else {
            let code = errno
            close(descriptor)
            throw .file(kind, operation: "read", errno: status.st_size > limit ? EFBIG : code)
        }
        return (descriptor, Int(status.st_size))
    }

    private static func fill(_ content: UnsafeMutableRawBufferPointer, from descriptor: Int32, kind: String)
        throws(StoreError)
    {
        var filled = 0
        while filled < content.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: content[filled...])
            let count = Glibc.read(descriptor, rest.baseAddress, rest.count)
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw .file(kind, operation: "read", errno: count == 0 ? EIO : errno)
            }
            filled += count
        }
    }

    /// Overwrites a small secret file with zeros, syncs, and removes it. Copies that a file system made stay its own.
    static func wipe(_ file: URL, kind: String) throws(StoreError) {
        let descriptor = Glibc.open(file.path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw .file(kind, operation: "wipe", errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(kind, operation: "wipe", errno: errno) }
        let zeros = [UInt8](repeating: 0, count: Int(status.st_size))
        guard Glibc.write(descriptor, zeros, zeros.count) == zeros.count, fsync(descriptor) == 0, unlink(file.path) == 0
        else {
            throw .file(kind, operation: "wipe", errno: errno)
        }
    }
}
