// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TrustStores

/// One peer coming, going or changing, with all that is to happen, so that a run that was killed can be brought to its end by the
/// next.
struct PeerChange: Equatable {
    /// Nil for a peer that comes.
    let before: InstalledPeer?
    /// Nil for one that goes.
    let after: InstalledPeer?
    let hostName: HostName

    static func install(_ peer: InstalledPeer) -> PeerChange { PeerChange(before: nil, after: peer, of: peer) }
    static func uninstall(_ peer: InstalledPeer) -> PeerChange { PeerChange(before: peer, after: nil, of: peer) }

    static func replace(_ former: InstalledPeer, by peer: InstalledPeer) -> PeerChange {
        PeerChange(before: former, after: peer, of: peer)
    }

    private init(before: InstalledPeer?, after: InstalledPeer?, of peer: InstalledPeer) {
        (self.before, self.after) = (before, after)
        hostName = peer.package.hostName
    }

    // MARK: What it does to the shared files. Each may be repeated

    func apply(to store: inout TrustStore) {
        let staying = after?.addedCertificates ?? []
        for certificate in before?.addedCertificates ?? [] where !staying.contains(certificate) {
            store.remove(certificate.fingerprint)
        }
        for certificate in staying { store.add(certificate) }
    }

    func apply(to hosts: inout HostsFile) {
        let (old, new) = (before?.hostsAddress, after?.hostsAddress)
        if let old, old != new { hosts.remove(old, hostName) }
        if let new { _ = hosts.add(new, hostName) }
    }

    // MARK: In the journal

    var value: JSONValue {
        var value = JSONObject()
        for (key, peer) in [("before", before), ("after", after)] {
            guard let peer else { continue }
            value[key] = ["package": peer.package.value, "record": peer.record]
        }
        return .object(value)
    }

    init(_ field: JSONField) throws {
        func peer(_ key: String) throws -> InstalledPeer? {
            guard let peer = try field.optional(key) else { return nil }
            let package = try PeerPackage(json: peer.member("package").value.compactBytes)
            return InstalledPeer(package, record: try peer.member("record").value)
        }
        (before, after) = (try peer("before"), try peer("after"))
        guard let name = (after ?? before)?.package.hostName else {
            throw PeerPackageError.malformed(reason: "a change of nothing in the journal")
        }
        hostName = name
    }
}

extension InstalledPeer {
    fileprivate var hostsAddress: IPAddress? { addedHosts ? package.address : nil }
}
