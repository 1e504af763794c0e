// SPDX-License-Identifier: Apache-2.0

import Testing
@testable import TrustStores

@Suite("Passwords of keystores")
struct KeystorePasswordTests {
    @Test(
        "are handed out as OpenSSL and as Java take them",
        arguments: ["", "changeit", "pässwörd", "€ and \u{1F511}", String(repeating: "é", count: 300)])
    func forms(text: String) {
        let password = KeystorePassword(text)
        let utf8 = password.withUTF8 { pointer, count in
            (0...Int(count)).map { UInt8(bitPattern: pointer[$0]) }
        }
        #expect(utf8 == Array(text.utf8) + [0])
        #expect(password.withUTF16 { Array($0) } == text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    }
}
