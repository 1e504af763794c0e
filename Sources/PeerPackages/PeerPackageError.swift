// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import OperatorErrors
public import TrustStores

/// Why a peer package was refused, or a peer not found. When one of these is thrown, nothing on disk has changed.
public enum PeerPackageError: OperatorError, Equatable {
    /// Not one JSON object with the keys of a package.
    case malformed(reason: String)
    case tooLarge(limit: Int)
    case forbidden(ForbiddenText, key: String)
    /// A private key, which must never leave its own host, stands under this key.
    case privateKey(key: String)
    /// Not a host name by RFC 1123, section 2.1.
    case invalidHostname(String)
    /// Not an address that `inet_pton` takes.
    case invalidAddress(String)
    /// One that stands for this host itself, or for many hosts.
    case addressOfNoHost(HostName, IPAddress)
    /// `ssl_certificate` is not one certificate.
    case certificate(CertificateError)
    case expired(HostName, Date)
    case notYetValid(HostName, Date)
    /// Fewer than 2048 bits of RSA, or what is as weak.
    case weakKey(HostName, String)
    /// SHA-1 or older.
    case weakSignature(HostName, String)
    /// Not the certificate that the operator was told of.
    case otherFingerprint(HostName, expected: Fingerprint, found: Fingerprint)
    /// A peer cannot be called localhost: its name would lead here.
    case localhost(HostName)
    /// The package is this authority's own, by its name.
    case own(HostName)
    /// The certificate is this authority's own, under another name.
    case ownCertificate(HostName)
    /// Another package is installed for this host.
    case conflict(HostName, installed: Fingerprint)
    /// Another installed peer has this certificate.
    case certificateInUse(HostName, by: HostName)
    case notInstalled(String)
    /// There is no package in whose place this one could come.
    case nothingToReplace(HostName)

    public var message: String {
        switch self {
        case .malformed(let reason): "this is no peer package: \(reason)"
        case .tooLarge(let limit): "this is no peer package: it is larger than \(limit >> 10) KiB"
        case .forbidden(let text, let key): "\(key) of the package holds \(text.name)"
        case .privateKey(let key): "\(quoted(key)) of the package holds a private key"
        case .invalidHostname(let name): "\(quoted(name)) is not a valid host name"
        case .invalidAddress(let address): "\(quoted(address)) is not an IPv4 or IPv6 address"
        case .addressOfNoHost(let name, let address):
            "\(name) cannot be reached at \(address), which is no address of one host"
        case .certificate(let error): "ssl_certificate of the package: \(error.message)"
        case .expired(let name, let date): "the certificate of \(name) ran out on \(day(date))"
        case .notYetValid(let name, let date): "the certificate of \(name) is not valid before \(moment(date))"
        case .weakKey(let name, let key): "the key of \(name)'s certificate is too weak: \(quoted(key))"
        case .weakSignature(let name, let signature):
            "the signature of \(name)'s certificate is too weak: \(quoted(signature))"
        case .otherFingerprint(let name, let expected, let found):
            "the certificate of \(name) has SHA-256 \(found), not \(expected)"
        case .localhost(let name): "a peer cannot be called \(name)"
        case .own(let name): "the package for \(name) is this authority's own"
        case .ownCertificate(let name): "the certificate of \(name) is this authority's own"
        case .conflict(let name, let installed):
            "a different package for \(name) is installed (certificate SHA-256 \(installed))"
        case .certificateInUse(let name, let other): "the certificate of \(name) is installed for \(other) already"
        case .notInstalled(let name): "no package is installed for \(quoted(name))"
        case .nothingToReplace(let name): "no package is installed for \(name) that this one could replace"
        }
    }

    public var hint: String? {
        switch self {
        case .malformed, .invalidHostname, .invalidAddress, .tooLarge, .forbidden:
            "ask the peer for the output of: eopeers --show-mine"
        case .privateKey: "tell the peer: that key is no longer secret and must be replaced"
        case .certificate(let error): error.hint ?? "ask the peer for the output of: eopeers --show-mine"
        case .expired, .weakKey, .weakSignature:
            "the peer makes a new one with: eorchestra renew-certificate, and sends its package again"
        case .notYetValid: "compare this machine's clock with the peer's: date --utc"
        case .otherFingerprint:
            "do not install it before the peer's operator has read out the fingerprint that eopeers --show-mine prints there"
        case .addressOfNoHost:
            "the peer sets PUBLIC_IP_ADDRESS in its configuration, and sends the output of: eopeers --show-mine"
        case .localhost: "the peer sets HOSTNAME in its configuration and makes a certificate for that name"
        case .own, .ownCertificate: "the peer sends the output of eopeers --show-mine on its own machine"
        case .conflict(let name, _): "to replace the package of \(name): eopeers --replace FILE"
        case .certificateInUse(_, let other): "to remove that peer: eopeers --uninstall \(other)"
        case .notInstalled: "to see what is: eopeers --list"
        case .nothingToReplace: "to install it: eopeers --install FILE"
        }
    }
}
