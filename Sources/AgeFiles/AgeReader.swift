// SPDX-License-Identifier: Apache-2.0

/// Decrypts what ``AgeWriter``, or `age -p`, wrote. What it gives out is what was written, byte for byte, up to there; whether
/// the end is missing shows at the end.
package final class AgeReader {
    /// A file that asks for more is refused before any memory is taken: 2^20 rounds take 1 GiB.
    package static let logNLimit = 20

    private let source: (UnsafeMutableRawBufferPointer) throws -> Int
    private let cipher: ChaChaPoly
    /// One sealed chunk and one byte more, by which it is known not to be the last.
    private let sealed = WipedBytes(count: AgeContent.sealedByteCount + 1)
    private var held = 0
    private let plain = WipedBytes(count: AgeContent.chunkByteCount)
    private var ready: Range<Int> = 0..<0
    private var number: UInt64 = 0
    private var isOver = false

    /// Reads the header.
    ///
    /// - Parameter source: fills as much of the buffer as there is, and says how much; 0 at the end.
    package init(
        _ passphrase: Passphrase, logNLimit: Int = AgeReader.logNLimit,
        from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        self.source = source
        let header = try AgeHeader(try Self.headerText(from: source), passphrase, logNLimit: logNLimit)
        var nonce = [UInt8](repeating: 0, count: AgeContent.nonceByteCount)
        guard try nonce.withUnsafeMutableBytes({ try Self.fill($0, from: source) }) == nonce.count else {
            throw AgeError.truncated(at: 0)
        }
        cipher = try ChaChaPoly(header.contentKey(nonce: nonce))
    }

    /// Fills as much of `buffer` as there is; fewer bytes than asked for only at the end of the content.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var count = 0
        while count < buffer.count {
            if ready.isEmpty {
                if isOver { break }
                try openNext()
                continue
            }
            let piece = min(buffer.count - count, ready.count)
            UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: plain.bytes[ready.lowerBound..<ready.lowerBound + piece]))
            ready = ready.lowerBound + piece..<ready.upperBound
            count += piece
        }
        return count
    }

    private func openNext() throws {
        let free = UnsafeMutableRawBufferPointer(rebasing: sealed.memory[held...])
        held += try Self.fill(free, from: source)
        let isLast = held <= AgeContent.sealedByteCount
        let offset = Int(number) * AgeContent.chunkByteCount
        let sealedCount = isLast ? held : AgeContent.sealedByteCount
        let count = sealedCount - ChaChaPoly.tagByteCount
        // Only an empty file ends with an empty chunk.
        guard count > 0 || (count == 0 && number == 0) else { throw AgeError.truncated(at: offset) }
        let isGenuine = try cipher.open(
            UnsafeRawBufferPointer(rebasing: sealed.bytes[..<sealedCount]),
            nonce: AgeContent.nonce(number, isLast: isLast),
            into: UnsafeMutableRawBufferPointer(rebasing: plain.memory[..<count]))
        guard isGenuine else { throw try failure(at: offset, count: sealedCount, isLast: isLast) }
        if !isLast { sealed.memory[0] = sealed.memory[AgeContent.sealedByteCount] }
        held = isLast ? 0 : 1
        ready = 0..<count
        number += 1
        isOver = isLast
    }

    /// A chunk that would be genuine in the middle says that the rest was cut off.
    private func failure(at offset: Int, count: Int, isLast: Bool) throws -> AgeError {
        guard isLast else { return .changed(at: offset) }
        let isMiddle = try cipher.open(
            UnsafeRawBufferPointer(rebasing: sealed.bytes[..<count]), nonce: AgeContent.nonce(number, isLast: false),
            into: UnsafeMutableRawBufferPointer(rebasing: plain.memory[..<(count - ChaChaPoly.tagByteCount)]))
        return isMiddle ? .truncated(at: offset) : .changed(at: offset)
    }

    private static func headerText(from source: (UnsafeMutableRawBufferPointer) throws -> Int) throws -> String {
        var bytes: [UInt8] = []
        var line = 0
        // The line of the code is the last; whatever is not of this format has to show early.
        while bytes.count < AgeHeader.byteLimit {
            var byte: UInt8 = 0
            guard try withUnsafeMutableBytes(of: &byte, source) == 1 else { break }
            bytes.append(byte)
            guard byte == 0x0A else { continue }
            if bytes[line...].starts(with: Array("---".utf8)) { return String(decoding: bytes, as: UTF8.self) }
            if line == 0, !bytes.elementsEqual((AgeHeader.version + "\n").utf8) { throw AgeError.notEncrypted }
            line = bytes.count
        }
        throw line == 0 ? AgeError.notEncrypted : AgeError.malformedHeader
    }

    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from source: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> Int {
        var count = 0
        while count < buffer.count {
            let got = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            if got == 0 { break }
            count += got
        }
        return count
    }
}
