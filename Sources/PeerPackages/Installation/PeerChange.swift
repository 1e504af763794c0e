// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TrustStores

/// One peer coming or going, with all that is to happen, so that a run that was killed can be brought to its end by the next.
struct PeerChange: Equatable {
    enum Kind: String { case install, uninstall }

    let kind: Kind
    let package: PeerPackage
    /// The certificate is to come into the calist, or was put there by us.
    let touchesTrust: Bool
    /// Likewise the line of the hosts file.
    let touchesHosts: Bool

    var value: JSONValue {
        [
            "kind": .string(kind.rawValue), "package": package.value, "calist": .bool(touchesTrust),
            "hosts": .bool(touchesHosts),
        ]
    }

    init(kind: Kind, package: PeerPackage, touchesTrust: Bool, touchesHosts: Bool) {
        self.kind = kind
        self.package = package
        self.touchesTrust = touchesTrust
        self.touchesHosts = touchesHosts
    }

    init(_ field: JSONField) throws {
        guard let kind = Kind(rawValue: try field.member("kind").string()) else {
            throw PeerPackageError.malformed(reason: "unknown kind of change in the journal")
        }
        self.kind = kind
        package = try PeerPackage(json: field.member("package").value.compactBytes)
        touchesTrust = try field.member("calist").bool()
        touchesHosts = try field.member("hosts").bool()
    }
}
