// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuthorityHost
import OperatorConsole
import OperatorErrors
import PeerPackages
import TrustStores

@main
struct EoPeers: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eopeers",
        abstract: "Exchange certificates with other authorities: who may connect here, and whom this authority asks.",
        usage: """
            eopeers --show-mine [--private-ip]
            eopeers --install FILE... [--fingerprint F] [--keystore KS]
            eopeers --replace FILE... [--fingerprint F] [--keystore KS] [--keep-old]
            eopeers --uninstall HOST... [--keystore KS]
            eopeers --list [HOST]
            eopeers --show HOST
            eopeers --check [HOST...]
            """,
        discussion: """
            A peer package is one line of JSON: a certificate, an address, a host name and a port. Installing one lets its owner \
            connect, and lets this authority ask it; a running eorchestra takes it up within two seconds.

            EXAMPLES
              eopeers --show-mine > auth1.package           what to send to the others
              eopeers --install auth2.package auth3.package
              ssh auth2 eopeers --show-mine | eopeers --install -
              eopeers --list                                compare the fingerprints by telephone
              eopeers --replace auth2.package               its new address or certificate
              eopeers --install auth2.package --keystore /etc/ssl/authorities.p12
              eopeers --uninstall auth2.example.org
              eopeers --check                               who can reach whom, and what is missing where
            """)

    @Flag(name: .customLong("show-mine"), help: "Print this authority's own package.")
    var showMine = false

    @Flag(
        name: [.customLong("private-ip"), .customLong("private")],
        help: "With --show-mine: PRIVATE_IP_ADDRESS in place of PUBLIC_IP_ADDRESS.")
    var usesPrivateAddress = false

    @Flag(help: "Install the packages in FILE...; - reads standard input.")
    var install = false

    @Flag(help: "Put the packages in FILE... in the place of those that are installed for their hosts, in one step.")
    var replace = false

    @Flag(
        name: .customLong("keep-old"), help: "With --replace: the old certificate counts too, until the next --replace."
    )
    var keepsOld = false

    @Option(
        help: "With --install or --replace of one package: refuse a certificate with another SHA-256.",
        transform: readFingerprint)
    var fingerprint: Fingerprint?

    @Option(
        help: ArgumentHelp(
            "A Java keystore, JKS or PKCS#12, to which each certificate goes too, under its host name and KEYSTORE_PASS.",
            valueName: "file"))
    var keystore: String?

    @Flag(name: [.customLong("uninstall"), .customLong("remove")], help: "Remove the peers HOST...")
    var uninstall = false

    @Flag(help: "List the installed peers, or those named.")
    var list = false

    @Flag(help: "Print the installed package of HOST.")
    var show = false

    @Flag(help: "Ask all peers, or those named, for a real TLS handshake, and have them look back at this authority.")
    var check = false

    @Argument(help: "The files, or the host names.")
    var operands: [String] = []

    @Option(name: .customLong("config"), help: "The configuration (default: EO_CONFIG, else /etc/eoconf.json).")
    var configurationPath: String?

    @Flag(help: "Print one JSON value in place of text for people.")
    var json = false

    func run() async throws {
        _ = ProcessSecrecy.begin()
        let configuration = try HostConfiguration(option: configurationPath)
        for key in configuration.unknownKeys {
            TextOutput.standardError.printWarning("the configuration has an unknown key \(quoted(key))")
        }
        let mode = try mode()
        if [.list, .show, .check].contains(mode) { finishUnfinished(configuration) }
        switch mode {
        case .showMine: try showMine(configuration)
        case .install: try install(installation(configuration), replacing: .refused)
        case .replace:
            try install(
                installation(configuration), replacing: keepsOld ? .keepingFormerCertificate : .inOneStep)
        case .uninstall: try uninstall(installation(configuration))
        case .list: try list(configuration)
        case .show: try show(PeerDirectory(path: configuration.peerListPath))
        case .check: try await check(configuration)
        }
    }

    /// Whoever looks is to see the whole of a change, or nothing of it.
    private func finishUnfinished(_ configuration: HostConfiguration) {
        do { try PeerInstallation(configuration: configuration).finishUnfinished() } catch {
            TextOutput.standardError.printWarning(
                "a change of peers was interrupted, and this user cannot end it: \((error as? any OperatorError)?.message ?? "\(error)")"
            )
        }
    }

    private func installation(_ configuration: HostConfiguration) throws -> PeerInstallation {
        let keystore = try keystore.map { try KeystoreTarget(path: $0, configuration: configuration) }
        return PeerInstallation(configuration: configuration, keystore: keystore)
    }
}
