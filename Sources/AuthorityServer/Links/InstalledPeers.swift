// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Elections
package import MutualTLS
package import Orchestration
package import PeerPackages
package import TrustStores

/// The packages of PEER_LIST whose certificates the calist holds, as both stand now.
package struct InstalledPeers: PeerBook {
    package let ownName: String
    package let ownCertificate: Digest
    private let own: PeerEndpoint
    private let ownCertificates: [Digest]
    private let directory: PeerDirectory
    private let trust: TrustStoreContext

    /// - Parameters:
    ///   - own: how this authority reaches itself: votes files and callbacks of a client on the same host.
    ///   - ownCertificates: every one that this authority has or had.
    package init(
        own: PeerEndpoint, ownCertificates: [Certificate] = [], directory: PeerDirectory, trust: TrustStoreContext
    ) {
        self.own = own
        self.ownCertificates = [own.certificate.digest] + ownCertificates.map(\.digest)
        self.directory = directory
        self.trust = trust
        ownName = own.hostName.text
        ownCertificate = own.certificate.digest
    }

    package var hosts: [String] { ((try? directory.packages()) ?? []).map(\.hostName.text) }

    package func certificate(of host: String) -> Digest? { endpoint(of: host)?.certificate.digest }

    package func isTrusted(_ certificate: Digest) -> Bool {
        certificate == ownCertificate || Fingerprint(hex: certificate.hex).map { trust.installed($0) != nil } ?? false
    }

    package func aliases(of certificate: Digest) -> [Digest] {
        if ownCertificates.contains(certificate) { return [certificate] + ownCertificates }
        for package in (try? directory.packages()) ?? [] {
            let former = try? directory.formerCertificate(package.hostName)
            let shown = [package.certificate, former].compactMap { $0?.digest }
            guard shown.contains(certificate) else { continue }
            let lineage = (try? directory.lineage(package.hostName)) ?? []
            return [certificate] + shown + lineage.compactMap { Digest(hex: $0.hex) }
        }
        return [certificate]
    }

    package func isReachable(_ url: String) -> Bool { target(of: url) != nil }

    /// Where an installed peer, or this authority, can be reached, and the certificate that it must show.
    func endpoint(of host: String) -> PeerEndpoint? {
        if host == ownName { return own }
        guard let name = HostName(host), let package = try? directory.package(name),
            trust.installed(package.certificate.fingerprint) != nil
        else { return nil }
        let former = (try? directory.formerCertificate(name)).flatMap { certificate in
            certificate.flatMap { trust.installed($0.fingerprint) }
        }
        return PeerEndpoint(
            hostName: name, address: package.address, port: package.port, certificate: package.certificate,
            former: former)
    }

    /// The peer with that certificate, its former one included; nil where no package has it.
    func endpoint(showing certificate: Certificate) -> PeerEndpoint? {
        let packages = (try? directory.packages()) ?? []
        return packages.lazy.compactMap { endpoint(of: $0.hostName.text) }.first { peer in
            peer.certificates.contains(certificate)
        }
    }

    /// The peer that a URL leads to, at the URL's port, and the path to ask for there.
    func target(of url: String) -> (peer: PeerEndpoint, path: String)? {
        guard let url = ServiceURL(url) else { return nil }
        guard let peer = endpoint(of: url.host) ?? endpoint(at: url.host) else { return nil }
        return (peer.at(port: url.port), url.target)
    }

    /// The peer that is installed with that address.
    private func endpoint(at address: String) -> PeerEndpoint? {
        guard let address = IPAddress(address.filter { $0 != "[" && $0 != "]" }) else { return nil }
        if address == own.address { return own }
        guard let package = try? directory.packages().first(where: { $0.address == address }) else { return nil }
        return endpoint(of: package.hostName.text)
    }
}
