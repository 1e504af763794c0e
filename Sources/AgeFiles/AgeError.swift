// SPDX-License-Identifier: Apache-2.0

import Glibc
package import OperatorErrors

/// Why an encrypted file was not made or not read.
package enum AgeError: Error, Equatable, Sendable {
    /// What is wrong with the passphrase itself.
    case passphrase(String)
    case file(String, path: String, errno: Int32)
    /// The file does not begin as one of age-encryption.org/v1.
    case notEncrypted
    /// It is encrypted to keys, or in another way that takes no passphrase.
    case noPassphrase
    case malformedHeader
    /// It asks for more memory than any file of ours; `logN` is the exponent.
    case workFactor(logN: Int, limit: Int)
    case wrongPassphrase
    /// The header, or the piece that begins at that byte of the content, is not what was written.
    case changed(at: Int?)
    /// The content ends before its end.
    case truncated(at: Int)
    case libraryFailure(String)
}

extension AgeError: OperatorError {
    package var message: String {
        switch self {
        case .passphrase(let fault): "the passphrase \(fault)"
        case .file(let operation, let path, let code):
            "cannot \(operation) \(quoted(path, limit: 300)): \(String(cString: strerror(code)).lowercased())"
        case .notEncrypted: "the file is not encrypted as age does it"
        case .noPassphrase: "the file is not encrypted with a passphrase"
        case .malformedHeader: "the encrypted file's header is malformed"
        case .workFactor(let logN, let limit):
            "the file asks for scrypt with 2^\(logN) rounds, at most 2^\(limit) are done"
        case .wrongPassphrase: "the passphrase is not the one that the file is encrypted with"
        case .changed(nil): "the encrypted file's header was changed"
        case .changed(let offset?):
            "the encrypted file was changed, is damaged or cut off, behind byte \(offset) of its content"
        case .truncated(let offset): "the encrypted file ends too early, behind byte \(offset) of its content"
        case .libraryFailure(let operation): "OpenSSL failed to \(operation)"
        }
    }

    package var exitCode: ExitStatus {
        switch self {
        case .passphrase: .usage
        case .file: .disk
        default: .refused
        }
    }
}
