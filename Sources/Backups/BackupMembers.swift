// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import DurableFiles
import Foundation
import GroupArithmetic

/// Puts files into the tar of a backup: each content once, under however many names it lies on the disk.
final class BackupMembers {
    private let tar: TarWriter
    /// The first name of each file that has several.
    private var names: [FileNumber: String] = [:]
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    private struct FileNumber: Hashable {
        let device: UInt
        let inode: UInt
    }

    private static let smallByteLimit = 64 << 20

    init(_ tar: TarWriter) { self.tar = tar }

    deinit { buffer.deallocate() }

    func finish() throws { try tar.finish() }

    func add(_ content: [UInt8], as name: String, modified: Date) throws {
        try tar.file(name, mode: 0o600, modified: Int(modified.timeIntervalSince1970), content: content)
    }

    func add(_ content: HeldSecret, as name: String, modified: Int) throws {
        try content.bytes.withBytes { try tar.file(name, mode: 0o600, modified: modified, content: $0) }
    }

    /// A small file that may be secret, or nothing where there is none.
    func add(secret path: String, as name: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let content = try HeldSecret(file: URL(filePath: path), atMost: Self.smallByteLimit)
        else { return }
        try add(content, as: name, modified: status.st_mtim.tv_sec)
    }

    /// All files below a folder but half-made ones, in order of their names.
    ///
    /// - Parameter accepts: is asked about each path relative to `folder`.
    func add(tree folder: URL, as name: String, accepts: (String) -> Bool) throws {
        guard let found = FileManager.default.enumerator(atPath: folder.path) else { return }
        var paths: [String] = []
        while let path = found.nextObject() as? String { paths.append(path) }
        for path in paths.sorted() {
            let last = path.split(separator: "/").last ?? ""
            guard !last.hasPrefix("."), !last.hasSuffix(".part"), accepts(path) else { continue }
            let mode: mode_t = BackupLayout.isPublic("\(name)/") ? 0o644 : 0o600
            try add(file: folder.appending(path: path).path, as: "\(name)/\(path)", mode: mode)
        }
    }

    /// A file of any size. One that goes away meanwhile was needed for nothing; one that is still being written is taken as far
    /// as it went.
    func add(file path: String, as name: String, mode: mode_t) throws {
        guard let file = try Self.open(path) else { return }
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else { return }
        let (size, modified) = (Int(status.st_size), status.st_mtim.tv_sec)
        let number = FileNumber(device: UInt(status.st_dev), inode: UInt(status.st_ino))
        if status.st_nlink > 1 {
            if let first = names[number] { return try tar.link(name, to: first, mode: mode, modified: modified) }
            names[number] = name
        }
        try tar.file(name, mode: mode, modified: modified, byteCount: size) { sink in
            var rest = size
            while rest > 0 {
                let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(rest, buffer.count)])
                // Zeros stand for what the file lost meanwhile.
                let filled = try file.read(into: piece)
                UnsafeMutableRawBufferPointer(rebasing: piece[filled...]).initializeMemory(as: UInt8.self, repeating: 0)
                try sink(UnsafeRawBufferPointer(piece))
                rest -= piece.count
            }
        }
    }

    /// Nil where there is no file, or a link.
    private static func open(_ path: String) throws(FileError) -> OpenFile? {
        do throws(FileError) { return try OpenFile.existing(path, to: .read, O_RDONLY | O_NOFOLLOW) } catch {
            if error.reason == ELOOP { return nil }
            throw error
        }
    }
}
