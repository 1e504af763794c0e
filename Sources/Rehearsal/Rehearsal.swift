// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import Dispatch
import DurableFiles
import Elections
import Foundation
import Logging
package import MutualTLS
import PeerPackages
import TrustStores

/// A test election, from its keys to its verified tally, played by this authority as its own client.
///
/// The steps hand on to each other through ``RehearsalFolder``, so that one process may do them all, or one each.
package struct Rehearsal: Sendable {
    /// EOTEST_DATA_PATH.
    package let dataPath: String
    package let journal: RehearsalJournal
    /// For each wait.
    package let patience: Duration

    package init(dataPath: String, journal: RehearsalJournal, patience: Duration) {
        self.dataPath = dataPath
        self.journal = journal
        self.patience = patience
    }

    func folder(_ election: ElectionIdentifier) -> RehearsalFolder {
        RehearsalFolder(election: election, dataPath: dataPath)
    }

    /// Runs something long on a thread of its own, because the pool's few threads serve the network.
    static func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(with: Swift.Result(catching: body))
            }
        }
    }
}

/// This authority as the client of itself: what it shows, where it listens, whom it knows.
package struct RehearsalHost: Sendable {
    package let director: PeerEndpoint
    /// Every installed peer, by host name; authorities or not.
    package let installed: [PeerEndpoint]
    /// Files among the packages that hold none.
    package let damagedPackages: [String]
    package let identity: TLSIdentity
    package let server: CallbackServer
    package let configurationPath: String
    /// Where the packages are; nil: nowhere, peers stay where they are.
    private let directory: PeerDirectory?

    package init(
        director: PeerEndpoint, installed: [PeerEndpoint], identity: TLSIdentity, server: CallbackServer,
        configurationPath: String
    ) {
        self.director = director
        self.installed = installed
        damagedPackages = []
        self.identity = identity
        self.server = server
        self.configurationPath = configurationPath
        directory = nil
    }

    /// - Parameters:
    ///   - peerDirectory: a folder of packages in place of PEER_LIST.
    ///   - ownPackage: a file with this authority's package, in place of what the configuration says.
    package init(configuration: HostConfiguration, peerDirectory: String?, ownPackage: String?) throws {
        let identity = try TLSIdentity(
            certificate: configuration.ownCertificate(), keyPath: configuration.certificateKeyPath)
        director = try Self.director(configuration, ownPackage: ownPackage)
        let directory = PeerDirectory(path: peerDirectory ?? configuration.peerListPath)
        let own = director.hostName
        installed = try directory.packages().filter { $0.hostName != own }.map { package in
            PeerEndpoint(package, former: try directory.formerCertificate(package.hostName))
        }
        damagedPackages = try directory.damagedFiles()
        self.identity = identity
        server = CallbackServer(
            identity: identity, trustStorePath: configuration.trustStorePath,
            address: director.address.isVersion6 ? "::" : "0.0.0.0", port: configuration.eotestPort)
        configurationPath = configuration.path
        self.directory = directory
    }

    /// A peer where its package says now that it is: it may move while a rehearsal runs (`eopeers --replace`).
    @Sendable func whereNow(_ peer: PeerEndpoint) -> PeerEndpoint {
        guard let package = try? directory?.package(peer.hostName),
            package.address != peer.address || package.port != peer.port
        else { return peer }
        return PeerEndpoint(package, former: try? directory?.formerCertificate(peer.hostName))
    }

    private static func director(_ configuration: HostConfiguration, ownPackage: String?) throws -> PeerEndpoint {
        if let ownPackage {
            guard let bytes = try DurableFile.read(ownPackage, limit: PeerPackage.byteLimit) else {
                throw FileError(operation: .read, path: ownPackage, reason: ENOENT)
            }
            return PeerEndpoint(try PeerPackage(json: bytes))
        }
        // Its own network is the shorter way to itself.
        let address = try configuration.privateAddress ?? configuration.requiredPublicAddress()
        return PeerEndpoint(
            hostName: try configuration.requiredHostName(), address: address, port: configuration.port,
            certificate: try configuration.ownCertificate())
    }

    /// Runs `body` with a client of the authorities, which is shut down behind it.
    func asking<Result>(
        patience: Duration, _ body: (AuthorityClient) async throws -> Result
    ) async throws -> Result {
        let peers = PeerClient(identity: identity, logger: Logger(label: "eotest") { _ in SwiftLogNoOpLogHandler() })
        let client = AuthorityClient(
            client: peers, director: director, configurationPath: configurationPath,
            timeout: min(patience, .seconds(60)), whereNow: whereNow)
        do {
            let result = try await body(client)
            await peers.shutdown()
            return result
        } catch {
            // Not waited for: a connection that is still being tried would hold the error back.
            Task { await peers.shutdown() }
            throw error
        }
    }

    /// An address on this host's EOTEST_PORT, as the authorities reach it.
    func url(_ path: String, port: Int) -> String { "https://\(director.hostName):\(port)\(path)" }
}
