// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file, closed when it goes.
struct FileDescriptor: ~Copyable {
    private let number: Int32
    private let name: String

    /// Opens a file to read; the last component of `path` may not be a link.
    init(reading path: String) throws(ArchiveError) {
        try self.init(path, "read", O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0)
    }

    /// Makes a new file, readable by its owner unless `mode` says more; refuses one that exists.
    init(creating path: String, mode: mode_t = 0o600) throws(ArchiveError) {
        try self.init(path, "create", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    }

    private init(_ path: String, _ call: String, _ flags: Int32, _ mode: mode_t) throws(ArchiveError) {
        name = lastComponent(of: path)
        number = open(path, flags, mode)
        if number < 0 { throw failure(call, name) }
    }

    deinit { close(number) }

    /// The size of a regular file; anything else is an error.
    func byteCount() throws(ArchiveError) -> Int {
        var status = stat()
        if fstat(number, &status) != 0 { throw failure("read", name) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .system(call: "read", name: name, reason: "not a regular file")
        }
        return status.st_size
    }

    /// Fills `buffer` as far as the file goes; fewer bytes than asked for only at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = Glibc.read(number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw failure("read", name) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(number, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw failure("write", name) }
            written += count
        }
    }

    func synchronize() throws(ArchiveError) {
        if fsync(number) != 0 { throw failure("write", name) }
    }
}

func failure(_ call: String, _ name: String) -> ArchiveError {
    .system(call: call, name: name, reason: String(cString: strerror(errno)))
}

func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}
