// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why a Java keystore was not read or changed. When one of these is thrown, the file is as it was.
package enum KeystoreError: OperatorError, Equatable {
    /// Neither JKS nor PKCS#12.
    case noKeystore(path: String)
    case otherFormat(String, path: String)
    /// The checksum under the password does not fit: keystores do not tell one from the other.
    case wrongPasswordOrDamaged(path: String)
    case damaged(path: String)
    /// A trusted-certificate entry of another certificate stands under the peer's name.
    case otherCertificate(alias: String, path: String)
    case aliasOfKey(alias: String, path: String)
    case libraryFailure(String)

    package var message: String {
        switch self {
        case .noKeystore(let path): "\(quoted(path, limit: 300)) is neither a JKS nor a PKCS#12 keystore"
        case .otherFormat(let format, let path):
            "\(quoted(path, limit: 300)) is a \(format) keystore, only JKS and PKCS#12 are taken"
        case .wrongPasswordOrDamaged(let path):
            "KEYSTORE_PASS is not the password of \(quoted(path, limit: 300)), or the file is damaged"
        case .damaged(let path): "the keystore \(quoted(path, limit: 300)) is damaged"
        case .otherCertificate(let alias, let path):
            "the keystore \(quoted(path, limit: 300)) holds another certificate under \(quoted(alias))"
        case .aliasOfKey(let alias, let path):
            "the keystore \(quoted(path, limit: 300)) holds a key under \(quoted(alias))"
        case .libraryFailure(let operation): "OpenSSL failed to \(operation)"
        }
    }

    package var hint: String? {
        switch self {
        case .wrongPasswordOrDamaged: "to see whether the password is right: keytool -list -keystore FILE"
        case .otherFormat, .noKeystore: "to convert it: keytool -importkeystore -deststoretype pkcs12"
        case .otherCertificate(let alias, _): "to remove it: keytool -delete -alias \(alias) -keystore FILE"
        case .aliasOfKey(let alias, _): "to rename it: keytool -changealias -alias \(alias) -keystore FILE"
        case .damaged, .libraryFailure: nil
        }
    }
}
