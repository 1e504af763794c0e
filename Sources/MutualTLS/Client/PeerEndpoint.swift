// SPDX-License-Identifier: Apache-2.0

package import PeerPackages
package import TrustStores

/// Where a peer is, and the one certificate that it may show there.
package struct PeerEndpoint: Sendable, Hashable {
    package let hostName: HostName
    package let address: IPAddress
    package let port: Int
    package let certificate: Certificate

    package init(hostName: HostName, address: IPAddress, port: Int, certificate: Certificate) {
        self.hostName = hostName
        self.address = address
        self.port = port
        self.certificate = certificate
    }

    package init(_ package: PeerPackage) {
        self.init(
            hostName: package.hostName, address: package.address, port: package.port, certificate: package.certificate)
    }

    /// The same peer at another of its ports.
    package func at(port: Int) -> PeerEndpoint {
        PeerEndpoint(hostName: hostName, address: address, port: port, certificate: certificate)
    }

    /// For messages: `b.example (192.0.2.2:5000)`.
    package var name: String { "\(hostName) (\(address.joined(port: port)))" }
}
