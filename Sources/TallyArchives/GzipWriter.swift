// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Compresses a stream to the gzip bytes of the specification of the tally, 1.3.
struct GzipWriter: ~Copyable {
    /// The header: time 1394060400, greatest compression, name `tally.tar`.
    static let header: [UInt8] =
        [0x1f, 0x8b, 0x08, 0x08, 0x70, 0xac, 0x17, 0x53, 0x02, 0xff] + Array("tally.tar".utf8) + [0]

    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer
    private var checksum: uLong = 0
    private var byteCount = 0

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(byteCount: 1 << 16, alignment: 16)
        let status = deflateInit2_(
            stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib does not start: \(status)")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    mutating func write(
        _ bytes: UnsafeRawBufferPointer, to sink: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            checksum = crc32(checksum, part.baseAddress?.assumingMemoryBound(to: Bytef.self), uInt(part.count))
            byteCount += part.count
            try deflate(part, Z_NO_FLUSH, to: sink)
        }
    }

    /// Writes what is left and the trailer. Nothing may be written afterwards.
    mutating func finish(to sink: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void) throws(ArchiveError) {
        try deflate(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, to: sink)
        let trailer = [checksum, uLong(byteCount)].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        try withBytes(of: trailer, sink)
    }

    private mutating func deflate(
        _ input: UnsafeRawBufferPointer, _ flush: Int32, to sink: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        // zlib only reads from next_in; its type lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = uInt(input.count)
        repeat {
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = uInt(output.count)
            let status = CZlib.deflate(stream, flush)
            precondition(status >= Z_OK || status == Z_BUF_ERROR, "zlib fails to compress: \(status)")
            let count = output.count - Int(stream.pointee.avail_out)
            if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: output.prefix(count))) }
        } while stream.pointee.avail_out == 0
    }
}

/// `withUnsafeBytes` for a body whose errors are of one type.
func withBytes(
    of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
) throws(ArchiveError) {
    try bytes.withUnsafeBytes { buffer in
        Result { () throws(ArchiveError) in try body(buffer) }
    }.get()
}
