// SPDX-License-Identifier: Apache-2.0

import Foundation
package import StrictJSON
import TrustStores

/// How one authority tells another what it found: `{"kind", "value"}`.
extension PeerFinding {
    package var kind: String {
        switch self {
        case .unreachable: "unreachable"
        case .portClosed: "port_closed"
        case .otherAddress: "other_address"
        case .otherCertificate: "other_certificate"
        case .expired: "expired"
        case .notYetValid: "not_yet_valid"
        case .wrongHostName: "wrong_host_name"
        case .notInstalledThere: "not_installed_there"
        case .ownExpired: "own_expired"
        case .tlsFailure: "tls_failure"
        case .noAnswer: "no_answer"
        case .clock: "clock"
        case .version: "version"
        case .noPackage: "no_package"
        case .otherPlace: "other_place"
        case .nextNotInstalled: "next_not_installed"
        case .unknown(let kind): kind
        }
    }

    package var json: JSONValue {
        let value: JSONValue =
            switch self {
            case .unreachable(let text), .tlsFailure(let text), .noAnswer(let text), .version(let text),
                .otherPlace(let text):
                .string(text)
            case .otherAddress(let addresses): .array(addresses.map { .string($0.text) })
            case .otherCertificate(let fingerprint): .string(fingerprint.hex)
            case .expired(let date), .notYetValid(let date), .ownExpired(let date):
                .integer(Int(date.timeIntervalSince1970))
            case .clock(let seconds): .integer(seconds)
            case .portClosed, .wrongHostName, .notInstalledThere, .noPackage, .nextNotInstalled, .unknown: .null
            }
        return ["kind": .string(kind), "value": value]
    }

    /// What a peer says that it found: at most one short text of its own, which is escaped before it is shown.
    package init(_ field: JSONField) throws(JSONShapeError) {
        func text() throws(JSONShapeError) -> String { try field.member("value").string(maximum: 300) }
        func date() throws(JSONShapeError) -> Date {
            Date(timeIntervalSince1970: TimeInterval(try field.member("value").integer(in: 0...253_402_300_799)))
        }
        let kind = try field.member("kind").string(maximum: 40)
        switch kind {
        case "unreachable": self = .unreachable(try text())
        case "port_closed": self = .portClosed
        case "other_address":
            var addresses: [IPAddress] = []
            for element in try field.member("value").elements(0...20) {
                if let address = IPAddress(try element.string(maximum: 45)) { addresses.append(address) }
            }
            self = .otherAddress(addresses)
        case "other_certificate":
            guard let fingerprint = Fingerprint(hex: try text()) else {
                throw try field.member("value").mistyped("a fingerprint")
            }
            self = .otherCertificate(fingerprint)
        case "expired": self = .expired(try date())
        case "not_yet_valid": self = .notYetValid(try date())
        case "wrong_host_name": self = .wrongHostName
        case "not_installed_there": self = .notInstalledThere
        case "own_expired": self = .ownExpired(try date())
        case "tls_failure": self = .tlsFailure(try text())
        case "no_answer": self = .noAnswer(try text())
        case "no_package": self = .noPackage
        default: self = .unknown(kind)
        }
    }
}
