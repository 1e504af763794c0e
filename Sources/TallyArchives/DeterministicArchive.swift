// SPDX-License-Identifier: Apache-2.0

import DurableFiles

/// One entry to pack.
package struct ArchiveEntry: Sendable {
    package enum Content: Sendable {
        case directory
        /// A file on disk that nobody changes meanwhile.
        case file(path: String)
        case bytes([UInt8])
    }

    /// The name in the archive, without a slash at its end.
    package let name: String
    package let content: Content

    package init(name: String, content: Content) {
        self.name = name
        self.content = content
    }
}

/// What an archive took to write.
package struct WrittenArchive: Sendable {
    /// Of the tar, and of the tar.gz.
    package let unpackedByteCount: Int
    package let byteCount: Int
    /// CPU time of zlib alone.
    package let compressionSeconds: Double
}

/// Packs files so that everybody who packs the same files gets the same bytes (specification of the tally, 1.3).
package enum DeterministicArchive {
    /// Writes the entries in their order as `tar.gz`, and puts the whole file under its name only when it is on the disk.
    ///
    /// Streams: memory does not depend on the size of the files.
    ///
    /// - Parameters:
    ///   - observe: sees every byte of the compressed file once, in order; for a digest.
    ///   - content: sees every byte of every file's content once, in order, as it is packed, with the number of its entry.
    /// - Throws: ``ArchiveError``; then nothing is left under `path` that was not there before.
    @discardableResult
    package static func write(
        _ entries: [ArchiveEntry], to path: String, observe: (UnsafeRawBufferPointer) -> Void = { _ in },
        content: (Int, UnsafeRawBufferPointer) -> Void = { _, _ in }
    ) throws(ArchiveError) -> WrittenArchive {
        try CompressorSelfCheck.run()
        var byteCount = 0
        var cost = CompressionCost()
        try ArchiveFile.replace(path) { (write) throws(ArchiveError) in
            cost = try compress(entries, content) { (bytes) throws(ArchiveError) in
                byteCount += bytes.count
                observe(bytes)
                try write(bytes)
            }
        }
        return WrittenArchive(
            unpackedByteCount: cost.byteCount, byteCount: byteCount, compressionSeconds: cost.seconds)
    }

    /// Writes the entries in their order as `tar`, uncompressed: the outer archive around tallies (specification of counting, 4.4).
    ///
    /// - Throws: ``ArchiveError``; then nothing is left under `path` that was not there before.
    package static func writeUncompressed(_ entries: [ArchiveEntry], to path: String) throws(ArchiveError) {
        try ArchiveFile.replace(path) { (write) throws(ArchiveError) in
            var total = 0
            try pack(entries, { _, _ in }) { (bytes) throws(ArchiveError) in
                total += bytes.count
                try write(bytes)
            }
            try withBytes(of: end(behind: total), write)
        }
    }

    /// Two blocks of zeros, and as many more as make whole records of 10,240 bytes.
    private static func end(behind count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: 1024 + (10240 - (count + 1024) % 10240) % 10240)
    }

    private static func compress(
        _ entries: [ArchiveEntry], _ content: (Int, UnsafeRawBufferPointer) -> Void, to sink: ByteSink
    ) throws(ArchiveError) -> CompressionCost {
        var gzip = GzipWriter()
        try withBytes(of: GzipWriter.header, sink)
        var total = 0
        try pack(entries, content) { (bytes) throws(ArchiveError) in
            total += bytes.count
            try gzip.write(bytes, to: sink)
        }
        try withBytes(of: end(behind: total)) { (bytes) throws(ArchiveError) in try gzip.write(bytes, to: sink) }
        try gzip.finish(to: sink)
        return gzip.cost
    }

    private static func pack(
        _ entries: [ArchiveEntry], _ content: (Int, UnsafeRawBufferPointer) -> Void, to sink: ByteSink
    ) throws(ArchiveError) {
        func put(_ bytes: [UInt8]) throws(ArchiveError) {
            try withBytes(of: bytes, sink)
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        for (number, entry) in entries.enumerated() {
            switch entry.content {
            case .directory:
                try put(TarHeader(name: entry.name, kind: .directory, byteCount: 0).encoded())
            case .bytes(let bytes):
                try put(TarHeader(name: entry.name, kind: .file, byteCount: bytes.count).encoded())
                bytes.withUnsafeBytes { content(number, $0) }
                try put(bytes)
                try put([UInt8](repeating: 0, count: TarHeader.padding(after: bytes.count)))
            case .file(let path):
                let file = try ArchiveError.catching(ArchiveFile.open(path))
                let size = try ArchiveError.catching(file.byteCount())
                try put(TarHeader(name: entry.name, kind: .file, byteCount: size).encoded())
                var packed = 0
                while true {
                    let count = try ArchiveError.catching(file.read(into: buffer))
                    packed += count
                    guard packed <= size else { throw .sizeChanged(name: entry.name) }
                    if count == 0 { break }
                    let piece = UnsafeRawBufferPointer(rebasing: buffer.prefix(count))
                    content(number, piece)
                    try sink(piece)
                }
                guard packed == size else { throw .sizeChanged(name: entry.name) }
                try put([UInt8](repeating: 0, count: TarHeader.padding(after: size)))
            }
        }
    }
}
