// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import Foundation
import HostTestSupport
import Orchestration
import StrictJSON
import Synchronization
import Testing
import TrustStores

@testable import AuthorityServer

/// Flips a bit of files at rest, or takes them away, at an authority that is switched off in the middle of a tally, and switches it on.
@Suite("A file that changed at rest", .serialized, .timeLimit(.minutes(10)))
struct DamagedFilesTests {
    static let client = Digest(of: [7])

    /// What happens to which files of the second authority: a path below its private folder of the election, `*` for any name, and of
    /// several files the last one.
    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let path: String
        var isPublic = false
        var isRemoved = false
        /// Whether it cannot be told from what happens at any start.
        var isSilent = false
        var pick: @Sendable ([URL]) throws -> [URL] = { Array($0.suffix(1)) }
    }

    private static func ownEntry(_ files: [URL]) throws -> [URL] {
        let own = try files.filter { try Entry(serialized: Array(Data(contentsOf: $0))).content.author == 2 }
        return Array(own.dropLast(2).suffix(1))
    }

    private static func blob(_ name: String) -> @Sendable ([URL]) throws -> [URL] {
        { files in
            let board = files[0].deletingLastPathComponent().deletingLastPathComponent().appending(path: "board")
            let entries = try FileManager.default.contentsOfDirectory(atPath: board.path).filter {
                $0.hasSuffix(".entry")
            }
            for entry in entries {
                let entry = try Entry(serialized: Array(Data(contentsOf: board.appending(path: entry))))
                for blob in entry.content.blobs where blob.name == name {
                    return files.filter { $0.lastPathComponent == blob.digest.hex }
                }
                if let order = try? TallyOrder(payload: entry.content.payload), entry.content.kind == .tallyRequest,
                    name == "votes"
                {
                    return files.filter { $0.lastPathComponent == order.votesDigest.hex }
                }
            }
            return []
        }
    }

    static let whileMixing: [Damage] = [
        Damage(testDescription: "the protocol entry", path: "board/000000.entry"),
        Damage(testDescription: "an own entry", path: "board/*.entry", pick: ownEntry),
        Damage(testDescription: "another's entry", path: "board/000003.entry"),
        Damage(testDescription: "the last entries, gone", path: "board/*.entry", isRemoved: true) { $0.suffix(4) },
        Damage(testDescription: "all entries, gone", path: "board/*.entry", isRemoved: true) { $0 },
        Damage(testDescription: "an own file", path: "blobs/*", pick: blob("PermutationCommitment02.bt")),
        Damage(
            testDescription: "an own file, gone", path: "blobs/*", isRemoved: true, pick: blob("CiphertextList02.bt")),
        Damage(testDescription: "another's file", path: "blobs/*", pick: blob("CiphertextList01.bt")),
        Damage(testDescription: "another's file, gone", path: "blobs/*", isRemoved: true, pick: blob("PoSReply01.bt")),
        Damage(testDescription: "the votes file", path: "blobs/*", pick: blob("votes")),
        Damage(testDescription: "the input of the mix", path: "*/tally-1/CiphertextList00.bt"),
        Damage(
            testDescription: "a proof file, gone", path: "*/tally-1/CiphertextList01.bt", isRemoved: true,
            isSilent: true),
        Damage(testDescription: "protInfo.xml", path: "*/protInfo.xml", isPublic: true),
        Damage(testDescription: "publicKey_json", path: "*/publicKey_json", isPublic: true),
    ]

    @Test("in the middle of a tally is named and got back, and the tally ends as if nothing had been")
    func whileMixing() async throws {
        let network = try await interrupted(before: ["decrypt"])
        let pristine = try Self.copy(network.scratch.path, to: network.scratch.path + ".pristine")
        defer { try? FileManager.default.removeItem(atPath: pristine) }
        for damage in Self.whileMixing {
            _ = try Self.copy(pristine, to: network.scratch.path)
            let said = try Self.entries(at: network)
            let damaged = try apply(damage, at: network)
            #expect(!damaged.isEmpty, "\(damage.testDescription): there is no such file")
            let log = try await finish(network, damage.testDescription)
            #expect(
                damage.isSilent
                    || log.contains { line in
                        ["had changed on this disk", "is damaged or missing", "were missing here"].contains {
                            line.contains($0)
                        }
                    }, "\(damage.testDescription): nobody said a word: \(log)")
            // What was said before stands at both, as it was.
            for (place, digests) in try Self.entries(at: network) {
                #expect(digests.count == 1, "\(damage.testDescription): entry \(place) stands in two versions")
                if let before = said[place] { #expect(before == digests, "\(damage.testDescription): entry \(place)") }
            }
        }
    }

    @Test("in an archive that is about to be published is got back, and the tally is published")
    func archive() async throws {
        let network = try await interrupted(before: ["publish-tally"])
        let damaged = try apply(
            Damage(testDescription: "the archive", path: "archive-1/tally.tar.gz"), at: network)
        #expect(damaged.count == 1)
        // The first one publishes by itself, so that it has something to give.
        let log = try await finish(network, "the archive")
        #expect(log.contains { $0.contains("tally.tar.gz had changed on this disk") }, "\(log)")
    }

    @Test("in a published tally is got back from another authority, and meanwhile shown to nobody")
    func published() async throws {
        let network = try await interrupted(before: [])
        let damaged = try apply(
            Damage(testDescription: "the tally", path: "tally.tar.gz", isPublic: true), at: network)
        let file = try #require(damaged.first)
        let good = try Data(contentsOf: network.data(1).publicFolder.appending(path: "e1/tally.tar.gz"))
        #expect(try Data(contentsOf: file) != good)
        try await restarted(network) {
            var found = try? Data(contentsOf: file)
            let deadline = ContinuousClock.now + .seconds(60)
            while found != good, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
                found = try? Data(contentsOf: file)
            }
            #expect(found == good)
        }
        #expect(network.state.withLock { $0.log.contains { $0.contains("tally.tar.gz had changed on this disk") } })
    }

    @Test("in a key share is found before it is used, and with the file from a backup the tally goes on")
    func share() async throws {
        let network = try await interrupted(before: ["decrypt"])
        let folder = try network.data(2).root.appending(path: "private/e1")
        let file = try #require(try Self.files("*/key.share", in: folder).first)
        let backup = try Data(contentsOf: file)
        try Self.flipBit(of: file)
        let certificate = try #require(identities[2]).certificate.digest
        try await restarted(network) {
            let second = try network.authority(2)
            var problem: String?
            let deadline = ContinuousClock.now + .seconds(60)
            while problem == nil, ContinuousClock.now < deadline {
                problem = try? await second.status(of: "e1", for: certificate).problem
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(problem == "a seed or key share of election \"e1\" is damaged on this disk")
            let board = try #require(await second.elections["e1"]?.board)
            #expect(network.state.withLock { $0.log.contains { $0.hasPrefix("key.share changed on this disk") } })
            #expect(board.failure(attempt: 1) == nil && board.entry(.decryption, attempt: 1, session: 0, by: 2) == nil)
        }
        try backup.write(to: file)
        _ = try await finish(network, "the share")
    }

    @Test("that no other authority has ends the tally, which says whose it is; asked for again, it ends well")
    func filesOfOneself() async throws {
        let network = try await interrupted(before: ["decrypt"])
        network.state.withLock { $0.withheld = ["a2.example"] }
        try await restarted(network) {
            let first = try network.authority(1)
            let deadline = ContinuousClock.now + .seconds(60)
            while await first.elections["e1"]?.board.all(.decryption, attempt: 1, session: 0, by: [1, 2]) == nil,
                ContinuousClock.now < deadline
            { try await Task.sleep(for: .milliseconds(20)) }
        }
        let damage = Damage(testDescription: "a decryption", path: "blobs/*", pick: Self.blob("DecrFactReply02.bt"))
        #expect(try apply(damage, at: network).count == 1)
        network.state.withLock { $0.withheld = [] }
        let order = try #require(try network.boards(1).load("e1").tallyRequest(attempt: 1))
        let votes = try #require(try network.data(1).election("e1").blob(order.votesDigest))
        let file = Array(try Data(contentsOf: votes))
        try await restarted(network) {
            guard case .tallyFailed(_, let message)? = try await network.callback() else {
                Issue.record("the tally did not end: \(network.state.withLock { $0.log })")
                return
            }
            #expect(
                message == "a2.example lost files that it had made, and nobody else has them "
                    + "(check restored.files by a2.example, says a2.example)")
            network.state.withLock { $0.votes = [order.votesURL: file] }
            _ = try await network.authority(1).tally(
                TallyRequest.json(
                    electionID: try #require(ElectionIdentifier("e1")), callback: "https://a1.example:8000/done",
                    votes: order.votesURL, votesDigest: order.votesDigest.bytes
                ).compactBytes, from: Self.client)
            guard case .tallied? = try await network.callback() else {
                Issue.record("the tally is not to be had again: \(network.state.withLock { $0.log })")
                return
            }
        }
    }

    @Test(
        "so that entries are missing keeps an authority waiting for one that is gone, until its operator goes on without that one"
    )
    func excused() async throws {
        let network = try await interrupted(before: ["decrypt"], authorities: 3, threshold: 2)
        let damage = Damage(testDescription: "the last entries, gone", path: "board/*.entry", isRemoved: true) {
            $0.suffix(4)
        }
        #expect(try apply(damage, at: network).count == 4)
        try await restarted(network, [1, 2]) {
            let second = try network.authority(2)
            let certificate = try #require(identities[2]).certificate.digest
            var problem: String?
            let deadline = ContinuousClock.now + .seconds(60)
            let awaited =
                "has lost entries, or was restored from a backup, and waits to hear from a3.example what it had said"
            while problem != awaited, ContinuousClock.now < deadline {
                problem = try? await second.status(of: "e1", for: certificate).problem
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(problem == awaited)
            for number in [1, 2] {
                try AuthorityDatabase(file: network.data(number).database).addAbsence(
                    AbsenceRecord(election: "e1", attempt: 1, hosts: ["a3.example"], createdAt: "now"))
            }
            guard case .tallied? = try await network.callback() else {
                Issue.record("there is no tally: \(network.state.withLock { $0.log })")
                return
            }
            #expect(await second.elections["e1"]?.board.roster(attempt: 2).absent == [3])
            #expect(await second.elections["e1"]?.excused == [3])
        }
    }

    @Test(
        "because a backup from before the tally was restored: what was published since is fetched, and published here; the key share is wiped again"
    )
    func archiveAfterBackup() async throws {
        let network = try InMemoryNetwork(2)
        try await network.running { try await self.makeKey(on: network) }
        let home = try network.data(2).root.path
        let backup = try Self.copy(home, to: home + ".backup")
        for number in 1...2 { try network.start(number) }
        try await network.running { try await self.tally(on: network) }
        let archive = try network.data(1).publicFolder.appending(path: "e1/tally.tar.gz")
        let file = try network.data(2).publicFolder.appending(path: "e1/tally.tar.gz")
        #expect(try Data(contentsOf: file) == Data(contentsOf: archive))
        _ = try Self.copy(backup, to: home)
        let data = try network.data(2)
        try data.election("e1").markRestored(ownEntries: try network.boards(2).load("e1").counts[1])
        try data.markRestored()
        #expect(!FileManager.default.fileExists(atPath: file.path))
        let folder = data.root.appending(path: "private/e1")
        #expect(try Self.files("*/key.share", in: folder).count == 1)
        try await restarted(network) {
            let deadline = ContinuousClock.now + .seconds(60)
            while !FileManager.default.fileExists(atPath: file.path), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try Data(contentsOf: file) == Data(contentsOf: archive))
            let second = try network.authority(2)
            while await second.elections["e1"]?.restoredCount != nil, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(await second.elections["e1"]?.restoredCount == nil)
            #expect(try Self.files("*/key.share", in: folder).isEmpty)
        }
    }

    @Test(
        "because a director's backup is older than an election: it makes no second one of that id, and takes part in the first again"
    )
    func forgottenElection() async throws {
        let network = try InMemoryNetwork(2)
        let home = try network.data(1).root.path
        let backup = try Self.copy(home, to: home + ".backup")
        try await network.running { try await self.makeKey(on: network) }
        let first = try network.boards(2).load("e1").entries[0]
        _ = try Self.copy(backup, to: home)
        try network.data(1).markRestored()
        // It asks before the others have told it.
        network.state.withLock { $0.silent = ["a1.example"] }
        try await restarted(network) {
            _ = try await network.authority(1).createElection(try network.election, from: Self.client)
            guard case .creationFailed(_, let message)? = try await network.callback() else {
                Issue.record("a second election of one id was made")
                return
            }
            #expect(message.hasPrefix(#"a2.example knows an election "e1" already"#), "\(message)")
            network.state.withLock { $0.silent = [] }
            try await network.awaitKey(at: [1, 2])
            for number in 1...2 {
                let board = try #require(await network.authority(number).elections["e1"]?.board)
                #expect(board.entries.first == first && board.isReady && board.evidence.isEmpty)
            }
        }
    }

    @Test(
        "because a backup is older than an election whose others went on: they tell it all when something is under way again"
    )
    func forgottenBesideOthers() async throws {
        let network = try InMemoryNetwork(2)
        let home = try network.data(2).root.path
        let backup = try Self.copy(home, to: home + ".backup")
        try await network.running(only: [1]) {
            try await network.running(only: [2]) { try await self.makeKey(on: network) }
            _ = try Self.copy(backup, to: home)
            try network.data(2).markRestored()
            network.end(2)
            try network.start(2)
            try await network.running(only: [2]) {
                try await self.tally(on: network, isEnding: false)
                let (first, second) = (try network.authority(1), try network.authority(2))
                let deadline = ContinuousClock.now + .seconds(60)
                while await second.elections["e1"]?.board.attempt != 1, ContinuousClock.now < deadline {
                    try await Task.sleep(for: .milliseconds(20))
                }
                let (told, known) = (await second.elections["e1"]?.board, await first.elections["e1"]?.board)
                #expect(told?.attempt == 1 && told?.isReady == true)
                #expect(told?.entries.first == known?.entries.first && known?.evidence.isEmpty == true)
            }
        }
    }

    // MARK: - Switching off and on

    /// An election of two authorities that were switched off in the middle of its tally.
    ///
    /// - Parameter actions: names of those that were next and not done; none lets the tally end.
    private func interrupted(
        before actions: Set<String>, authorities count: Int = 2, threshold: Int? = nil
    ) async throws -> InMemoryNetwork {
        let network = try InMemoryNetwork(count, threshold: threshold)
        network.state.withLock { $0.held = actions }
        try await network.running {
            try await self.makeKey(on: network)
            try await self.tally(on: network, isEnding: actions.isEmpty)
            let expected = Set(actions.flatMap { action in (1...count).map { "\($0) \(action)" } })
            let deadline = ContinuousClock.now + .seconds(120)
            while !network.state.withLock({ $0.reached }).isSuperset(of: expected), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        // The ballot box is gone from now on.
        network.state.withLock { state in
            state.votes = [:]
            state.held = []
        }
        return network
    }

    private func makeKey(on network: InMemoryNetwork) async throws {
        _ = try await network.authority(1).createElection(try network.election, from: Self.client)
        guard case .created? = try await network.callback() else {
            Issue.record("there is no key")
            return
        }
    }

    /// Asks for the tally of three ballots.
    private func tally(on network: InMemoryNetwork, isEnding: Bool = true) async throws {
        let first = try network.authority(1)
        while await first.elections["e1"] == nil { try await Task.sleep(for: .milliseconds(10)) }
        let session = try #require(await first.elections["e1"]?.board.offer.sessions.first).id
        let path = "e1/\(session)/publicKey_json"
        let json = try JSONValue(parsing: Array(Data(contentsOf: network.data(1).publicFolder.appending(path: path))))
        let votes = try ballots(for: PublishedKey(JSONField(json, name: path)), count: 3)
        network.state.withLock { $0.votes = ["https://a1.example:8000/votes": votes] }
        let request: JSONValue = [
            "election_id": "e1", "callback_url": "https://a1.example:8000/done",
            "votes_url": "https://a1.example:8000/votes",
            "votes_hash": .string(DigestURI.text(of: Digest(of: votes).bytes)),
        ]
        _ = try await first.tally(request.compactBytes, from: Self.client)
        guard isEnding else { return }
        guard case .tallied? = try await network.callback() else {
            Issue.record("there is no tally")
            return
        }
    }

    /// - Parameter numbers: of those that are switched on; all others stay off.
    private func restarted(
        _ network: InMemoryNetwork, _ numbers: [Int]? = nil, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        for number in 1...network.names.count { network.end(number) }
        for number in numbers ?? Array(1...network.names.count) { try network.start(number) }
        network.state.withLock { $0.log = [] }
        try await network.running(body)
    }

    /// Switches both on, and expects the tally of both.
    ///
    /// - Returns: what they logged.
    private func finish(_ network: InMemoryNetwork, _ what: String) async throws -> [String] {
        try await restarted(network) {
            guard case .tallied(_, _, let digest)? = try await network.callback() else {
                Issue.record("\(what): there is no tally; \(network.state.withLock { $0.log })")
                return
            }
            for number in 1...2 {
                let file = try network.data(number).publicFolder.appending(path: "e1/tally.tar.gz")
                #expect(try Digest(ofFile: file).bytes == digest, "\(what): the tally of \(number)")
            }
        }
        return network.state.withLock { $0.log }
    }

    /// - Returns: the files that it happened to.
    private func apply(_ damage: Damage, at network: InMemoryNetwork) throws -> [URL] {
        let root = try network.data(2).root
        let folder = root.appending(path: damage.isPublic ? "public/e1" : "private/e1")
        let files = try damage.pick(Self.files(damage.path, in: folder))
        for file in files {
            if damage.isRemoved { try FileManager.default.removeItem(at: file) } else { try Self.flipBit(of: file) }
        }
        return files
    }

    // MARK: - Files

    /// The files of a folder whose path is `pattern`, `*` standing for any part of a name, in order.
    private static func files(_ pattern: String, in folder: URL) throws -> [URL] {
        let wanted = pattern.split(separator: "/").map(String.init)
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted().filter { path in
            let parts = path.split(separator: "/").map(String.init)
            return parts.count == wanted.count
                && zip(parts, wanted).allSatisfy { part, wanted in
                    guard let star = wanted.firstIndex(of: "*") else { return part == wanted }
                    return part.hasPrefix(wanted[..<star]) && part.hasSuffix(wanted[wanted.index(after: star)...])
                }
        }.map { folder.appending(path: $0) }
    }

    /// In the middle, in place: every name of the file sees it.
    private static func flipBit(of file: URL) throws {
        let handle = try FileHandle(forUpdating: file)
        let place = try handle.seekToEnd() / 2
        try handle.seek(toOffset: place)
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: place)
        try handle.write(contentsOf: [byte ^ 1])
        try handle.close()
    }

    /// With all links among the files.
    private static func copy(_ source: String, to target: String) throws -> String {
        try? FileManager.default.removeItem(atPath: target)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/cp")
        process.arguments = ["-a", source, target]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return target
    }

    /// What stands at both authorities' disks: digests by author and number.
    private static func entries(at network: InMemoryNetwork) throws -> [String: Set<Digest>] {
        var found: [String: Set<Digest>] = [:]
        for number in 1...2 {
            for entry in try network.boards(number).load("e1").entries {
                found["\(entry.content.author).\(entry.content.sequence)", default: []].insert(entry.digest)
            }
        }
        return found
    }
}

extension InMemoryNetwork {
    fileprivate func boards(_ number: Int) throws -> BoardFolder { BoardFolder(data: try data(number)) }
}
