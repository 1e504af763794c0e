// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Glibc

/// What a file is encrypted with. Secret: no printed form, and wiped.
package final class Passphrase: Sendable {
    let secret: WipedBytes

    /// In bytes; more than anybody types.
    package static let byteLimit = 1024

    /// - Parameter line: without its line end.
    /// - Throws: ``AgeError/passphrase(_:)`` for an empty one, one that is too long, and one with bytes of control.
    package init(_ line: UnsafeRawBufferPointer) throws(AgeError) {
        guard !line.isEmpty else { throw .passphrase("is empty") }
        guard line.count <= Self.byteLimit else { throw .passphrase("has more than \(Self.byteLimit) bytes") }
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .passphrase("is not one line of text") }
        secret = WipedBytes(copying: line)
    }

    /// The first line of a file, or of an open descriptor under /dev/fd; nothing may follow it.
    package convenience init(file path: String) throws(AgeError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file("read the passphrase from", path: path, errno: errno) }
        defer { close(descriptor) }
        let buffer = WipedBytes(count: Self.byteLimit + 3)
        defer { withExtendedLifetime(buffer) {} }
        var count = 0
        while count < buffer.count {
            let got = read(descriptor, buffer.memory.baseAddress?.advanced(by: count), buffer.count - count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .file("read the passphrase from", path: path, errno: errno) }
            if got == 0 { break }
            count += got
        }
        var line = buffer.bytes[..<count]
        if line.last == 0x0A { line = line.dropLast() }
        if line.last == 0x0D { line = line.dropLast() }
        try self.init(UnsafeRawBufferPointer(rebasing: line))
    }

    package var byteCount: Int { secret.count }

    /// Whether both are the same.
    package func equals(_ other: Passphrase) -> Bool {
        secret.count == other.secret.count
            && CRYPTO_memcmp(secret.memory.baseAddress, other.secret.memory.baseAddress, secret.count) == 0
    }
}
