// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import TrustStores

/// The bytes as they are, and with the checksum that the password gives them.
func parsePKCS12Keystore(_ input: [UInt8]) throws {
    let password = KeystorePassword(keystorePassword)
    if input.starts(with: [0x30]) {
        _ = try refusing("a keystore") { try Keystores.read(input, password: password, path: "/k.p12") }
    }
    guard let repaired = withRightChecksum(input) else { return }
    let keystore = try refusing("a keystore") { try Keystores.read(repaired, password: password, path: "/k.p12") }
    guard var keystore else { return }
    let written = try refusing("a keystore as it was") { try keystore.serialized(password) }
    guard let written else { return }
    _ = try Keystores.read(written, password: password, path: "/k.p12")
    try changeEntries(of: &keystore, password)
}

private func withRightChecksum(_ input: [UInt8]) -> [UInt8]? {
    defer { ERR_clear_error() }
    let parsed = input.withUnsafeBufferPointer { bytes -> OpaquePointer? in
        var cursor = bytes.baseAddress
        return d2i_PKCS12(nil, &cursor, bytes.count)
    }
    guard let parsed else { return nil }
    defer { PKCS12_free(parsed) }
    guard PKCS12_set_mac(parsed, keystorePassword, Int32(keystorePassword.utf8.count), nil, 8, 1, EVP_sha1()) == 1
    else {
        return nil
    }
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = i2d_PKCS12(parsed, &bytes)
    guard count > 0, let bytes else { return nil }
    defer { CRYPTO_free(bytes, #fileID, #line) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
}
