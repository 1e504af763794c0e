// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import HostTestSupport
import Liars
import Logging
import MutualTLS
import Orchestration
import StrictJSON
import Synchronization
import Testing
import TrustStores

@testable import AuthorityServer

/// Running authorities without a socket between them: messages are handed over, late, lost or not at all, as a test wants.
final class InMemoryNetwork: Sendable {
    struct State {
        var authorities: [String: Authority] = [:]
        /// What answers in their place when they are asked.
        var desks: [String: any PeerDesk] = [:]
        var silent: Set<String> = []
        /// Hosts whose files nobody gets.
        var withheld: Set<String> = []
        /// One message in so many is lost, on its way there or back; 0: none.
        var lossOneIn = 0
        var votes: [String: [UInt8]] = [:]
        /// What the server of the votes says they are long, if not the truth.
        var statedLength: Int?
        /// Whether votes files are announced, and do not come.
        var holdsVotes = false
        var callbacks: [ElectionReply] = []
        /// Names of actions that nobody performs for now, and those of them that came to be next.
        var held: Set<String> = []
        var reached: Set<String> = []
        /// What the authorities logged.
        var log: [String] = []
    }

    /// The authorities that it holds hold it as well: a network that goes away empties it.
    final class SharedState: Sendable {
        private let state = Mutex(State())

        func withLock<Result: Sendable>(_ body: (inout State) throws -> Result) rethrows -> Result {
            try state.withLock { try body(&$0) }
        }
    }

    struct Unreachable: Error {}

    let state = SharedState()
    let scratch: ScratchFolder
    let names: [String]
    private let careful: Set<Int>
    private let patience: Duration
    private let liars: [Int: Lie]
    private let threshold: Int?

