// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
private import Glibc

/// Writes a byte tree to a file, a megabyte at a time.
struct FileSink: ByteTreeSink, ~Copyable {
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    /// The first errno that writing met.
    private var failure: Int32?

    private static let bufferByteCount = 1 << 20

    init(temporary path: String) {
        temporary = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { failure = errno }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= FileSink.bufferByteCount { flush() }
    }

    private mutating func flush() {
        var written = 0
        while failure == nil, written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno != EINTR { failure = errno }
            written += max(0, count)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Makes the file durable under its name.
    ///
    /// - Returns: the errno of whatever went wrong, in which case nothing stands under that name that did not before.
    consuming func finish(renamingTo path: String) -> Int32? {
        flush()
        if failure == nil, fsync(descriptor) != 0 { failure = errno }
        if descriptor >= 0, close(descriptor) != 0, failure == nil { failure = errno }
        if failure == nil, rename(temporary, path) != 0 { failure = errno }
        if failure != nil { unlink(temporary) }
        return failure
    }
}
