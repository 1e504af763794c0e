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

    // MARK: - Switching off and on

    /// An election of two authorities that were switched off in the middle of its tally.
    ///
    /// - Parameter actions: names of those that were next and not done; none lets the tally end.
    private func interrupted(before actions: Set<String>) async throws -> InMemoryNetwork {
        let network = try InMemoryNetwork(2)
        network.state.withLock { $0.held = actions }
        try await network.running {
            let first = try network.authority(1)
            _ = try await first.createElection(try network.election, from: Self.client)
            guard case .created(_, let sessions)? = try await network.callback() else {
                Issue.record("there is no key")
                return
            }
            let votes = try ballots(for: sessions[0].key, count: 3)
            network.state.withLock { $0.votes = ["https://a1.example:8000/votes": votes] }
            let request: JSONValue = [
                "election_id": "e1", "callback_url": "https://a1.example:8000/done",
                "votes_url": "https://a1.example:8000/votes",
                "votes_hash": .string(DigestURI.text(of: Digest(of: votes).bytes)),
            ]
            _ = try await first.tally(request.compactBytes, from: Self.client)
            if actions.isEmpty {
                guard case .tallied? = try await network.callback() else {
                    Issue.record("there is no tally")
                    return
                }
            }
            let expected = Set(actions.flatMap { ["1 \($0)", "2 \($0)"] })
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

    private func restarted(_ network: InMemoryNetwork, _ body: @escaping @Sendable () async throws -> Void) async throws
    {
        for number in 1...2 { try network.start(number) }
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
