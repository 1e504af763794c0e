// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Whether this machine's zlib makes the bytes that all authorities must agree on.
package enum CompressorSelfCheck {
    /// Compresses a fixed sample and compares; the first call costs a few milliseconds, others nothing.
    ///
    /// - Throws: ``ArchiveError/foreignCompressor(version:)``, as with zlib-ng.
    package static func run() throws(ArchiveError) {
        if !passes { throw .foreignCompressor(version: String(cString: zlibVersion())) }
    }

    /// Computed with zlib 1.2.13: the length of the deflate stream and its CRC-32.
    private static let expected = (byteCount: 44048, checksum: uLong(0x4168_941d))

    private static let passes: Bool = {
        var writer = GzipWriter()
        var compressed: [UInt8] = []
        let collect = { (bytes: UnsafeRawBufferPointer) throws(ArchiveError) in compressed.append(contentsOf: bytes) }
        do {
            try withBytes(of: sample) { (bytes) throws(ArchiveError) in try writer.write(bytes, to: collect) }
            try writer.finish(to: collect)
        } catch {
            return false
        }
        compressed.removeLast(8)
        return compressed.count == expected.byteCount
            && crc32(0, compressed, uInt(compressed.count)) == expected.checksum
    }()

    /// 61,342 bytes like those of a tally: digits, noise and phrases that come again.
    private static let sample: [UInt8] = {
        var state: UInt64 = 20_261_121
        var bytes: [UInt8] = []
        for index in 0..<60_000 {
            state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
            if index % 997 == 0 { bytes.append(contentsOf: #"{"alpha":"","beta":""}"#.utf8) }
            let noise = UInt8(truncatingIfNeeded: state >> 16)
            bytes.append(index % 3 == 0 ? noise : UInt8(0x30 + (state >> 16) % 10))
        }
        return bytes
    }()
}
