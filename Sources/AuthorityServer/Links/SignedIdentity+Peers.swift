// SPDX-License-Identifier: Apache-2.0

import MutualTLS
import Orchestration
import StrictJSON
import TrustStores

extension SignedIdentity {
    /// Reads the answer of a peer that may show one certificate or the one before it; with the one that vouches for it.
    static func read(_ body: [UInt8], from peer: PeerEndpoint) throws -> (SignedIdentity, Certificate) {
        let json = try JSONValue(parsing: body)
        let host = peer.hostName.text
        if let former = peer.former, let identity = try? SignedIdentity(json, of: host, certificate: former) {
            return (identity, former)
        }
        return (try SignedIdentity(json, of: host, certificate: peer.certificate), peer.certificate)
    }
}
