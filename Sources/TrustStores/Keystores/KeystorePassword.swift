// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The password of a keystore: KEYSTORE_PASS of the configuration, and from nowhere else. Secret: no printed form, and wiped.
package final class KeystorePassword: Sendable {
    /// UTF-8 with a zero byte at its end. Made once and wiped at the end, so that no copy of it is freed as it stands.
    private let bytes: Bytes

    /// Unchecked, because the memory is written only before the value exists and after everybody let go of it.
    private struct Bytes: @unchecked Sendable { let memory: UnsafeMutableBufferPointer<UInt8> }

    package init(_ text: String) {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count + 1)
        let end = memory.initialize(from: text.utf8).index
        memory.initializeElement(at: end, to: 0)
        bytes = Bytes(memory: memory)
    }

    deinit {
        OPENSSL_cleanse(bytes.memory.baseAddress, bytes.memory.count)
        bytes.memory.deallocate()
    }

    /// As OpenSSL takes passwords: UTF-8 and its length.
    func withUTF8<Result>(_ body: (UnsafePointer<CChar>, Int32) -> Result) -> Result {
        bytes.memory.withMemoryRebound(to: CChar.self) { text in
            // The buffer has one byte at least, its zero.
            body(UnsafePointer(text.baseAddress!), Int32(text.count - 1))
        }
    }

    /// As Sun's JKS hashes passwords: UTF-16, the higher byte first.
    func withUTF16<Result>(_ body: ([UInt8]) -> Result) -> Result {
        var units = String(decoding: bytes.memory.dropLast(), as: UTF8.self).utf16.flatMap {
            [UInt8($0 >> 8), UInt8($0 & 0xFF)]
        }
        defer { OPENSSL_cleanse(&units, units.count) }
        return body(units)
    }
}
