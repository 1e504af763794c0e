// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TrustStores

/// A peer with what its installation put into the files that it shares with others: exactly that is taken out again.
struct InstalledPeer: Equatable {
    let package: PeerPackage
    /// The certificate came into the calist with it.
    let addedTrust: Bool
    /// Likewise the line of the hosts file.
    let addedHosts: Bool
    /// The certificate that the package's took the place of, while both count.
    var former: FormerCertificate?
    /// Whose place the package took, first the latest: by these the host is known again in what it did before. They open nothing.
    var lineage: [Fingerprint] = []

    /// As many are remembered.
    private static let lineageLimit = 16

    struct FormerCertificate: Equatable {
        let certificate: Certificate
        let addedTrust: Bool
    }

    /// The certificates that it brought into the calist.
    var addedCertificates: [Certificate] {
        (addedTrust ? [package.certificate] : []) + (former.map { $0.addedTrust ? [$0.certificate] : [] } ?? [])
    }

    /// What is remembered beside the package. A package of another program has none: that program put it into all files.
    var record: JSONValue {
        var record = JSONObject()
        record["calist"] = .bool(addedTrust)
        record["hosts"] = .bool(addedHosts)
        if let former {
            record["former"] = .string(former.certificate.pem)
            record["former_calist"] = .bool(former.addedTrust)
        }
        if !lineage.isEmpty { record["lineage"] = .array(lineage.map { .string($0.hex) }) }
        return .object(record)
    }

    init(package: PeerPackage, addedTrust: Bool, addedHosts: Bool, former: FormerCertificate? = nil) {
        self.package = package
        self.addedTrust = addedTrust
        self.addedHosts = addedHosts
        self.former = former
    }

    init(_ package: PeerPackage, record: JSONValue?) {
        self.package = package
        addedTrust = record?["calist"]?.asBool ?? true
        addedHosts = record?["hosts"]?.asBool ?? true
        former = record?["former"]?.asString.flatMap { try? Certificate(pem: $0) }.map {
            FormerCertificate(certificate: $0, addedTrust: record?["former_calist"]?.asBool ?? true)
        }
        lineage = (record?["lineage"]?.asArray ?? []).compactMap { $0.asString.flatMap { Fingerprint(hex: $0) } }
    }

    /// Takes the place of `old`.
    mutating func succeed(_ old: InstalledPeer) {
        let fingerprint = old.package.certificate.fingerprint
        let isNew = fingerprint != package.certificate.fingerprint
        let all = (isNew ? [fingerprint] : []) + old.lineage.filter { $0 != package.certificate.fingerprint }
        lineage = Array(all.prefix(Self.lineageLimit))
    }
}
