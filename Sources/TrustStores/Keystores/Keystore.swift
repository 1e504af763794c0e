// SPDX-License-Identifier: Apache-2.0

/// What stands under an alias of a keystore.
package enum KeystoreEntry: Equatable {
    /// A trusted-certificate entry, with its certificate's DER.
    case trustedCertificate([UInt8])
    /// A private key with its chain, or a secret key.
    case key
}

/// A Java keystore whose password fits. Only trusted-certificate entries come and go; every other entry is kept as it is.
package protocol Keystore {
    /// Aliases do not tell upper case from lower case.
    func entry(_ alias: String) -> KeystoreEntry?

    /// Puts a trusted-certificate entry in the place of the one that stands there.
    ///
    /// - Precondition: no key stands under the alias.
    mutating func set(_ certificate: Certificate, alias: String) throws(KeystoreError)

    /// Takes a trusted-certificate entry out. A key stays.
    mutating func remove(_ alias: String) throws(KeystoreError)

    func serialized(_ password: KeystorePassword) throws(KeystoreError) -> [UInt8]
}

package enum Keystores {
    /// Reads JKS or PKCS#12, as the file is; nil is no file yet, and becomes PKCS#12.
    ///
    /// - Parameter path: for messages.
    package static func read(
        _ bytes: [UInt8]?, password: KeystorePassword, path: String
    ) throws(KeystoreError) -> any Keystore {
        guard let bytes else { return try PKCS12Keystore(path: path) }
        if bytes.starts(with: JavaKeystore.magic) {
            return try JavaKeystore(bytes: bytes, password: password, path: path)
        }
        guard !bytes.starts(with: [0xCE, 0xCE, 0xCE, 0xCE]) else { throw .otherFormat("JCEKS", path: path) }
        guard bytes.first == 0x30 else { throw .noKeystore(path: path) }
        return try PKCS12Keystore(bytes: bytes, password: password, path: path)
    }
}
