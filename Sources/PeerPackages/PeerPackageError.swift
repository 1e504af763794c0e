// SPDX-License-Identifier: Apache-2.0

public import OperatorErrors
public import TrustStores

/// Why a peer package was refused, or a peer not found. When one of these is thrown, nothing on disk has changed.
public enum PeerPackageError: OperatorError, Equatable {
    /// Not one JSON object with the keys of a package.
    case malformed(reason: String)
    case tooLarge(bytes: Int, limit: Int)
    /// Not a host name by RFC 1123, section 2.1.
    case invalidHostname(String)
    /// Not an address that `inet_pton` takes.
    case invalidAddress(String)
    /// `ssl_certificate` is not one certificate, or holds a private key, which must never leave its own host.
    case certificate(CertificateError)
    /// A peer cannot be called localhost: its name would lead here.
    case localhost(HostName)
    /// The package is this authority's own, by its name or by its certificate.
    case own(HostName)
    /// Another package is installed for this host.
    case conflict(HostName, installed: Fingerprint)
    /// Another installed peer has this certificate.
    case certificateInUse(HostName, by: HostName)
    case notInstalled(String)

    public var message: String {
        switch self {
        case .malformed(let reason): "this is no peer package: \(reason)"
        case .tooLarge(let bytes, let limit): "a peer package of \(bytes) bytes, at most \(limit) are taken"
        case .invalidHostname(let name): "\(quoted(name)) is not a valid host name"
        case .invalidAddress(let address): "\(quoted(address)) is not an IPv4 or IPv6 address"
        case .certificate(let error): "ssl_certificate of the package: \(error.message)"
        case .localhost(let name): "a peer cannot be called \(name)"
        case .own(let name): "the package for \(name) is this authority's own"
        case .conflict(let name, let installed):
            "a different package for \(name) is installed (certificate SHA-256 \(installed))"
        case .certificateInUse(let name, let other): "the certificate of \(name) is installed for \(other) already"
        case .notInstalled(let name): "no package is installed for \(quoted(name))"
        }
    }

    public var hint: String? {
        switch self {
        case .malformed, .invalidHostname, .invalidAddress, .tooLarge:
            "ask the peer for the output of: eopeers --show-mine"
        case .certificate(let error): error.hint ?? "ask the peer for the output of: eopeers --show-mine"
        case .localhost: "the peer sets HOSTNAME in its configuration and makes a certificate for that name"
        case .own: nil
        case .conflict(let name, _): "to replace it: eopeers --uninstall \(name), then install again"
        case .certificateInUse(_, let other): "to replace that peer: eopeers --uninstall \(other), then install again"
        case .notInstalled: "to see what is: eopeers --list"
        }
    }
}
