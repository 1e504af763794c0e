// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Liars
import Orchestration
import Synchronization
import Testing

func withKillable(
    _ names: [String] = ["a.test", "b.test"], lies: [String: Lie] = [:], _ body: (KillableElection) async throws -> Void
) async throws {
    let scratch = try ScratchFolder()
    var authorities: [AuthorityProcess] = []
    for name in names { authorities.append(try await AuthorityProcess(name, in: scratch, lie: lies[name])) }
    for authority in authorities {
        try await authority.install(authorities)
        try FileManager.default.copyItem(atPath: authority.home + "/data", toPath: authority.home + "/data.made")
    }
    do {
        try await body(KillableElection(authorities: authorities))
    } catch {
        for authority in authorities { Issue.record("\(authority.hostName):\n\(authority.told)") }
        for authority in authorities { await authority.kill() }
        throw error
    }
    for authority in authorities { _ = await authority.stop() }
}

/// Whole elections between authorities that are killed meanwhile and started again, as systemd does.
struct KillableElection {
    let authorities: [AuthorityProcess]

    /// Ends the servers and brings their data back to what `eorchestra init` had made.
    func forget() async throws {
        for authority in authorities {
            _ = await authority.stop()
            try FileManager.default.removeItem(atPath: authority.home + "/data")
            try FileManager.default.copyItem(atPath: authority.home + "/data.made", toPath: authority.home + "/data")
        }
    }

    /// Holds an election, from its creation to the comparison of plaintexts, in which some are killed and started again.
    ///
    /// - Parameter plans: for each victim in the place of which durable step it is killed; then where in its next life, and so on.
    /// - Returns: how often somebody was killed.
    @discardableResult
    func hold(killing plans: [Int: [Death]]) async throws -> Int {
        var launched: [RunnableProcess] = []
        for (number, authority) in authorities.enumerated() {
            _ = await authority.stop()
            launched.append(
                try authority.launch(environment: try StepFaults.killing(at: plans[number]?.first, authority)))
        }
        for (authority, server) in zip(authorities, launched) { try await authority.awaitListening(server) }
        let course = Course()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (victim, plan) in plans {
                group.addTask {
                    var later = plan.dropFirst()
                    let authority = authorities[victim]
                    while let status = await authority.ended(), !course.isOver.withLock({ $0 }) {
                        try #require(
                            status == -SIGKILL, "\(authority.hostName) ended with \(status): \(authority.told)")
                        course.kills.withLock { $0 += 1 }
                        // What others hold of it now has to stay as it is.
                        let seen = try entries(at: authorities.indices.filter { $0 != victim })
                        course.seen.withLock { $0.merge(seen) { old, _ in old } }
                        let faults = try StepFaults.killing(at: later.popFirst(), authority)
                        try await authority.awaitListening(try authority.launch(environment: faults))
                    }
                }
            }
            let result: Result<Void, any Error>
            do { result = .success(try await hold()) } catch { result = .failure(error) }
            course.isOver.withLock { $0 = true }
            for authority in authorities { _ = await authority.stop() }
            try await group.waitForAll()
            try result.get()
        }
        // One may have been started again just then.
        for authority in authorities { _ = await authority.stop() }
        // Throws where two authorities hold different entries in one place.
        let after = try entries(at: Array(authorities.indices))
        for (place, digest) in course.seen.withLock({ $0 }) {
            #expect(
                after[place] == digest, "killed at \(plans): entry \(place) is another one than others had seen")
        }
        return course.kills.withLock { $0 }
    }

    /// What the watchers of one election share.
    private final class Course: Sendable {
        /// Entries that others held when somebody was killed.
        let seen = Mutex<[String: String]>([:])
        let kills = Mutex(0)
        let isOver = Mutex(false)
    }

    /// An election from its creation to the comparison of plaintexts. Whoever asks asks again where an authority is just away.
    func hold() async throws {
        let created = try await insist(["create", "--group", "ffdhe2048", "--json"])
        let report = try JSONSerialization.jsonObject(with: Data(created.output.utf8)) as? [String: Any]
        let election = "\(try #require(report?["election_id"] as? Int, "\(created.output)"))"
        for arguments in [
            ["encrypt", election, "--vmnd", "--vcount", "3"], ["tally", election], ["verify", election],
        ] {
            _ = try await insist(arguments)
        }
        let tallies = try authorities.map {
            try Data(contentsOf: URL(filePath: try #require(try $0.tallies()[election])))
        }
        #expect(Set(tallies).count == 1)
    }

    private func insist(_ arguments: [String]) async throws -> BuiltTool.Ended {
        var said: [String] = []
        let deadline = ContinuousClock.now + .seconds(240)
        while ContinuousClock.now < deadline {
            let ended = try await authorities[0].tool("eotest").run(arguments + ["--timeout", "240"])
            if ended.status == 0 { return ended }
            said.append(ended.errors)
            try await Task.sleep(for: .seconds(1))
        }
        Issue.record("eotest \(arguments): \(said.last ?? "")")
        throw CancellationError()
    }

    /// The digest of every entry, by election, author and number.
    private func entries(at numbers: [Int]) throws -> [String: String] {
        var found: [String: String] = [:]
        for number in numbers {
            let data = "\(authorities[number].home)/data"
            let desk = try OperatorDesk(dataPath: data)
            for election in try FileManager.default.contentsOfDirectory(atPath: data + "/private") {
                for entry in try desk.timeline(of: election)?.board.entries ?? [] {
                    let place = "\(election) \(entry.content.author).\(entry.content.sequence)"
                    let digest = found.updateValue(entry.digest.hex, forKey: place)
                    #expect(digest == nil || digest == entry.digest.hex, "entry \(place) stands in two versions")
                }
            }
        }
        return found
    }
}
