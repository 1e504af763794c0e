// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An entry that was unpacked.
package struct UnpackedEntry: Sendable, Equatable {
    /// Without `./` in front and `/` behind; safe to append to a folder.
    package let name: String
    package let isDirectory: Bool
    package let byteCount: Int
}

/// Unpacks `.tar` and `.tar.gz` files that anybody may have made (specification of the tally, 1.1).
package enum ArchiveReader {
    /// Writes every entry below `folder`, an existing folder that nobody else can write to.
    ///
    /// Refuses absolute names, `..`, repeated names, links, devices, extensions, wrong checksums, anything behind the end,
    /// and whatever unpacks to more than `limits`. Modes, owners and times of the entries are ignored: files get 0600.
    ///
    /// - Returns: the entries in their order, without the archive's own folder `./`.
    /// - Throws: ``ArchiveError``; what was unpacked up to then stays in the folder.
    package static func unpack(
        _ path: String, into folder: String, limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> [UnpackedEntry] {
        var stream = try ArchiveStream(path: path, limits: limits)
        var entries: [UnpackedEntry] = []
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
            guard names.insert(header.name).inserted else { throw .duplicateName(header.name) }
            guard entries.count < limits.entryCount else { throw .tooManyEntries(limit: limits.entryCount) }
            entries.append(
                UnpackedEntry(name: header.name, isDirectory: header.kind == .directory, byteCount: header.byteCount))
            try makeFolders(above: header.name, in: folder)
            switch header.kind {
            case .directory: try makeFolder(folder + "/" + header.name)
            case .file: try unpackFile(header, to: folder + "/" + header.name, from: &stream, buffer)
            }
        }
        return entries
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

    private static func unpackFile(
        _ header: TarHeader, to path: String, from stream: inout ArchiveStream, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) {
        let file = try FileDescriptor(creating: path)
        var left = header.byteCount
        while left > 0 {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(left))
            let count = try stream.read(into: wanted)
            guard count == wanted.count else {
                throw .truncated(expected: "\(left - count) more bytes of \(header.name)")
            }
            try file.write(UnsafeRawBufferPointer(wanted))
            left -= count
        }
        let padding = UnsafeMutableRawBufferPointer(
            rebasing: buffer.prefix(TarHeader.padding(after: header.byteCount)))
        guard try stream.read(into: padding) == padding.count else {
            throw .truncated(expected: "zeros behind \(header.name)")
        }
    }

    private static func makeFolders(above name: String, in folder: String) throws(ArchiveError) {
        var path = folder
        for component in name.split(separator: "/").dropLast() {
            path += "/" + component
            try makeFolder(path)
        }
    }

    private static func makeFolder(_ path: String) throws(ArchiveError) {
        if mkdir(path, 0o700) == 0 { return }
        var status = stat()
        guard errno == EEXIST, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw failure("make the folder", lastComponent(of: path))
        }
    }
}
