// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
import Glibc
package import OperatorErrors

/// Why an archive was refused or could not be written; offsets count bytes of the uncompressed tar from 0.
package enum ArchiveError: Error, Equatable, Sendable {
    // Reading
    /// The file does not begin as a tar does, compressed or not.
    case notAnArchive
    case truncated(expected: String)
    case badHeader(offset: Int, field: String)
    case badChecksum(offset: Int)
    /// Absolute, with `..` or an empty component, with a NUL or control character, or not UTF-8.
    case unsafeName(String)
    case duplicateName(String)
    /// A link, a device or an extension: `type` is the byte of the header.
    case forbiddenType(name: String, type: UInt8)
    case tooManyEntries(limit: Int)
    case tooLarge(limit: Int)
    /// Something else than zeros behind the end of the archive, or bytes behind the gzip stream.
    case trailingBytes
    /// Unpacking the file would fill the disk; `needed` includes what has to stay free. In bytes.
    case noSpace(name: String, needed: Int, free: Int)
    /// What zlib says about a gzip stream.
    case badCompression(String)

    // Writing
    case nameTooLong(String)
    /// A file of 8 GiB or more, which a ustar header cannot hold.
    case fileTooLarge(name: String, byteCount: Int)
    case sizeChanged(name: String)
    /// This machine's zlib compresses to other bytes than the one that published tallies are made with.
    case foreignCompressor(version: String)

    /// The path is the file's last component only: the others may be private.
    case file(FileError)
}

extension ArchiveError {
    init(_ error: FileError) {
        let name = error.path.split(separator: "/").last.map(String.init) ?? error.path
        self = .file(FileError(operation: error.operation, path: name, reason: error.reason))
    }

    static func catching<Value: ~Copyable>(
        _ body: @autoclosure () throws(FileError) -> Value
    ) throws(ArchiveError) -> Value {
        do throws(FileError) { return try body() } catch { throw ArchiveError(error) }
    }
}

extension ArchiveError: OperatorError {
    package var message: String {
        switch self {
        case .notAnArchive: "the file is neither a tar nor a tar.gz"
        case .truncated(let expected): "the archive ends too early, expected \(expected)"
        case .badHeader(let offset, let field): "the archive's header at byte \(offset) has an invalid \(field)"
        case .badChecksum(let offset): "the archive's header at byte \(offset) does not fit its checksum"
        case .unsafeName(let name): "the archive holds the unsafe name \(quoted(name))"
        case .duplicateName(let name): "the archive holds \(quoted(name)) twice"
        case .forbiddenType(let name, let type):
            "the archive's entry \(quoted(name)) has type \(quoted(String(UnicodeScalar(type)))), expected a file or a folder"
        case .tooManyEntries(let limit): "the archive has more than \(limit) entries"
        case .tooLarge(let limit): "the archive unpacks to more than \(limit) bytes"
        case .noSpace(let name, let needed, let free):
            "unpacking \(quoted(name)) needs \(needed) bytes of free disk space, \(free) are there"
        case .trailingBytes: "the archive goes on behind its end"
        case .badCompression(let reason): "the archive is not valid gzip: \(reason)"
        case .nameTooLong(let name): "the entry name \(quoted(name)) has more than 100 bytes"
        case .fileTooLarge(let name, let count): "\(quoted(name)) has \(count) bytes, expected less than 8 GiB"
        case .sizeChanged(let name): "\(quoted(name)) changed its size while it was packed"
        case .foreignCompressor(let version):
            "zlib \(quoted(version)) compresses to other bytes than the zlib that tallies are published with"
        case .file(let error):
            "cannot \(error.operation.rawValue) \(quoted(error.path)): \(String(cString: strerror(error.reason)))"
        }
    }

    package var hint: String? {
        switch self {
        case .foreignCompressor: "install the distribution's zlib1g (not zlib-ng) on this host"
        case .noSpace: "free some space, or set TMPDIR to a folder on a larger disk"
        default: nil
        }
    }

    package var exitCode: ExitStatus {
        switch self {
        case .file, .noSpace: .disk
        default: .refused
        }
    }
}
