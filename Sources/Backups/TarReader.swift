// SPDX-License-Identifier: Apache-2.0

import AgeFiles

/// Reads what ``TarWriter`` wrote, and nothing else.
final class TarReader {
    private let source: (UnsafeMutableRawBufferPointer) throws -> Int

    /// Of an extended header, in bytes.
    private static let recordLimit = 16 << 10

    /// - Parameter source: fills all of the buffer, but at the end.
    init(from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) { self.source = source }

    /// Shows each member in its order; of a file it must take the content.
    ///
    /// - Parameter visit: is given the member's header, and what hands its content to a sink.
    func members(
        _ visit: (TarBlock, _ content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void) throws -> Void
    ) throws {
        while var block = try next() {
            if block.kind == .extended {
                guard block.byteCount <= Self.recordLimit else { throw BackupError.malformed("an extended header") }
                var records: [UInt8] = []
                try copy(block.byteCount) { records += $0 }
                guard let described = try next(), described.kind != .extended else {
                    throw BackupError.malformed("an extended header")
                }
                block = described
                try block.apply(records)
            }
            guard block.kind == .file || block.byteCount == 0 else { throw BackupError.malformed("a size") }
            var isTaken = block.kind != .file
            try visit(block) { sink in
                isTaken = true
                try copy(block.byteCount, to: sink)
            }
            precondition(isTaken, "the content of \(block.name) was not taken")
        }
        // The second block of zeros, and nothing behind it.
        guard try next() == nil, try bytes(1).isEmpty else { throw BackupError.malformed("the end") }
    }

    private func next() throws -> TarBlock? {
        let block = try bytes(TarBlock.byteCount)
        guard block.count == TarBlock.byteCount else { throw BackupError.malformed("the end") }
        return try TarBlock(block)
    }

    private func copy(_ byteCount: Int, to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        // Keys pass through it.
        let buffer = WipedBytes(count: min(byteCount, 1 << 18))
        defer { withExtendedLifetime(buffer) {} }
        var rest = byteCount
        while rest > 0 {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<min(rest, buffer.count)])
            guard try source(piece) == piece.count else { throw BackupError.malformed("the end") }
            try sink(UnsafeRawBufferPointer(piece))
            rest -= piece.count
        }
        let padding = TarBlock.padding(after: byteCount)
        guard try bytes(padding).count == padding else { throw BackupError.malformed("the end") }
    }

    private func bytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard count > 0 else { return [] }
        let got = try bytes.withUnsafeMutableBytes(source)
        return Array(bytes[..<got])
    }
}
