// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import Logging
import OperatorErrors
import PeerPackages
import StrictJSON
package import TrustStores

/// Another authority's log, as far as it shows it to this one.
package struct PeerLog: Sendable {
    private let client: PeerClient
    private let peer: PeerEndpoint

    package init(of peer: PeerEndpoint, through client: PeerClient) {
        self.client = client
        self.peer = peer
    }

    /// With this authority's certificate, and the package that is installed for the peer.
    ///
    /// - Throws: ``PeerLogError/notInstalled(_:)``, or what is wrong with the configuration or the package.
    package init(of host: HostName, configuration: HostConfiguration) throws {
        let directory = PeerDirectory(path: configuration.peerListPath)
        guard let package = try directory.package(host) else {
            throw PeerLogError.notInstalled(host)
        }
        let identity = try TLSIdentity(
            certificate: configuration.ownCertificate(), keyPath: configuration.certificateKeyPath)
        let logger = Logger(label: "peer-log") { _ in SwiftLogNoOpLogHandler() }
        self.init(
            of: PeerEndpoint(package, former: try directory.formerCertificate(host)),
            through: PeerClient(identity: identity, logger: logger))
    }

    package var peerName: String { peer.name }

    /// Ends the connection.
    package func close() async { await client.shutdown() }

    /// One page.
    ///
    /// - Throws: ``PeerLogError``, ``PeerClientError``.
    package func page(from start: LogStart, filter: LogFilter) async throws -> LogPage {
        let answer = try await client.send(
            .get, "/api/log?\(start.query(filter))", to: peer, limit: LogPage.answerLimit, timeout: .seconds(30))
        let json = try? JSONValue(parsing: answer.body)
        switch answer.status {
        case 200:
            guard let json else { throw PeerLogError.malformed(peer: peer.name, reason: "it is no JSON") }
            do { return try LogPage(json) } catch {
                throw PeerLogError.malformed(peer: peer.name, reason: error.message)
            }
        case 429: throw PeerLogError.busy(peer: peer.name)
        default:
            throw PeerLogError.refused(
                peer: peer.name, status: answer.status, words: json?["error"]?.asString,
                hint: json?["hint"]?.asString)
        }
    }

    /// Reads page after page until there is no more for now. A peer that has no time is asked again for a while.
    ///
    /// - Returns: where to go on.
    package func read(
        from start: LogStart, filter: LogFilter, show: ([LogRecord]) -> Void, note: (String) -> Void = { _ in }
    ) async throws -> LogStart {
        var (start, triesLeft) = (start, 10)
        while true {
            let page: LogPage
            do { page = try await self.page(from: start, filter: filter) } catch PeerLogError.busy where triesLeft > 0 {
                triesLeft -= 1
                try await Task.sleep(for: .seconds(2))
                continue
            }
            triesLeft = 10
            if page.hasGap { note("\(peer.name) has rotated away what came last; some events may be missing here") }
            show(page.events)
            let next = page.next.map { LogStart.after($0) } ?? start
            // One that says that there is more, and stays where it is, would be asked for ever.
            guard page.hasMore, next != start else { return next }
            start = next
        }
    }

    /// Goes on until the task is cancelled, however often the peer goes away and comes back.
    package func follow(
        from start: LogStart, filter: LogFilter, show: ([LogRecord]) -> Void, note: (String) -> Void
    ) async throws {
        var (start, isAway) = (start, false)
        while true {
            try await Task.sleep(for: .seconds(1))
            do {
                start = try await read(from: start, filter: filter, show: show, note: note)
                if isAway { note("\(peer.name) answers again") }
                isAway = false
            } catch let error as PeerClientError where error.exitCode == .unreachable {
                if !isAway { note("\(error.message); trying on") }
                isAway = true
            }
        }
    }
}

/// Why a peer's log is not to be had.
package enum PeerLogError: OperatorError, Equatable {
    case notInstalled(HostName)
    /// Its own words, which are foreign text.
    case refused(peer: String, status: Int, words: String?, hint: String?)
    case busy(peer: String)
    case malformed(peer: String, reason: String)

    package var message: String {
        switch self {
        case .notInstalled(let host): "\(host) is not installed"
        case .refused(let peer, let status, let words, _):
            "\(peer) refused with HTTP status \(status)" + (words.map { ": \(quoted($0, limit: 300))" } ?? "")
        case .busy(let peer): "\(peer) has no time for this now"
        case .malformed(let peer, let reason): "\(peer) answered something else than a part of its log: \(reason)"
        }
    }

    package var hint: String? {
        switch self {
        case .notInstalled: "see who is: eopeers --list"
        case .refused(_, _, _, let hint): hint.map { quoted($0, limit: 200) }
        default: nil
        }
    }
}
