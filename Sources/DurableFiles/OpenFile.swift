// SPDX-License-Identifier: Apache-2.0

package import Glibc

/// An open file, closed when it goes.
package struct OpenFile: ~Copyable, Sendable {
    package let number: Int32
    /// What errors call it.
    private let name: String

    /// - Parameters:
    ///   - operation: what cannot be done where this fails.
    ///   - flags: of open(2). Programs that are started never get the descriptor.
    ///   - name: what errors call the file; by default its path.
    package init(
        _ path: String, to operation: FileError.Operation, _ flags: Int32, mode: mode_t = 0, name: String? = nil
    ) throws(FileError) {
        let number = open(path, flags | O_CLOEXEC, mode)
        guard number >= 0 else { throw FileError.now(operation, name ?? path) }
        self.number = number
        self.name = name ?? path
    }

    deinit { close(number) }

    /// Makes a new file; refuses one that exists, and links.
    package init(creating path: String, mode: mode_t, name: String? = nil) throws(FileError) {
        try self.init(path, to: .create, O_WRONLY | O_CREAT | O_EXCL, mode: mode, name: name)
    }

    /// Nil if there is no file. By default it is read.
    package static func existing(
        _ path: String, to operation: FileError.Operation = .read, _ flags: Int32 = O_RDONLY
    ) throws(FileError) -> OpenFile? {
        do throws(FileError) { return try OpenFile(path, to: operation, flags) } catch {
            if error.reason == ENOENT { return nil }
            throw error
        }
    }

    package func status() throws(FileError) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw FileError.now(.read, name) }
        return status
    }

    /// The size of a regular file; anything else is refused, and more than `limit`.
    package func byteCount(atMost limit: Int = .max) throws(FileError) -> Int {
        let status = try self.status()
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else { throw failure(.read, kind == S_IFDIR ? EISDIR : EINVAL) }
        guard status.st_size <= limit else { throw failure(.read, EFBIG) }
        return Int(status.st_size)
    }

    /// Fills `buffer` as far as the file goes; fewer bytes than asked for only at its end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = Glibc.read(number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError.now(.read, name) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Fills all of `buffer`: a file that became shorter meanwhile is as unusable as one that cannot be read.
    package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
        guard try read(into: buffer) == buffer.count else { throw failure(.read, EIO) }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(number, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError.now(.write, name) }
            written += count
        }
    }

    /// - Parameter operation: what cannot be done where this fails.
    package func synchronize(to operation: FileError.Operation = .sync) throws(FileError) {
        guard fsync(number) == 0 else { throw FileError.now(operation, name) }
    }

    /// Whatever the process's umask takes from new files.
    package func setMode(_ mode: mode_t) throws(FileError) {
        guard fchmod(number, mode) == 0 else { throw FileError.now(.write, name) }
    }

    private func failure(_ operation: FileError.Operation, _ reason: Int32) -> FileError {
        FileError(operation: operation, path: name, reason: reason)
    }
}
