// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import TrustStores

extension PeerFinding {
    /// What was found, and what to do about it, in the words of an operator who asked about `peer`.
    package func prose(about peer: PeerEndpoint) -> (message: String, hint: String) {
        let place = peer.address.joined(port: peer.port)
        switch self {
        case .unreachable(let reason):
            return (
                "\(place) cannot be reached: \(quoted(reason))",
                "does a firewall stand between, and does the address hold? eopeers --show \(peer.hostName)"
            )
        case .portClosed:
            return (
                "port \(peer.port) of \(peer.address) is closed",
                "does eorchestra serve run there, and is \(peer.port) its PORT? else it sends a new package"
            )
        case .otherAddress(let addresses):
            return (
                "its name leads to \(list(addresses)) here, its package says \(peer.address)",
                "whichever is wrong: its line in the hosts file or in the DNS, or its package (eopeers --replace FILE)"
            )
        case .otherCertificate(let shown):
            return (
                "it shows another certificate than the installed one: SHA-256 \(shown)",
                "if its operator reads out that fingerprint: eopeers --replace FILE with its new package"
            )
        case .expired(let date):
            return (
                "its certificate ran out on \(day(date))",
                "its operator types eorchestra renew-certificate and sends the new package"
            )
        case .notYetValid(let date):
            return (
                "its certificate is not valid before \(moment(date))", "compare the clocks of both machines: date --utc"
            )
        case .wrongHostName:
            return (
                "its certificate is for another host name",
                "it needs a certificate for \(peer.hostName), and a new package"
            )
        case .notInstalledThere:
            return (
                "my certificate is not installed there",
                "its operator types eopeers --install FILE, or --replace FILE if an older package of mine is there, with the output of: eopeers --show-mine"
            )
        case .ownExpired(let date):
            return ("my own certificate ran out on \(day(date))", "eorchestra renew-certificate")
        case .tlsFailure(let reason):
            return ("TLS fails: \(quoted(reason, limit: 200))", "is that port of an authority, with TLS 1.2 or 1.3?")
        case .noAnswer(let reason):
            return (
                "it does not answer as an authority does: \(quoted(reason, limit: 200))",
                "its log says more; there: eolog"
            )
        case .clock(let seconds):
            return (
                "its clock is \(abs(seconds)) seconds \(seconds > 0 ? "ahead of" : "behind") mine",
                "on both machines: timedatectl set-ntp true"
            )
        case .version(let version):
            return (
                "it speaks version \(quoted(version)) of the protocol, this authority \(PeerProtocol.version)",
                "the older of the two is to be updated"
            )
        case .noPackage, .otherPlace, .nextNotInstalled, .unknown:
            return ("it reports \(quoted(kind))", "ask its operator")
        }
    }

    /// The same for what `peer` found when it looked back at us at `place`.
    package func proseBack(from peer: PeerEndpoint, place: String) -> (message: String, hint: String) {
        switch self {
        case .unreachable(let reason):
            return (
                "it cannot reach me at \(place): \(quoted(reason))",
                "does a firewall stand between, and is that my address?"
            )
        case .portClosed:
            return ("it finds \(place) closed", "does eorchestra serve run here, and is PORT forwarded to it?")
        case .otherAddress(let addresses):
            return (
                "my name leads to \(list(addresses)) there, my package says otherwise",
                "its operator corrects the line in the hosts file or the DNS, or types eopeers --replace FILE with my package"
            )
        case .otherCertificate(let shown):
            return (
                "it sees another certificate than my installed one at \(place): SHA-256 \(shown)",
                "its operator types eopeers --replace FILE with the output of: eopeers --show-mine"
            )
        case .expired(let date):
            return ("my certificate, as installed there, ran out on \(day(date))", "eorchestra renew-certificate")
        case .notYetValid(let date):
            return (
                "my certificate is not valid there before \(moment(date))",
                "compare the clocks of both machines: date --utc"
            )
        case .wrongHostName:
            return (
                "my certificate is for another host name than my package",
                "set HOSTNAME, or eorchestra renew-certificate"
            )
        case .notInstalledThere:
            return (
                "its certificate is refused here",
                "eopeers --install FILE with its package puts back what is missing in TLS_CALIST_PATH; else eolog says more"
            )
        case .ownExpired(let date):
            return ("its own certificate ran out on \(day(date))", "its operator types eorchestra renew-certificate")
        case .tlsFailure(let reason):
            return ("TLS fails from there to \(place): \(quoted(reason, limit: 200))", "what listens there? eolog")
        case .noAnswer(let reason):
            return ("I do not answer it at \(place): \(quoted(reason, limit: 200))", "eolog says more")
        case .noPackage:
            return (
                "my certificate is trusted there, but no package of mine is installed",
                "its operator types eopeers --install FILE with the output of: eopeers --show-mine"
            )
        case .otherPlace(let place):
            return (
                "it looks for me at \(quoted(place)), which is none of my addresses and ports",
                "its operator types eopeers --replace FILE with the output of: eopeers --show-mine"
            )
        case .nextNotInstalled:
            return (
                "my next certificate is not installed there yet",
                "its operator types eopeers --replace --keep-old FILE with the output of: eorchestra renew-certificate"
            )
        case .clock, .version, .unknown: return ("it reports \(quoted(kind)) of me", "ask its operator")
        }
    }

    private func list(_ addresses: [IPAddress]) -> String { addresses.map(\.text).joined(separator: " and ") }
}
