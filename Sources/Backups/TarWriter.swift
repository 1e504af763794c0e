// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes a tar as POSIX.1-2001 has it ("pax"), which every tar reads: files of any size, names of any length, and second names
/// of a file, which take no room.
final class TarWriter {
    private let sink: (UnsafeRawBufferPointer) throws -> Void

    init(to sink: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.sink = sink }

    func file(_ name: String, mode: mode_t, modified: Int, content: [UInt8]) throws {
        try content.withUnsafeBytes { try file(name, mode: mode, modified: modified, content: $0) }
    }

    func file(_ name: String, mode: mode_t, modified: Int, content: UnsafeRawBufferPointer) throws {
        try header(.file, name, mode: mode, modified: modified, byteCount: content.count)
        try sink(content)
        try pad(after: content.count)
    }

    /// A file whose content comes in pieces.
    ///
    /// - Parameter content: is given what takes the pieces, which must be `byteCount` bytes in all.
    func file(
        _ name: String, mode: mode_t, modified: Int, byteCount: Int,
        content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        try header(.file, name, mode: mode, modified: modified, byteCount: byteCount)
        var count = 0
        try content { piece in
            count += piece.count
            try sink(piece)
        }
        precondition(count == byteCount, "\(count) bytes for a file of \(byteCount)")
        try pad(after: byteCount)
    }

    /// Another name of a file that was written before.
    func link(_ name: String, to target: String, mode: mode_t, modified: Int) throws {
        try header(.link, name, mode: mode, modified: modified, target: target)
    }

    func finish() throws { try [UInt8](repeating: 0, count: 1024).withUnsafeBytes(sink) }

    private func header(
        _ kind: TarBlock.Kind, _ name: String, mode: mode_t, modified: Int, byteCount: Int = 0, target: String = ""
    ) throws {
        var block = TarBlock(
            kind: kind, name: name, target: target, mode: mode, modified: modified, byteCount: byteCount)
        let records = block.moveOutWhatDoesNotFit()
        if !records.isEmpty {
            let extended = TarBlock(
                kind: .extended, name: "PaxHeader", target: "", mode: 0o600, modified: modified,
                byteCount: records.count)
            try extended.encoded.withUnsafeBytes(sink)
            try records.withUnsafeBytes(sink)
            try pad(after: records.count)
        }
        try block.encoded.withUnsafeBytes(sink)
    }

    private func pad(after byteCount: Int) throws {
        let rest = TarBlock.padding(after: byteCount)
        if rest > 0 { try [UInt8](repeating: 0, count: rest).withUnsafeBytes(sink) }
    }
}
