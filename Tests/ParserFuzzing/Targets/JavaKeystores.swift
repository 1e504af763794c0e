// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import TrustStores

let keystorePassword = "changeit"

/// The bytes as they are, and with the checksum that the password gives them: who knows the password gets further.
func parseJavaKeystore(_ input: [UInt8]) throws {
    let magic: [UInt8] = [0xFE, 0xED, 0xFE, 0xED]
    let password = KeystorePassword(keystorePassword)
    _ = try refusing("a keystore") { try Keystores.read(input, password: password, path: "/k.jks") }
    let contents = magic + input.dropFirst(magic.count)
    let repaired = contents + javaChecksum(contents)
    let keystore = try refusing("a keystore") { try Keystores.read(repaired, password: password, path: "/k.jks") }
    guard var keystore else { return }
    try require(try keystore.serialized(password) == repaired, "a keystore that nobody changed is written differently")
    try changeEntries(of: &keystore, password)
}

/// SHA-1 over the password in UTF-16, the text "Mighty Aphrodite" and everything before.
func javaChecksum(_ contents: [UInt8]) -> [UInt8] {
    let hashed =
        keystorePassword.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } + Array("Mighty Aphrodite".utf8)
        + contents
    var digest = [UInt8](repeating: 0, count: 20)
    SHA1(hashed, hashed.count, &digest)
    return digest
}

/// Puts a certificate in and takes it out again, and reads what comes of it.
func changeEntries(of keystore: inout any Keystore, _ password: KeystorePassword) throws {
    let alias = "Peer.Example"
    guard keystore.entry(alias) != .key, let certificate = SampleCertificate.certificate else { return }
    try keystore.set(certificate, alias: alias)
    let entry = KeystoreEntry.trustedCertificate(certificate.der)
    var read = try Keystores.read(keystore.serialized(password), password: password, path: "/k")
    try require(read.entry("peer.example") == entry, "an entry that was put in is not there")
    try read.remove(alias)
    // Under one alias an old file may hold several.
    while read.entry(alias) != nil { try read.remove(alias) }
    let last = try Keystores.read(read.serialized(password), password: password, path: "/k")
    try require(last.entry(alias) == nil, "an entry that was taken out is still there")
}
