// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
internal import ElGamal
public import Foundation
private import Glibc
public import GroupArithmetic
internal import Synchronization

/// A list of ciphertexts whose file still grows, as a party sends it: its numbers are checked as they come, while the receiver
/// does something else.
///
/// What is checked is hashed too. Its word about the file is worth something only if the digest of all that it saw is the one
/// under which the file was announced: ``CheckedList``.
public final class ArrivingList: Sendable {
    private let path: String
    private let count: Int
    private let group: SafePrimeGroup
    private let progress = Mutex(Progress())

    private struct Progress: ~Copyable {
        /// Bytes that were read, hashed and checked.
        var position = 0
        var hash = IncrementalHash(.sha256)
        var isSound = true
    }

    /// - Parameter count: ciphertexts that the list has to have.
    public init(file: URL, count: Int, in group: SafePrimeGroup) {
        path = file.path
        self.count = count
        self.group = group
    }

    /// Leaves that are checked together: enough for a batch of subset products.
    private static let batchCount = 8192

    private var stride: Int { group.elementByteCount + ByteTreeTag.headerByteCount }
    /// The headers of the pair and of the first array; those of the second stand behind the alphas.
    private var alphas: Range<Int> {
        2 * ByteTreeTag.headerByteCount..<2 * ByteTreeTag.headerByteCount + count * stride
    }
    private var betas: Range<Int> {
        let start = alphas.upperBound + ByteTreeTag.headerByteCount
        return start..<start + count * stride
    }

    /// Checks what has arrived since the last call, in whole batches; the rest waits for the next call, or the end of the list.
    public func advance() {
        progress.withLock { progress in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            while progress.isSound, let next = next(from: progress.position, descriptor) {
                var bytes = [UInt8](repeating: 0, count: next.count)
                guard pread(descriptor, &bytes, next.count, next.lowerBound) == next.count else { return }
                progress.hash.append(bytes: bytes)
                progress.position = next.upperBound
                progress.isSound = isSound(bytes, at: next.lowerBound)
            }
        }
    }

    /// The next bytes to check: headers by themselves, leaves by batches. `nil` if they are not here yet, or all is done.
    private func next(from position: Int, _ descriptor: Int32) -> Range<Int>? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, position < betas.upperBound else { return nil }
        let end: Int
        if let list = [alphas, betas].first(where: { $0.contains(position) }) {
            end = min(list.upperBound, position + ArrivingList.batchCount * stride)
        } else {
            end = position < alphas.lowerBound ? alphas.lowerBound : betas.lowerBound
        }
        return end <= Int(status.st_size) ? position..<end : nil
    }

    private func isSound(_ bytes: [UInt8], at position: Int) -> Bool {
        if position < alphas.lowerBound { return bytes == ByteTreeTag.node.header(2) + ByteTreeTag.node.header(count) }
        if position == alphas.upperBound { return bytes == ByteTreeTag.node.header(count) }
        let number = bytes.count / stride
        let list = SharedBytes(copying: ByteTreeTag.node.header(number) + bytes)
        do throws(VectorError) {
            _ = try readingByteTree(
                list,
                { reader throws(VectorError) in try ElementVector(reading: &reader, count: number, in: group) },
                orElse: { .byteTree($0) })
            return true
        } catch { return false }
    }

    /// What was checked, once all has arrived and every number is in the group; else `nil`, and ``Mixing`` finds out what is
    /// wrong, and where.
    public func finish() -> CheckedList? {
        advance()
        return progress.withLock { progress in
            guard progress.isSound, progress.position == betas.upperBound else { return nil }
            progress.isSound = false
            return CheckedList(digest: progress.hash.digest())
        }
    }
}

/// A file of ciphertexts all of whose numbers are in the group.
public struct CheckedList: Sendable {
    /// The file's SHA-256.
    public let digest: [UInt8]
}
