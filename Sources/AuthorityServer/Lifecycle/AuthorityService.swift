// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import AuthorityStore
import Foundation
import Hummingbird
package import Logging
import MutualTLS
import NIOCore
import OperatorErrors
import Orchestration
import PeerPackages
import ServiceLifecycle
import TallyArchives
import TrustStores
import UnixSignals

/// A whole running authority: the API on PORT, bulk data on MIXNET_PORT, and the desk behind both.
package struct AuthorityService: Sendable {
    package static let softwareVersion = "1.0"

    private let configuration: HostConfiguration
    private let log: Logger
    private let client: PeerClient
    private let trust: TrustStoreContext
    private let authority: Authority
    private let identity: SignedIdentity

    /// Reads keys, trust and stored state; opens no socket yet.
    package init(_ configuration: HostConfiguration, log: Logger) throws {
        // Another zlib would make other bytes than the other authorities': known before anybody waits for a tally.
        try CompressorSelfCheck.run()
        self.configuration = configuration
        self.log = log
        let name = try configuration.requiredHostName()
        let own = try configuration.ownIdentity()
        let address = try configuration.privateAddress ?? configuration.requiredPublicAddress()
        let tls = try TLSIdentity(certificate: own.certificate, keyPath: configuration.certificateKeyPath)
        trust = try TrustStoreContext(identity: tls, trustStorePath: configuration.trustStorePath, logger: log)
        client = PeerClient(identity: tls, logger: log)
        let peers = InstalledPeers(
            own: PeerEndpoint(hostName: name, address: address, port: configuration.port, certificate: own.certificate),
            directory: PeerDirectory(path: configuration.peerListPath), trust: trust)
        var settings = Authority.Settings(
            autoAccepts: configuration.acceptsAutomatically, address: "https://\(name):\(configuration.port)",
            mixnetPort: configuration.mixnetPort, version: AuthorityService.softwareVersion,
            group: configuration.groupName)
        settings.retryDelays = [.milliseconds(500), .seconds(2)]
        authority = try Authority(
            settings: settings, data: DataFolder(root: URL(filePath: configuration.dataPath)), peers: peers,
            link: HTTPPeerLink(client: client, peers: peers),
            performer: Performer(minimumBallots: configuration.minimumBallots), log: log)
        identity = try SignedIdentity(
            hostName: name.text, mixnetPort: configuration.mixnetPort, version: AuthorityService.softwareVersion,
            signingKey: authority.verifyingKey, signedBy: own.key)
    }

    /// Serves until SIGTERM or SIGINT, or until the surrounding task is cancelled.
    ///
    /// - Parameter onListening: called once the API can be asked.
    package func run(onListening: @escaping @Sendable () -> Void = {}) async throws {
        let lock = try Self.lock(configuration.dataPath)
        defer { _ = lock }
        let routes = AuthorityRoutes(
            authority: authority, identity: identity, publicFolder: URL(filePath: configuration.layout.publicPath))
        let services: [any Service] = [
            server(routes.router(for: trust), port: configuration.port, name: "api", onListening: onListening),
            server(
                MixnetRoutes(authority: authority).router(for: trust), port: configuration.mixnetPort, name: "mixnet"),
            // Last, so that it ends first.
            Desk(authority: authority),
        ]
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        // What requests under way get to end in.
        group.maximumGracefulShutdownDuration = .seconds(5)
        let result: Result<Void, any Error>
        do {
            result = .success(try await ServiceGroup(configuration: group).run())
        } catch let error as IOError {
            result = .failure(
                ListeningError(ports: [configuration.port, configuration.mixnetPort], reason: error.errnoCode))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        log.info("the authority ended")
        try result.get()
    }

    /// One process works on a DATA_PATH at a time.
    private static func lock(_ dataPath: String) throws -> FileLock {
        do throws(FileError) {
            return try FileLock(path: "\(dataPath)/authority.lock", timeout: .seconds(2))
        } catch {
            guard error.operation == .lock else { throw error }
            throw AlreadyRunning(dataPath: dataPath)
        }
    }

    private func server(
        _ router: Router<BasicPeerRequestContext>, port: Int, name: String,
        onListening: @escaping @Sendable () -> Void = {}
    ) -> some Service {
        let host = configuration.publicAddress?.isVersion6 == true ? "::" : "0.0.0.0"
        return Application(
            router: router, server: .mutualTLS(trust),
            configuration: .init(address: .hostname(host, port: port), serverName: "eorchestra"),
            onServerRunning: { [log] channel in
                log.info("listening", metadata: ["server": "\(name)", "port": "\(channel.localAddress?.port ?? port)"])
                onListening()
            },
            logger: log)
    }

    private struct Desk: Service {
        let authority: Authority

        func run() async throws {
            await cancelWhenGracefulShutdown { await authority.run() }
        }
    }
}
