// SPDX-License-Identifier: Apache-2.0

internal import CZlib
import Glibc

/// What a stream has taken to compress so far.
struct CompressionCost {
    /// Uncompressed.
    var byteCount = 0
    /// CPU time of zlib on the thread that wrote.
    var seconds = 0.0
}

/// Compresses a stream to the gzip bytes of the specification of the tally, 1.3.
struct GzipWriter: ~Copyable {
    /// The header: time 1394060400, greatest compression, name `tally.tar`.
    static let header: [UInt8] =
        [0x1f, 0x8b, 0x08, 0x08, 0x70, 0xac, 0x17, 0x53, 0x02, 0xff] + Array("tally.tar".utf8) + [0]

    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer
    private var checksum: uLong = 0
    private(set) var cost = CompressionCost()

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
        _ bytes: UnsafeRawBufferPointer, to sink: ByteSink
    ) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            checksum = crc32(checksum, part.baseAddress?.assumingMemoryBound(to: Bytef.self), uInt(part.count))
            cost.byteCount += part.count
            try deflate(part, Z_NO_FLUSH, to: sink)
        }
    }

    /// Writes what is left and the trailer. Nothing may be written afterwards.
    mutating func finish(to sink: ByteSink) throws(ArchiveError) {
        try deflate(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, to: sink)
        let trailer = [checksum, uLong(cost.byteCount)].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        try withBytes(of: trailer, sink)
    }

    private mutating func deflate(
        _ input: UnsafeRawBufferPointer, _ flush: Int32, to sink: ByteSink
    ) throws(ArchiveError) {
        // zlib only reads from next_in; its type lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = uInt(input.count)
        repeat {
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = uInt(output.count)
            let start = threadSeconds()
            let status = CZlib.deflate(stream, flush)
            cost.seconds += threadSeconds() - start
            precondition(status >= Z_OK || status == Z_BUF_ERROR, "zlib fails to compress: \(status)")
            let count = output.count - Int(stream.pointee.avail_out)
            if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: output.prefix(count))) }
        } while stream.pointee.avail_out == 0
    }
}

/// CPU time of this thread, the only clock that this module looks at: nothing depends on it.
private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// `withUnsafeBytes` for a body whose errors are of one type.
func withBytes(
    of bytes: [UInt8], _ body: ByteSink
) throws(ArchiveError) {
    try bytes.withUnsafeBytes { buffer in
        Result { () throws(ArchiveError) in try body(buffer) }
    }.get()
}
