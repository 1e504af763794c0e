// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import ElGamal
import Elections
import Foundation
import HostTestSupport
import MutualTLS
import Rehearsal
import StrictJSON
import Testing
import TrustStores

/// A ballot box on a machine of its own, with a certificate that is no authority's: it asks whichever authority it likes, and while it
/// waits for an answer it serves the votes file and takes callbacks, as eotest does.
struct BallotBox {
    /// Never started: its certificate, its package and its peers are all that a ballot box has of an authority.
    private let machine: AuthorityProcess
    private let host: RehearsalHost
    private let scratch: ScratchFolder

    /// Votes that were cast in an election, of which the ballot box alone knows what they say.
    struct CastVotes {
        let election: ElectionIdentifier
        let digest: [UInt8]
        let path: String
        let plaintextsPath: String
    }

    struct Answer {
        let status: String
        let text: String
    }

    /// Where a callback is awaited: each request has addresses of its own.
    struct Request {
        fileprivate let routes: CallbackRoutes
        fileprivate let body: JSONValue
    }

    /// Made by `eorchestra init`, and installed at authorities that run, as they are at it.
    init(knowing authorities: [AuthorityProcess]) async throws {
        scratch = try ScratchFolder()
        machine = try await AuthorityProcess("box.test", in: scratch)
        try await machine.install(authorities)
        for authority in authorities { try await authority.install([machine]) }
        host = try RehearsalHost(
            configuration: HostConfiguration(file: machine.configurationPath), peerDirectory: nil, ownPackage: nil)
        for authority in authorities {
            let curl = Curl(as: machine)
            try #require(try await eventually { try await curl.status(of: authority) == "202" })
        }
    }

    /// Has an election made, and gives its keys.
    func create(
        _ election: ElectionIdentifier, through director: AuthorityProcess, threshold: Int
    ) async throws -> [PublicKey] {
        let routes = try routes(election, asking: director)
        let participants = Participants(
            director: try endpoint(director), others: host.installed.filter { $0.hostName.text != director.hostName })
        let draft = ElectionDraft(
            id: election, questions: ElectionDraft.plainQuestions(1), group: "ffdhe2048", threshold: threshold,
            participants: participants, callback: url(routes.callbackPath(.creation)))
        let reply = try await host.server.serving(routes) { _ in
            let answer = try await post("/public_api/election", draft.json, to: director, as: machine)
            try #require(answer.status == "202", "\(answer)")
            return try await routes.mailbox.next(.creation, within: .seconds(120))
        }
        guard case .created(_, let sessions) = reply else {
            Issue.record("\(String(describing: reply)): \(director.told)")
            throw CancellationError()
        }
        return try KeyComparison(election: election, sessions: sessions).publicKeys(questionCount: 1)
    }

    func cast(_ count: Int, under keys: [PublicKey], in election: ElectionIdentifier) throws -> CastVotes {
        let (path, plaintexts) = (scratch.path("votes-\(election.text)"), scratch.path("plaintexts-\(election.text)"))
        let making = BallotMaking(
            keys: keys, source: .random, count: count, votesPath: path, plaintextPaths: [plaintexts])
        return CastVotes(
            election: election, digest: try making.run().digest, path: path, plaintextsPath: plaintexts)
    }

    /// The request for a tally of these votes, of which they stand at the same address each time.
    func request(_ votes: CastVotes, asking authority: AuthorityProcess) throws -> Request {
        let routes = try routes(votes.election, asking: authority, votesPath: votes.path)
        return Request(
            routes: routes,
            body: TallyRequest.json(
                electionID: votes.election, callback: url(routes.callbackPath(.tally)),
                votes: url(CallbackRoutes.votesPath(votes.election)), votesDigest: votes.digest))
    }

    /// - Parameter client: who asks in the ballot box's place.
    func post(
        _ request: Request, to authority: AuthorityProcess, as client: AuthorityProcess? = nil
    ) async throws -> Answer {
        try await post("/public_api/tally", request.body, to: authority, as: client ?? machine)
    }

    /// Serves the votes and takes callbacks about `request` while `body` runs.
    func serving(_ request: Request, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await host.server.serving(request.routes) { _ in try await body() }
    }

    /// The callback to `request`, for which it waits four minutes at most.
    func reply(to request: Request) async throws -> ElectionReply? {
        try await request.routes.mailbox.next(.tally, within: .seconds(240))
    }

    /// Fetches a published tally, and gives the path where it is now.
    func download(_ url: String, from authority: AuthorityProcess) async throws -> String {
        let address = "https://\(authority.hostName):\(authority.port)/"
        try #require(url.hasPrefix(address), "\(url) does not lead to \(address)")
        let path = scratch.path("tally-\(UUID().uuidString).tar.gz")
        let ended = try await Curl(as: machine).ask(
            authority, "/\(url.dropFirst(address.count))", ["--fail", "--output", path])
        try #require(ended.status == 0, "\(ended)")
        return path
    }

    // MARK: -

    private func endpoint(_ authority: AuthorityProcess) throws -> PeerEndpoint {
        try #require(host.installed.first { $0.hostName.text == authority.hostName })
    }

    private func routes(
        _ election: ElectionIdentifier, asking authority: AuthorityProcess, votesPath: String = ""
    ) throws -> CallbackRoutes {
        CallbackRoutes(
            election: election, director: try endpoint(authority).certificate,
            authorities: Set(host.installed.map(\.certificate.fingerprint)), votesPath: votesPath, mailbox: Mailbox()
        ) { Issue.record("the ballot box \($0)") }
    }

    private func url(_ path: String) -> String { "https://\(machine.hostName):\(machine.eotestPort)\(path)" }

    private func post(
        _ path: String, _ body: JSONValue, to authority: AuthorityProcess, as client: AuthorityProcess
    ) async throws -> Answer {
        let ended = try await Curl(as: client).ask(
            authority, path, ["--data-binary", body.compact, "--write-out", "\n%{http_code}"])
        let lines = ended.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return Answer(status: lines.last ?? "", text: lines.dropLast().joined(separator: "\n"))
    }
}
