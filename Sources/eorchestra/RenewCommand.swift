// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import Foundation
import OperatorConsole
import PeerPackages
import TrustStores

struct RenewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew-certificate",
        abstract: "Make a new certificate, and put it into the old one's place when all peers have it.",
        discussion: """
            Without --finish: makes the next key and certificate beside those in use, which stay in use, and prints the package \
            for the peers. With --finish: the next ones take their place. In between, peers install the new package beside the \
            old one, so that at every moment each of them knows the certificate that it sees.

            EXAMPLES
              eorchestra renew-certificate > auth1.package     send it; there: eopeers --replace --keep-old auth1.package
              eopeers --check                                  says which peers do not have it yet
              eorchestra renew-certificate --finish            then restart eorchestra serve
            """)

    @Option(help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var config: String?

    @Flag(help: "Put the next certificate, which all peers have, into the place of the one in use.")
    var finish = false

    @Flag(
        name: [.customLong("private-ip"), .customLong("private")],
        help: "The package holds PRIVATE_IP_ADDRESS in place of PUBLIC_IP_ADDRESS.")
    var usesPrivateAddress = false

    @Flag(help: "Print one JSON value in place of text for people.")
    var json = false

    func validate() throws {
        guard !(finish && usesPrivateAddress) else { throw ValidationError("--private-ip does not go with --finish") }
    }

    func run() async throws {
        _ = ProcessSecrecy.begin()
        let configuration = try HostConfiguration(option: config)
        if finish { try finish(configuration) } else { try prepare(configuration) }
    }

    private func prepare(_ configuration: HostConfiguration) throws {
        let address =
            try usesPrivateAddress ? configuration.requiredPrivateAddress() : configuration.requiredPublicAddress()
        let hostName = try configuration.requiredHostName()
        let next = try CertificateRenewal(configuration: configuration).prepare()
        let package = PeerPackage(
            hostName: hostName, address: address, port: configuration.port, version: configuration.version,
            certificate: next)
        if json {
            return try TextOutput.standardOutput.printJSON(
                Renewal(stage: "prepared", certificate: next, package: package.json))
        }
        TextOutput.standardOutput.line(package.json)
        let errors = TextOutput.standardError
        errors.line(
            "the next certificate is made and not in use yet; its SHA-256, to read out to the peers' operators:")
        for line in next.fingerprint.readAloud { errors.line("  \(line)") }
        errors.line(
            """
            what is to be done:
              1. send this package to every peer; its operator types: eopeers --replace --keep-old FILE
                 from then on both certificates count there, and nothing stops
              2. when eopeers --check says that all have it: eorchestra renew-certificate --finish
              3. then the peers' operators type: eopeers --replace FILE, and the old certificate counts no more
            a peer with software that holds one certificate for a peer changes at step 2
            """)
    }

    private func finish(_ configuration: HostConfiguration) throws {
        let (new, former) = try CertificateRenewal(configuration: configuration).finish()
        if json { return try TextOutput.standardOutput.printJSON(Renewal(stage: "finished", certificate: new)) }
        TextOutput.standardOutput.line(
            """
            the certificate in use is now \(new.fingerprint), until \(day(new.validUntil)); it was \(former.fingerprint)
            what is to be done:
              1. restart eorchestra serve now: it shows the old certificate until then
              2. eopeers --check
              3. the peers' operators type: eopeers --replace FILE, and the old certificate counts no more
            """)
    }
}

private struct Renewal: Encodable {
    let stage: String
    let fingerprint: String
    let expires: Date
    let package: String?

    init(stage: String, certificate: Certificate, package: String? = nil) {
        self.stage = stage
        fingerprint = certificate.fingerprint.hex
        expires = certificate.validUntil
        self.package = package
    }
}
