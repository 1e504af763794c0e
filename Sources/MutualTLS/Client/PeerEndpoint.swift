// SPDX-License-Identifier: Apache-2.0

package import PeerPackages
package import TrustStores

/// Where a peer is, and the certificate that it may show there.
package struct PeerEndpoint: Sendable, Hashable {
    package let hostName: HostName
    package let address: IPAddress
    package let port: Int
    package let certificate: Certificate
    /// The one before it, which it may show too while it changes over from one to the other.
    package let former: Certificate?

    package init(
        hostName: HostName, address: IPAddress, port: Int, certificate: Certificate, former: Certificate? = nil
    ) {
        self.hostName = hostName
        self.address = address
        self.port = port
        self.certificate = certificate
        self.former = former
    }

    package init(_ package: PeerPackage, former: Certificate? = nil) {
        self.init(
            hostName: package.hostName, address: package.address, port: package.port, certificate: package.certificate,
            former: former)
    }

    /// All that it may show.
    package var certificates: [Certificate] { [certificate] + [former].compactMap(\.self) }

    /// The same peer at another of its ports.
    package func at(port: Int) -> PeerEndpoint {
        PeerEndpoint(hostName: hostName, address: address, port: port, certificate: certificate, former: former)
    }

    /// For messages: `b.example (192.0.2.2:5000)`.
    package var name: String { "\(hostName) (\(address.joined(port: port)))" }
}
