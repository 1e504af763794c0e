// SPDX-License-Identifier: Apache-2.0

internal import CZlib
import DurableFiles

/// The bytes of a tar that lies in a file as it is or compressed by gzip, which its first two bytes tell.
///
/// Exactly one gzip member is taken, and nothing may stand behind it.
struct ArchiveStream: ~Copyable {
    private let file: OpenFile
    /// Nil if the file is not compressed.
    private let inflater: UnsafeMutablePointer<z_stream>?
    private let input: UnsafeMutableRawBufferPointer
    private var isFinished = false
    /// How much the file may unpack to.
    private let limit: Int
    private(set) var offset = 0
    private let observe: (UnsafeRawBufferPointer) -> Void

    /// - Parameter observe: sees every byte of the file, compressed as it is, once and in order.
    init(
        path: String, limits: ArchiveLimits, observe: @escaping (UnsafeRawBufferPointer) -> Void
    ) throws(ArchiveError) {
        self.observe = observe
        let magic = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 1)
        defer { magic.deallocate() }
        let count = try ArchiveError.catching(ArchiveFile.open(path).read(into: magic))
        let isCompressed = count == 2 && magic[0] == 0x1f && magic[1] == 0x8b
        let file = try ArchiveError.catching(ArchiveFile.open(path))
        limit = limits.unpackedByteCount(packed: try ArchiveError.catching(file.byteCount()))
        self.file = file
        inflater = isCompressed ? Self.startedInflater() : nil
        input = .allocate(byteCount: 1 << 18, alignment: 16)
    }

    private static func startedInflater() -> UnsafeMutablePointer<z_stream> {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib does not start: \(status)")
        return stream
    }

    deinit {
        if let inflater {
            inflateEnd(inflater)
            inflater.deallocate()
        }
        input.deallocate()
    }

    /// Fills `buffer` as far as the stream goes; fewer bytes than asked for only at its end, whose checksum has then
    /// been compared.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = if let inflater { try inflate(inflater, into: buffer) } else { try readFile(into: buffer) }
        offset += count
        if offset > limit { throw .tooLarge(limit: limit) }
        return count
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = try ArchiveError.catching(file.read(into: buffer))
        observe(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
        return count
    }

    private mutating func inflate(
        _ stream: UnsafeMutablePointer<z_stream>, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) -> Int {
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_out = uInt(buffer.count)
        while stream.pointee.avail_out > 0, !isFinished {
            if stream.pointee.avail_in == 0 {
                let count = try readFile(into: input)
                if count == 0 { throw .truncated(expected: "the end of the gzip stream") }
                stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: Bytef.self)
                stream.pointee.avail_in = uInt(count)
            }
            switch CZlib.inflate(stream, Z_NO_FLUSH) {
            case Z_OK: continue
            case Z_STREAM_END:
                isFinished = true
                if stream.pointee.avail_in > 0 { throw .trailingBytes }
                if try readFile(into: input) > 0 { throw .trailingBytes }
            case let status:
                throw .badCompression(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)")
            }
        }
        return buffer.count - Int(stream.pointee.avail_out)
    }
}

/// What an archive may at most unpack to.
package struct ArchiveLimits: Sendable {
    package var entryCount: Int
    package var byteCount: Int
    /// How many times its own size an archive may unpack to, beyond the first ``freeByteCount``: a tally is mostly numbers
    /// that do not compress, a bomb is mostly zeros.
    package var expansion: Int
    package var freeByteCount: Int
    /// How much of the disk has to stay free when files are unpacked, in bytes.
    package var diskReserve: Int

    package init(
        entryCount: Int = 65_536, byteCount: Int = 1 << 40, expansion: Int = 32, freeByteCount: Int = 256 << 20,
        diskReserve: Int = 64 << 20
    ) {
        self.entryCount = entryCount
        self.byteCount = byteCount
        self.expansion = expansion
        self.freeByteCount = freeByteCount
        self.diskReserve = diskReserve
    }

    func unpackedByteCount(packed: Int) -> Int {
        let (product, overflow) = packed.multipliedReportingOverflow(by: expansion)
        let (sum, overflow2) = product.addingReportingOverflow(freeByteCount)
        return overflow || overflow2 ? byteCount : min(byteCount, sum)
    }
}
