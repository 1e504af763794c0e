// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import Hummingbird
import Logging
import MutualTLS
import Orchestration

/// `GET /api/log`: what this authority's log says of the elections in which the client has a part, if LOG_SHARED_WITH_PEERS allows
/// it. One page a request; a client that asks too often is refused.
struct LogRoute: Sendable {
    let authority: Authority
    let path: String
    let isShared: Bool
    /// DATA_PATH: what lies there is named to nobody.
    let privateFolder: String
    private let reading = HeavyWork(label: "election-authority.log")
    private let allowance = RequestAllowance(atOnce: 20, perSecond: 2)

    init(authority: Authority, path: String, isShared: Bool, privateFolder: String) {
        self.privateFolder = privateFolder
        self.authority = authority
        self.path = path
        self.isShared = isShared
    }

    func add(to router: Router<BasicPeerRequestContext>) {
        router.get("/api/log") { request, context in
            guard isShared else { throw RequestRefusal.logNotShared }
            let client = try context.client
            guard allowance.takes(client) else { throw RequestRefusal.tooManyRequests }
            let start = try Self.start(request)
            let filter = try Self.filter(request)
            if case .after = start {
            } else {
                context.logger.info("a peer reads the log", metadata: ["certificate": "\(client.hex)"])
            }
            return json(try await page(from: start, filter, for: client).json, status: .ok)
        }
    }

    private func page(from start: LogStart, _ filter: LogFilter, for client: Digest) async throws -> LogPage {
        var shared = await authority.electionsShared(with: client)
        while true {
            var ofShared = filter
            ofShared.elections = filter.elections?.intersection(shared) ?? shared
            let page = try await reading.run { [path, privateFolder, ofShared] in
                LogPage.read(path, from: start, filter: ofShared).withoutPaths(below: privateFolder)
            }
            // Of an election that began meanwhile there may be lines already, behind which the next page would begin.
            let sharedNow = await authority.electionsShared(with: client)
            if sharedNow == shared { return page }
            shared = sharedNow
        }
    }

    private static func start(_ request: Request) throws(RequestRefusal) -> LogStart {
        let query = request.uri.queryParameters
        if let text = query["after"] {
            guard let position = LogPosition(String(text)) else { throw .body("after is no position in a log") }
            return .after(position)
        }
        if let text = query["since"] {
            guard let instant = LogInstant(String(text)) else { throw .body("since takes \(LogInstant.forms)") }
            return .since(instant)
        }
        guard let text = query["last"] else { return .last(100) }
        guard let count = Int(text), (0...LogPage.eventLimit).contains(count) else {
            throw .body("last takes a number up to \(LogPage.eventLimit)")
        }
        return .last(count)
    }

    private static func filter(_ request: Request) throws(RequestRefusal) -> LogFilter {
        let query = request.uri.queryParameters
        var filter = LogFilter(election: query["election"].map(String.init))
        if let text = query["level"] {
            guard let level = Logger.Level(rawValue: String(text)) else { throw .body("level is none of a log") }
            filter.level = level
        }
        return filter
    }
}
