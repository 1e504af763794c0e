// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation

/// An entry of an archive.
package struct UnpackedEntry: Sendable, Equatable {
    /// Without `./` in front and `/` behind; safe to append to a folder.
    package let name: String
    package let isDirectory: Bool
    package let byteCount: Int
}

/// Takes the bytes of a file in pieces, in order.
package typealias ByteSink = (UnsafeRawBufferPointer) throws(ArchiveError) -> Void

/// Reads `.tar` and `.tar.gz` files that anybody may have made (specification of the tally, 1.1).
///
/// Refuses absolute names, `..`, repeated names, links, devices, extensions, wrong checksums, anything behind the end, and
/// whatever unpacks to more than its limits.
package enum ArchiveReader {
    /// Shows every entry once, in order, without the archive's own folder `./`. Memory does not depend on their sizes.
    ///
    /// - Parameter visit: is given each entry and, for a file, what hands its content to a sink; content that it does not ask
    ///   for is skipped.
    private static func read(
        _ path: String, limits: ArchiveLimits, observe: @escaping (UnsafeRawBufferPointer) -> Void,
        visit: (UnpackedEntry, _ content: (ByteSink) throws(ArchiveError) -> Void) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var stream = try ArchiveStream(path: path, limits: limits, observe: observe)
        var names: Set<String> = []
        var sawOwnFolder = false
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while let header = try nextHeader(&stream) {
            if header.name == "" {
                if sawOwnFolder { throw .duplicateName("./") }
                sawOwnFolder = true
                continue
            }
            guard names.count < limits.entryCount else { throw .tooManyEntries(limit: limits.entryCount) }
            guard names.insert(header.name).inserted else { throw .duplicateName(header.name) }
            let entry = UnpackedEntry(
                name: header.name, isDirectory: header.kind == .directory, byteCount: header.byteCount)
            var isRead = false
            try visit(entry) { (sink) throws(ArchiveError) in
                isRead = true
                try copyContent(header, from: &stream, buffer, to: sink)
            }
            if !isRead { try copyContent(header, from: &stream, buffer) { _ in } }
        }
    }

    /// Writes every entry below `folder`, an existing folder that nobody else can write to.
    ///
    /// Modes, owners and times of the entries are ignored: files get 0600.
    ///
    /// - Parameter observe: sees every byte of the file as it lies on the disk once, in order; for a digest.
    /// - Returns: the entries in their order, without the archive's own folder `./`.
    /// - Throws: ``ArchiveError``; what was unpacked up to then stays in the folder.
    package static func unpack(
        _ path: String, into folder: String, limits: ArchiveLimits = ArchiveLimits(),
        observe: @escaping (UnsafeRawBufferPointer) -> Void = { _ in }
    ) throws(ArchiveError) -> [UnpackedEntry] {
        var entries: [UnpackedEntry] = []
        try read(path, limits: limits, observe: observe) { (entry, content) throws(ArchiveError) in
            entries.append(entry)
            let target = folder + "/" + entry.name
            if entry.isDirectory { return try makeFolder(target) }
            try makeFolder((target as NSString).deletingLastPathComponent)
            try requireSpace(for: entry, in: folder, reserve: limits.diskReserve)
            let file = try ArchiveError.catching(OpenFile(creating: target, mode: 0o600))
            try content { (bytes) throws(ArchiveError) in try ArchiveError.catching(file.write(bytes)) }
        }
        return entries
    }

    /// Refuses a file before it fills the disk: how large an archive unpacks to is known file by file only.
    private static func requireSpace(
        for entry: UnpackedEntry, in folder: String, reserve: Int
    ) throws(ArchiveError) {
        guard let free = FreeSpace.byteCount(in: folder) else { return }
        let (needed, overflow) = entry.byteCount.addingReportingOverflow(reserve)
        guard !overflow, needed <= free else {
            throw .noSpace(name: entry.name, needed: overflow ? .max : needed, free: free)
        }
    }

    /// The next header, or nil behind the last entry, where only zeros may follow.
    private static func nextHeader(_ stream: inout ArchiveStream) throws(ArchiveError) -> TarHeader? {
        let offset = stream.offset
        let block = try readBlock(&stream, expected: "two blocks of zeros")
        if let header = try TarHeader(block, at: offset) { return header }
        guard try readBlock(&stream, expected: "a second block of zeros").allSatisfy({ $0 == 0 }) else {
            throw .badHeader(offset: offset + 512, field: "block, expected zeros")
        }
        let rest = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { rest.deallocate() }
        while true {
            let count = try stream.read(into: rest)
            if count == 0 { return nil }
            guard rest.prefix(count).allSatisfy({ $0 == 0 }) else { throw .trailingBytes }
        }
    }

    private static func readBlock(
        _ stream: inout ArchiveStream, expected: String
    ) throws(ArchiveError) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarHeader.byteCount)
        let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: block.count, alignment: 16)
        defer { whole.deallocate() }
        let count = try stream.read(into: whole)
        block.replaceSubrange(0..<count, with: whole.prefix(count))
        guard count == block.count else { throw .truncated(expected: expected) }
        return block
    }

    /// Hands a file's content to `sink`, and reads the padding behind it.
    private static func copyContent(
        _ header: TarHeader, from stream: inout ArchiveStream, _ buffer: UnsafeMutableRawBufferPointer,
        to sink: ByteSink
    ) throws(ArchiveError) {
        var left = header.byteCount
        while left > 0 {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(left))
            let count = try stream.read(into: wanted)
            guard count == wanted.count else {
                throw .truncated(expected: "\(left - count) more bytes of \(header.name)")
            }
            try sink(UnsafeRawBufferPointer(wanted))
            left -= count
        }
        let padding = UnsafeMutableRawBufferPointer(
            rebasing: buffer.prefix(TarHeader.padding(after: header.byteCount)))
        guard try stream.read(into: padding) == padding.count else {
            throw .truncated(expected: "zeros behind \(header.name)")
        }
    }

    private static func makeFolder(_ path: String) throws(ArchiveError) {
        try ArchiveError.catching(DurableFile.makeFolder(path, mode: 0o700, parents: 0o700))
    }
}
