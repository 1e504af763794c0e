// SPDX-License-Identifier: Apache-2.0

public import OperatorErrors

/// Why a certificate, a key or a bundle of them was not taken.
public enum CertificateError: OperatorError, Equatable {
    /// A PEM text with another number of certificates than one.
    case certificateCount(Int)
    /// Other blocks of PEM, or beginnings of some, stand beside the one certificate.
    case besideCertificate(count: Int)
    /// A private key stands where only certificates may.
    case containsPrivateKey
    /// The bytes are no X.509 certificate.
    case malformed
    case tooLarge(bytes: Int, limit: Int)
    /// No file, or nothing in it that can be read as what it should be.
    case unusable(what: String, path: String)
    /// OpenSSL refused to do something that it should do.
    case libraryFailure(String)
    case keyMismatch

    public var message: String {
        switch self {
        case .certificateCount(let count): "found \(count) certificates instead of one"
        case .besideCertificate(let count): "\(count) other PEM blocks stand beside the certificate"
        case .containsPrivateKey: "a private key stands where only a certificate may"
        case .malformed: "these bytes are not an X.509 certificate"
        case .tooLarge(let bytes, let limit): "\(bytes) bytes, at most \(limit) are taken"
        case .unusable(let what, let path): "no usable \(what) in \(quoted(path, limit: 300))"
        case .libraryFailure(let operation): "OpenSSL failed to \(operation)"
        case .keyMismatch: "the private key does not belong to the certificate"
        }
    }

    public var hint: String? {
        switch self {
        case .containsPrivateKey: "tell its owner: that key is no longer secret and must be replaced"
        case .unusable(what: "signing key", _): "restore DATA_PATH from a backup: no other key signs for its elections"
        case .unusable, .keyMismatch: "check TLS_CERT_PATH, TLS_CERT_KEY_PATH and TLS_CALIST_PATH in the configuration"
        default: nil
        }
    }

    public var exitCode: ExitStatus {
        switch self {
        case .unusable, .keyMismatch: .configuration
        default: .refused
        }
    }
}
