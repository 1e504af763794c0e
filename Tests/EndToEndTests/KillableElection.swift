// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Orchestration
import Synchronization
import Testing

func withKillable(
    _ names: [String] = ["a.test", "b.test"], _ body: (KillableElection) async throws -> Void
) async throws {
    let scratch = try ScratchFolder()
    var authorities: [AuthorityProcess] = []
    for name in names { authorities.append(try await AuthorityProcess(name, in: scratch)) }
    for authority in authorities { try await authority.install(authorities) }
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

    /// As ``hold(killing:at:again:)``, once for each victim.
    ///
    /// - Returns: whether every victim came to that step.
    func hold(killing victims: Set<Int>, at step: Int) async throws -> Bool {
        try await hold(killing: victims, at: step, again: { nil }) == victims.count
    }

    /// Holds an election, from its creation to the comparison of plaintexts, in which each of `victims` is killed in the place of its
    /// durable step number `step` after its start, started again, and perhaps killed again.
    ///
    /// - Parameter again: at which step a victim that was killed is killed next; nil leaves it alone.
    /// - Returns: how often somebody was killed.
    func hold(killing victims: Set<Int>, at step: Int, again: () -> Int?) async throws -> Int {
        for (number, authority) in authorities.enumerated() {
            _ = await authority.stop()
            let faults = victims.contains(number) ? StepFaults.killing(at: step, authority) : [:]
            try await authority.awaitListening(try authority.launch(environment: faults))
        }
        let course = Course()
        var plans: [Int: [Int]] = [:]
        for victim in victims { plans[victim] = (0..<4).compactMap { _ in again() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (victim, plan) in plans {
                group.addTask { [plan] in
                    var plan = plan[...]
                    let authority = authorities[victim]
                    while let status = await authority.ended(), !course.isOver.withLock({ $0 }) {
                        try #require(
                            status == -SIGKILL, "\(authority.hostName) ended with \(status): \(authority.told)")
                        course.kills.withLock { $0 += 1 }
                        // What others hold of it now has to stay as it is.
                        let seen = try entries(at: authorities.indices.filter { $0 != victim })
                        course.seen.withLock { $0.merge(seen) { old, _ in old } }
                        let faults = plan.popFirst().map { StepFaults.killing(at: $0, authority) } ?? [:]
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
                after[place] == digest, "killed at step \(step): entry \(place) is another one than others had seen")
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
        for _ in 0..<40 {
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
