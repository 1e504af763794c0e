// SPDX-License-Identifier: Apache-2.0

/// Encrypts a stream with a passphrase, in the form of age-encryption.org/v1, which `age -d` reads.
///
/// Memory does not depend on the length. What is cut off, moved or changed is noticed by whoever reads.
package final class AgeWriter {
    /// 2^18 rounds and 256 MiB, as age itself.
    package static let usualLogN = 18

    private let sink: (UnsafeRawBufferPointer) throws -> Void
    private let cipher: ChaChaPoly
    private let plain = WipedBytes(count: AgeContent.chunkByteCount)
    private var filled = 0
    private var number: UInt64 = 0

    /// Writes the header.
    package init(
        _ passphrase: Passphrase, logN: Int = usualLogN, to sink: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let header = try AgeHeader(passphrase, logN: logN)
        let nonce = try WipedBytes.random(AgeContent.nonceByteCount).copy
        cipher = try ChaChaPoly(header.contentKey(nonce: nonce))
        self.sink = sink
        try (Array(header.text.utf8) + nonce).withUnsafeBytes(sink)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            // A full chunk waits until it is known not to be the last.
            if filled == plain.count { try seal(isLast: false) }
            let count = min(rest.count, plain.count - filled)
            UnsafeMutableRawBufferPointer(rebasing: plain.memory[filled...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            filled += count
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Writes the last chunk. Without it the file counts as cut off.
    package func finish() throws { try seal(isLast: true) }

    private func seal(isLast: Bool) throws {
        let sealed = UnsafeMutableRawBufferPointer.allocate(
            byteCount: filled + ChaChaPoly.tagByteCount, alignment: 16)
        defer { sealed.deallocate() }
        try cipher.seal(
            UnsafeRawBufferPointer(rebasing: plain.bytes[..<filled]),
            nonce: AgeContent.nonce(number, isLast: isLast), into: sealed)
        try sink(UnsafeRawBufferPointer(sealed))
        number += 1
        filled = 0
    }
}
