// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The password of a keystore: KEYSTORE_PASS of the configuration, and from nowhere else. Secret: no printed form, and wiped.
package final class KeystorePassword: Sendable {
    /// UTF-8 with a zero byte at its end. Made once and wiped at the end, so that no copy of it is freed as it stands.
    private let memory: SecretMemory

    package init(_ text: String) {
        memory = SecretMemory(count: text.utf8.count + 1)
        memory.bytes.copyBytes(from: text.utf8)
    }

    /// As OpenSSL takes passwords: UTF-8 and its length.
    func withUTF8<Result>(_ body: (UnsafePointer<CChar>, Int32) -> Result) -> Result {
        let text = memory.bytes.assumingMemoryBound(to: CChar.self)
        // The buffer has one byte at least, its zero.
        return body(UnsafePointer(text.baseAddress!), Int32(text.count - 1))
    }

    /// As Sun's JKS hashes passwords: UTF-16, the higher byte first.
    func withUTF16<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // No text has more units in UTF-16 than in UTF-8.
        let units = SecretMemory(count: 2 * (memory.bytes.count - 1))
        var count = 0
        _ = transcode(
            memory.bytes.dropLast().makeIterator(), from: UTF8.self, to: UTF16.self, stoppingOnError: false
        ) { unit in
            units.bytes.storeBytes(of: unit.bigEndian, toByteOffset: count, as: UInt16.self)
            count += 2
        }
        return body(UnsafeRawBufferPointer(rebasing: units.bytes[..<count]))
    }
}
