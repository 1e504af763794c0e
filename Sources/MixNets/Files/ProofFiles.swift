// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
public import Foundation
internal import GroupArithmetic
private import Glibc

/// Where proof files are read from: a folder, or an unpacked archive.
public protocol ProofFiles: Sendable {
    /// The bytes of one file; `nil` if it is not there.
    func bytes(_ name: String) throws(MixNetError) -> SharedBytes?
}

/// The proof files of one session in a folder. Reading maps them, and lists stay in the mapping; writing goes to a temporary name,
/// is made durable, and is then renamed, so that no half-written list is ever taken for a whole one.
public struct ProofFolder: ProofFiles {
    public let url: URL

    public init(_ url: URL) { self.url = url }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    public func bytes(_ name: String) throws(MixNetError) -> SharedBytes? {
        let descriptor = open(path(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .storage(file: name, code: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .storage(file: name, code: errno) }
        let size = Int(status.st_size)
        guard size > 0 else { return SharedBytes(copying: []) }
        guard let mapping = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), mapping != MAP_FAILED else {
            throw .storage(file: name, code: errno)
        }
        return SharedBytes(UnsafeRawBufferPointer(start: mapping, count: size)) { bytes in
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        }
    }

    /// Writes one file through `body`, with mode 0600.
    func write(_ name: String, _ body: (inout ProofFileWriter) -> Void) throws(MixNetError) -> WrittenProofFile {
        var file = ProofFileWriter(name, in: self)
        body(&file)
        return try file.finish()
    }

    func write(_ name: String, tree: ByteTree) throws(MixNetError) -> WrittenProofFile {
        try write(name) { $0.append(tree: tree) }
    }

    /// Writes a list of elements that `compute` gives for one chunk after another.
    ///
    /// - Returns: the elements, which stay in the file.
    func write(
        _ name: String, count: Int, in group: SafePrimeGroup, _ compute: (Range<Int>) -> ElementVector
    ) throws(MixNetError) -> (elements: ElementVector, file: WrittenProofFile) {
        let file = try write(name) { file in
            let list = file.reserveList(count, width: group.elementByteCount)
            for range in chunks(of: count) { file.fill(list, at: range.lowerBound, with: compute(range).numbers) }
        }
        let elements = try readOwn(name) { reader throws(VectorError) in
            try ElementVector(ownList: &reader, count: count, in: group)
        }
        return (elements, file)
    }

    /// Reads a file that this party wrote.
    func readOwn<Value>(
        _ name: String, _ body: (inout ByteTreeReader) throws(VectorError) -> Value
    ) throws(MixNetError) -> Value {
        try read(name) { reader throws(ProofReadingError) in
            do throws(VectorError) { return try body(&reader) } catch { throw ProofReadingError(error) }
        }
    }
}

extension ProofFiles {
    /// Reads a file that must be there and hold exactly one byte tree, through `body`.
    func read<Value>(
        _ name: String, _ body: (inout ByteTreeReader) throws(ProofReadingError) -> Value
    ) throws(MixNetError) -> Value {
        guard let bytes = try bytes(name) else { throw .missingFile(name) }
        do throws(ProofReadingError) {
            return try readingByteTree(bytes, body, orElse: { ProofReadingError($0) })
        } catch { throw .malformed(file: name, reason: error.reason) }
    }
}
