// SPDX-License-Identifier: Apache-2.0

package import TrustStores

extension PeerEndpoint {
    /// The certificate that is shown there now, whichever it is; nil where none is.
    package func certificateShown(to identity: TLSIdentity) async -> Fingerprint? {
        try? await ShownCertificate(identity: identity).fingerprint(at: self).get()
    }

    /// The same peer with the one certificate that it uses now, where it is changing over from one to another.
    package func showingNow(to identity: TLSIdentity) async -> PeerEndpoint {
        guard let former, await certificateShown(to: identity) == former.fingerprint else { return self }
        return PeerEndpoint(hostName: hostName, address: address, port: port, certificate: former)
    }
}
