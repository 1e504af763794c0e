// SPDX-License-Identifier: Apache-2.0

package import AuthorityStore
package import Logging
package import Orchestration
package import TrustStores

/// One authority at work: it holds the boards of all its elections, compares them with its peers, performs what is next, one
/// action at a time, and answers its clients.
///
/// It runs on a dispatch queue of its own and may wait for the disk there. What must survive is on disk before it is shown to
/// anybody; everything else is found again by ``load()``.
package actor Authority {
    package struct Settings: Sendable {
        /// AUTOACCEPT_REQUESTS: without it this authority waits for its operator before it takes part in anything.
        package var autoAccepts: Bool
        /// KEEP_SHARES: whether key shares outlive the publication of a tally.
        package var keepsShares = false
        /// MIXNET_PORT.
        package var mixnetPort: Int
        package var version: String
        /// GROUP: for election requests that name none.
        package var group: String
        /// Base of `tally_url`: `https://HOSTNAME:PORT`.
        package var address: String
        /// How often boards under way are compared even if nobody rang.
        package var exchangeInterval: Duration = .seconds(2)
        /// How long one waits for an authority that does not answer at all while a key is made: longer than a cable is away.
        package var patience: Duration = .seconds(120)
        /// How long a director waits without any progress while a key is made, and an authority for a votes file.
        package var longPatience: Duration = .seconds(600)
        /// How often the database is asked for what operators decided.
        package var decisionInterval: Duration = .milliseconds(500)
        /// How long to wait at most before another try of what this authority itself was hindered in.
        package var hindrancePause: Duration = .seconds(10)
        /// How often the files of elections that rest are compared with their digests.
        package var inspectionInterval: Duration = .seconds(86400)
        /// How long to wait before another try, when a peer or client did not answer.
        package var retryDelays: [Duration] = [.seconds(1), .seconds(3), .seconds(8)]

        /// After so many transfers of a file that turned out to be another one, its author is named.
        package var otherFileLimit = 5

        /// Times that every other authority says that it has not got a file, three seconds apart, in which somebody may be fetching
        /// it from somebody else.
        package var refusalLimit = 20

        /// How long to wait before a client is called again: a few times soon, then for a day.
        package var callbackDelays: [Duration] =
            [.seconds(1), .seconds(2), .seconds(5), .seconds(15), .seconds(60)]
            + Array(repeating: .seconds(300), count: 288)

        package init(autoAccepts: Bool, address: String, mixnetPort: Int, version: String, group: String) {
            self.autoAccepts = autoAccepts
            self.address = address
            self.mixnetPort = mixnetPort
            self.version = version
            self.group = group
        }
    }

    let settings: Settings
    let data: DataFolder
    let boards: BoardFolder
    let database: AuthorityDatabase
    let key: SigningKey
    let peers: any PeerBook
    let link: any PeerLink
    let performer: any ActionPerformer
    let log: Logger
    /// Proofs are made and verified here, one action at a time.
    let heavy = HeavyWork(label: "election-authority.work")
    /// Files that came are hashed here.
    let digesting = HeavyWork(label: "election-authority.digests")
    let workBell = Doorbell()
    let exchangeBell = Doorbell()
    let answerBell = Doorbell()
    let clock = ContinuousClock()

    var elections: [String: LiveElection] = [:]
    /// Elections of whose boards nothing is left here: the other authorities are asked for them.
    var lostBoards: Set<String> = []
    var asking: Set<String> = []
    /// Elections whose protocol is being prepared: their ids are taken.
    var preparing: Set<String> = []
    var exchanging: Set<String> = []
    /// Queue numbers whose answers are being posted.
    var calling: Set<Int64> = []
    var lastHeard: [String: ContinuousClock.Instant] = [:]
    /// What went wrong when a peer was asked last.
    var unreachable: [String: String] = [:]
    /// Status requests that are being answered line by line.
    var openStreams = 0
    var isStopping = false
    var measuring = Measuring()
    private var background: [Int: Task<Void, Never>] = [:]
    private var lastBackground = 0

    private let executor = QueueExecutor(label: "election-authority.desk")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(
        settings: Settings, data: DataFolder, peers: any PeerBook, link: any PeerLink, performer: any ActionPerformer,
        log: Logger
    ) throws {
        self.settings = settings
        self.data = data
        boards = BoardFolder(data: data)
        database = try AuthorityDatabase(file: data.database)
        key = try data.signingKey()
        self.peers = peers
        self.link = link
        self.performer = performer
        self.log = log
    }

    /// The key that others verify this authority's entries with.
    package nonisolated var verifyingKey: VerifyingKey { key.verifying }

    /// Works until the surrounding task is cancelled. What is stored has been read back by then, with ``load()``.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.work() }
            group.addTask { await self.exchangeWithPeers() }
            group.addTask { await self.answerClients() }
            group.addTask { await self.keepWatch() }
            group.addTask { await self.takeDecisions() }
            group.addTask { await self.keepInspecting() }
        }
        isStopping = true
        for task in background.values { task.cancel() }
        for task in background.values { await task.value }
    }

    /// Starts something that waits for the network; it is cancelled when the authority ends.
    func spawn(_ body: @escaping @Sendable (Authority) async -> Void) {
        guard !isStopping else { return }
        lastBackground += 1
        let number = lastBackground
        background[number] = Task {
            await body(self)
            self.background[number] = nil
        }
    }

    func log(_ election: String, step: String? = nil, session: Int? = nil, peer: String? = nil) -> Logger {
        var logger = log
        logger[metadataKey: "election"] = "\(election)"
        if let step { logger[metadataKey: "step"] = "\(step)" }
        if let peer { logger[metadataKey: "peer"] = "\(peer)" }
        if let session {
            let id = elections[election]?.board.offer.sessions[session].id ?? String(session)
            logger[metadataKey: "session"] = "\(id)"
        }
        return logger
    }
}
