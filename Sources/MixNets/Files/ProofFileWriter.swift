// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
private import Glibc
internal import GroupArithmetic

/// A proof file that this party wrote.
public struct WrittenProofFile: Sendable {
    public let name: String
    /// The SHA-256 of what was written.
    public let digest: [UInt8]
}

/// Writes a byte tree to a file while it is computed, and hashes it meanwhile: what comes one after another through a buffer, and lists,
/// whose places are known before their numbers are, chunk by chunk.
struct ProofFileWriter: ByteTreeSink, ~Copyable {
    private let name: String
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    /// Where the buffer goes.
    private var offset = 0
    /// The first errno that writing met.
    private(set) var failure: Int32?
    private var hash = OrderedHash()

    private static let bufferByteCount = 1 << 20

    /// Creates the file under a temporary name, with mode 0600.
    init(_ name: String, in folder: ProofFolder) {
        self.name = name
        path = folder.path(name)
        descriptor = open(path + ".new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { failure = errno }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count >= Self.bufferByteCount {
            flush()
            write(bytes, at: offset)
            offset += bytes.count
        } else {
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.bufferByteCount { flush() }
        }
    }

    /// A list whose numbers are filled in later.
    struct List {
        fileprivate let offset: Int
        fileprivate let width: Int
        let count: Int

        fileprivate var stride: Int { width + ByteTreeTag.headerByteCount }
    }

    /// Appends the node of `count` leaves of `width` bytes, and leaves their room.
    mutating func reserveList(_ count: Int, width: Int) -> List {
        appendNodeHeader(count)
        flush()
        let list = List(offset: offset, width: width, count: count)
        offset += count * list.stride
        return list
    }

    /// Writes numbers from place `index` of a list on.
    mutating func fill(_ list: List, at index: Int, with numbers: NumberList) {
        precondition(index + numbers.count <= list.count, "more numbers than the list has room for")
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: numbers.count * list.stride, alignment: 8)
        defer { bytes.deallocate() }
        numbers.write(to: bytes, width: list.width)
        write(UnsafeRawBufferPointer(bytes), at: list.offset + index * list.stride)
    }

    /// Appends all of a file that this process wrote.
    mutating func append(contentsOf other: borrowing ProofFileWriter) {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferByteCount, alignment: 8)
        defer { chunk.deallocate() }
        var position = 0
        while failure == nil {
            let count = pread(other.descriptor, chunk.baseAddress, chunk.count, position)
            if count < 0, errno == EINTR { continue }
            if count < 0 { failure = errno }
            guard count > 0 else { break }
            append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
            position += count
        }
    }

    /// Writes what waits in the buffer.
    mutating func flush() {
        buffer.withUnsafeBytes { write($0, at: offset) }
        offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        var written = 0
        while failure == nil, written < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, offset + written)
            if count < 0, errno != EINTR { failure = errno }
            written += max(0, count)
        }
        if failure == nil { failure = hash.append(bytes, at: offset, of: descriptor) }
    }

    /// Makes the file durable under its name. If that goes wrong nothing stands under the name that did not before.
    consuming func finish() throws(MixNetError) -> WrittenProofFile {
        flush()
        if failure == nil, fsync(descriptor) != 0 { failure = errno }
        if failure == nil, rename(path + ".new", path) != 0 { failure = errno }
        if let failure { throw .storage(file: name, code: failure) }
        precondition(hash.byteCount == offset, "\(hash.byteCount) bytes of \(offset) were written")
        return WrittenProofFile(name: name, digest: hash.digest())
    }

    deinit {
        // After a rename there is no such name any more.
        unlink(path + ".new")
        if descriptor >= 0 { close(descriptor) }
    }
}