    /// - Parameters:
    ///   - careful: numbers of those that ask their operators.
    ///   - patience: with silent authorities. Long, unless a test waits for its end: busy machines are slow, not silent.
    ///   - liars: what is not as it should be at whom.
    ///   - threshold: of its elections; nil for all.
    init(
        _ count: Int, careful: Set<Int> = [], patience: Duration = .seconds(60), liars: [Int: Lie] = [:],
        threshold: Int? = nil
    ) throws {
        self.threshold = threshold
        scratch = try ScratchFolder()
        names = try (1...count).map { try #require(identities[$0]).hostName.text }
        self.careful = careful
        self.patience = patience
        self.liars = liars
        for number in 1...count { try start(number) }
    }

    deinit {
        state.withLock { state in
            state.authorities = [:]
            state.desks = [:]
        }
    }

    /// Makes the authority of that number, in the place of an earlier one, of what lies on its disk.
    func start(_ number: Int) throws {
        let members = try names.indices.map { try #require(identities[$0 + 1]) }
        let certificates = Dictionary(uniqueKeysWithValues: members.map { ($0.hostName.text, $0.certificate.digest) })
        let member = members[number - 1]
        var settings = Authority.Settings(
            autoAccepts: !careful.contains(number), address: "https://\(member.hostName):5000", mixnetPort: 4081,
            version: "1", group: "ffdhe2048")
        settings.exchangeInterval = .milliseconds(50)
        settings.patience = patience
        settings.hindrancePause = .seconds(1)
        settings.refusalLimit = 3
        settings.retryDelays = [.milliseconds(10), .milliseconds(10)]
        let own = member.hostName.text
        let data = try data(number)
        let assembly =
            try liars[number].map { try AuthorityAssembly($0, key: data.signingKey()) } ?? AuthorityAssembly()
        let authority = try Authority(
            settings: settings, data: data,
            peers: Book(ownName: own, ownCertificate: member.certificate.digest, certificates: certificates),
            link: assembly.link(Link(state: state, own: member.certificate.digest)),
            performer: assembly.performer(HeldPerformer(state: state)),
            log: Logger(label: own) { [state] _ in NetworkLog(state: state) })
        state.withLock { state in
            state.authorities[own] = authority
            state.desks[own] = assembly.desk(authority)
        }
    }

    /// An authority that does not run any more.
    func end(_ number: Int) {
        state.withLock { state in
            state.authorities["a\(number).example"] = nil
            state.desks["a\(number).example"] = nil
        }
    }

    func data(_ number: Int) throws -> DataFolder { try DataFolder(root: URL(filePath: scratch.path("a\(number)"))) }

    func authority(_ number: Int) throws -> Authority {
        try #require(state.withLock { $0.authorities["a\(number).example"] })
    }

    /// Lets all authorities, or those of `numbers`, work while `body` runs.
    func running(only numbers: [Int]? = nil, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let authorities = try numbers.map { try $0.map(authority) } ?? state.withLock { Array($0.authorities.values) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for authority in authorities {
                group.addTask {
                    await authority.load()
                    await authority.run()
                }
            }
            defer { group.cancelAll() }
            try await body()
        }
    }

    var election: [UInt8] {
        get throws { try election(questions: 1) }
    }

    func election(questions: Int) throws -> [UInt8] {
        let question: JSONValue = [
            "title": "Q", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0,
            "answers": [["id": 0, "text": "A"]],
        ]
        let authorities = try names.indices.map { index in
            let identity = try #require(identities[index + 1])
            return [
                "name": .string(identity.hostName.text),
                "orchestra_url": .string("https://\(identity.hostName):5000/"),
                "ssl_cert": .string(identity.certificate.pem),
            ] as JSONValue
        }
        let request: JSONValue = [
            "id": "e1", "title": "T", "description": "", "start_date": "x", "end_date": "x",
            "callback_url": "https://a1.example:8000/done",
            "questions": .array(Array(repeating: question, count: questions)), "authorities": .array(authorities),
            "threshold": .integer(threshold ?? names.count),
        ]
        return request.compactBytes
    }

    /// The next callback; nil after three minutes.
    func callback() async throws -> ElectionReply? {
        for _ in 0..<18_000 {
            let reply = state.withLock { $0.callbacks.isEmpty ? nil : $0.callbacks.removeFirst() }
            if let reply { return reply }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    /// Waits until authorities have the whole key on their boards, three minutes at most: the client is told by the first that has.
    func awaitKey(at numbers: [Int]) async throws {
        for number in numbers {
            let authority = try authority(number)
            let deadline = ContinuousClock.now + .seconds(180)
            while await authority.elections["e1"]?.board.isReady != true {
                try #require(ContinuousClock.now < deadline, "a\(number) never has the key")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    /// Performs everything but what a test holds back.
    private struct HeldPerformer: ActionPerformer {
        struct Held: Error {}
        let state: SharedState
        let performer = Performer()

        func perform(_ action: Action, in context: ActionContext) throws -> Performed {
            let isHeld = state.withLock { state in
                guard state.held.contains(action.name) else { return false }
                state.reached.insert("\(context.me) \(action.name)")
                return true
            }
            guard !isHeld else { throw Held() }
            return try performer.perform(action, in: context)
        }

        func arrival(
            of blob: BlobReference, in entry: Entry, at file: URL, on board: Board, as me: Int
        ) -> ArrivalCheck? { performer.arrival(of: blob, in: entry, at: file, on: board, as: me) }

        func inspect(_ context: ActionContext) throws -> Inspection { try performer.inspect(context) }

        func takeTally(_ file: URL, attempt: Int, in context: ActionContext) throws {
            try performer.takeTally(file, attempt: attempt, in: context)
        }

        func forget(_ election: String) { performer.forget(election) }
    }

    /// Keeps what was logged as a warning or worse.
    private struct NetworkLog: LogHandler {
        let state: SharedState
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { state.withLock { $0.log.append("\(event.message)") } }
    }

    private struct Book: PeerBook {
        let ownName: String
        let ownCertificate: Digest
        let certificates: [String: Digest]

        var hosts: [String] { certificates.keys.filter { $0 != ownName } }
        func certificate(of host: String) -> Digest? { certificates[host] }
        func isTrusted(_ certificate: Digest) -> Bool { certificates.values.contains(certificate) }
        func isReachable(_ url: String) -> Bool { true }
    }

    private struct Link: PeerLink {
        let state: SharedState
        let own: Digest

        private func desk(_ host: String) throws -> any PeerDesk {
            try state.withLock { state in
                let isLost = state.lossOneIn > 0 && Int.random(in: 0..<state.lossOneIn) == 0
                guard !isLost, !state.silent.contains(host), let desk = state.desks[host] else {
                    throw Unreachable()
                }
                return desk
            }
        }

        func identity(of host: String) async throws -> PeerIdentity {
            // Who is silent later may still have said who it is.
            guard let authority = state.withLock({ $0.authorities[host] }) else { throw Unreachable() }
            let certificate = try #require(await authority.peers.certificate(of: host))
            let member = try #require(identities.values.first { $0.hostName.text == host })
            let statement = try SignedIdentity(
                hostName: host, mixnetPort: 4081, version: "1", signingKey: authority.verifyingKey,
                signedBy: member.key)
            return PeerIdentity(
                party: Party(name: host, certificate: certificate, signingKey: authority.verifyingKey),
                mixnetPort: 4081, version: "1", statement: statement.json.compactBytes)
        }

        func exchange(_ message: ExchangeMessage, with host: String) async throws -> ExchangeMessage {
            let answer = try await desk(host).answer(
                try ExchangeMessage(serialized: message.serialized), from: own)
            _ = try desk(host)
            return try ExchangeMessage(serialized: answer.serialized)
        }

        func fetchBlob(_ blob: BlobReference, of election: String, from host: String, to file: URL) async throws {
            guard !state.withLock({ $0.withheld.contains(host) }) else { throw Unreachable() }
            let source: URL
            do { source = try await desk(host).blob(blob.digest, of: election, for: own) } catch RequestRefusal
                .unknownFile
            {
                throw PeerClientError.status(peer: host, status: RequestRefusal.unknownFile.status, text: "")
            }
            let size = try source.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            guard size <= blob.byteCount else {
                throw PeerClientError.answerTooLarge(peer: host, limit: blob.byteCount)
            }
            try Data(contentsOf: source).write(to: file)
        }

        func fetchFile(_ digest: Digest, of election: String, from host: String, to file: URL) async throws {
            let source = try await desk(host).blob(digest, of: election, for: own)
            try Data(contentsOf: source).write(to: file)
        }

        func fetchVotes(_ url: String, to file: URL, accept: @Sendable (Int) async throws -> Void) async throws {
            let (votes, stated) = state.withLock { ($0.votes[url], $0.statedLength) }
            guard let votes else { throw Unreachable() }
            try await accept(stated ?? votes.count)
            while state.withLock({ $0.holdsVotes }) { try await Task.sleep(for: .milliseconds(10)) }
            try Data(votes).write(to: file)
        }

        func callBack(_ url: String, with body: [UInt8]) async throws {
            let reply = try ElectionReply(JSONValue(parsing: body))
            state.withLock { $0.callbacks.append(reply) }
        }
    }
}
