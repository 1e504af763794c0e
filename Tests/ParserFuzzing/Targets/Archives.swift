// SPDX-License-Identifier: Apache-2.0

import Foundation
import TallyArchives

/// The bytes as they are, and as a tar whose checksums are right: as it is, and compressed. Nothing is written outside of the folder that
/// it is unpacked into, nothing but files and folders is made in it, and no more than the limits say.
func parseArchive(_ input: [UInt8]) throws {
    let first = try unpack(input)
    let repaired = withRightChecksums(input)
    let plain = repaired == input ? first : try unpack(repaired)
    guard let compressed = gzip(repaired) else { return }
    let unpacked = try unpack(compressed)
    // A tar that begins like gzip is read as that.
    guard !repaired.starts(with: [0x1f, 0x8b]) else { return }
    try require(plain == unpacked, "an archive unpacks to something else when it is compressed")
}

private let limits = ArchiveLimits(
    entryCount: 64, byteCount: 1 << 20, expansion: 32, freeByteCount: 1 << 18, diskReserve: 0)

/// The entries, or nil if the archive is refused.
private func unpack(_ bytes: [UInt8]) throws -> [UnpackedEntry]? {
    let outer = try scratchFolder(of: .archives)
    let (file, folder) = ("\(outer)/archive", "\(outer)/unpacked")
    try Data(bytes).write(to: URL(filePath: file))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let entries = try refusing("an archive") { try ArchiveReader.unpack(file, into: folder, limits: limits) }
    try require(
        try FileManager.default.contentsOfDirectory(atPath: outer).sorted() == ["archive", "unpacked"],
        "an archive writes beside the folder that it is unpacked into")
    var total = 0
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
        var status = stat()
        try require(lstat("\(folder)/\(name)", &status) == 0, "what was unpacked cannot be looked at")
        let kind = status.st_mode & S_IFMT
        try require(kind == S_IFREG || kind == S_IFDIR, "an archive makes something else than files and folders")
        guard kind == S_IFREG else { continue }
        total += Int(status.st_size)
        if let entries {
            let found = entries.first { $0.name == name }
            try require(found?.byteCount == Int(status.st_size), "a file of another size than its entry says")
        }
    }
    try require(total <= limits.byteCount, "\(total) bytes are unpacked")
    return entries
}

func withRightChecksums(_ input: [UInt8]) -> [UInt8] {
    var bytes = input
    var offset = 0
    while offset + 512 <= bytes.count, bytes[offset..<offset + 512].contains(where: { $0 != 0 }) {
        for index in 148..<156 { bytes[offset + index] = 0x20 }
        let sum = bytes[offset..<offset + 512].reduce(0) { $0 + Int($1) }
        for index in 0..<6 { bytes[offset + 153 - index] = 0x30 + UInt8(sum >> (3 * index) & 7) }
        bytes[offset + 154] = 0
        let digits = bytes[offset + 124..<offset + 136].prefix { (0x30...0x37).contains($0) }
        let size = digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
        guard size <= bytes.count else { break }
        offset += 512 + (size + 511) / 512 * 512
    }
    return bytes
}
