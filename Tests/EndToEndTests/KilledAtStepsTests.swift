// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Orchestration
import Testing

/// Servers die by kill -9 in the place of a system call, and are started again, while a whole election goes on.
@Suite("Killed in the place of a durable step", .serialized, .timeLimit(.minutes(900)))
struct KilledAtStepsTests {
    @Test("every durable step of a whole election is one of those that are documented, and outlasts a power cut")
    func list() async throws {
        try await withKillable { election in
            for (authority, steps) in zip(election.authorities, try await election.steps(of: election.authorities)) {
                #expect(steps.count > 200)
                let documented = try Self.documentedKinds()
                for step in steps where step.kind.map({ !documented.contains($0) }) ?? true {
                    Issue.record("\(authority.hostName): \(step.call) \(step.path) is not among \(documented)")
                }
                #expect(
                    Set(steps.compactMap(\.kind)).isSuperset(of: documented.subtracting(["log", "evidence"])),
                    "\(authority.hostName)")
                #expect(steps.unsynced == [], "\(authority.hostName)")
            }
        }
    }

    @Test(
        "one of two authorities, or both, at steps of every phase: the tally holds what was encrypted, and nobody said anything twice"
    )
    func spread() async throws {
        try await withKillable { election in
            let points: [(Set<Int>, Int)] = [([1], 97), ([0, 1], 205), ([0], 400)]
            for (victims, step) in points {
                let kills = try await election.hold(killing: victims.plans { [.step(step)] })
                #expect(kills == victims.count, "somebody did not come to step \(step)")
            }
        }
    }

    @Test(
        "each of two authorities, and both, at one step after the other", .enabled(if: isLong), arguments: Kills.wanted)
    func everywhere(_ kills: Kills) async throws {
        var (step, unreached) = (kills.steps.lowerBound, 0)
        while unreached < 5, kills.steps.contains(step) {
            // New ones now and then, so that starting does not come to take longer and longer.
            try await withKillable { election in
                for _ in 0..<20 where unreached < 5 && kills.steps.contains(step) {
                    let count = try await election.hold(killing: kills.victims.plans { [.step(step)] })
                    print("\(kills): killed \(count) at step \(step)")
                    unreached = count == kills.victims.count ? 0 : unreached + 1
                    step += 1
                }
            }
        }
        #expect(step > min(300, kills.steps.upperBound))
    }

    @Test(
        "each of two authorities, and both, many times in one election, until no step is left at which nobody was killed",
        .enabled(if: isLong), arguments: Kills.wanted)
    func often(_ kills: Kills) async throws {
        try await withKillable { election in
            let victims = kills.victims.sorted()
            let listed = victims.map { election.authorities[$0] }
            let once = try await election.steps(of: listed)
            try await election.forget()
            let again = try await election.steps(of: listed)
            var open: [Int: OpenSteps] = [:]
            for (index, victim) in victims.enumerated() {
                open[victim] = OpenSteps(once[index].map(\.place), commonTo: again[index].map(\.place))
                #expect(open[victim]?.left.count ?? 0 > 300)
            }
            var round = 0
            while round < 60, open.values.contains(where: { !$0.left.isEmpty }) {
                round += 1
                // Every election begins alike: all those steps are to come.
                try await election.forget()
                var plans: [Int: [Death]] = [:]
                for victim in victims { plans[victim] = open[victim]?.plan(of: 20) }
                let count = try await election.hold(killing: plans)
                for victim in victims {
                    let list = StepFaults.deaths(of: election.authorities[victim])
                    let deaths = try? DurableStep.read(list, below: election.authorities[victim].home)
                    for death in deaths ?? [] { open[victim]?.close(death.place) }
                    try? FileManager.default.removeItem(atPath: list)
                }
                print("\(kills) in election \(round): \(count) killed, steps left: \(open.mapValues(\.left.count))")
            }
            for victim in victims { #expect(open[victim]?.left == []) }
        }
    }

    @Test("a hundred times, whoever and wherever it be", .enabled(if: isLong))
    func random() async throws {
        let seed = ProcessInfo.processInfo.environment["EO_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...9999)
        print("EO_TEST_SEED=\(seed)")
        var state = seed
        let draw = { (count: UInt64) -> Int in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % count)
        }
        var kills = 0
        while kills < 100 {
            try await withKillable(["a.test", "b.test", "c.test"]) { election in
                for _ in 0..<10 {
                    let victims = Set((0...draw(3)).map { _ in draw(3) })
                    kills += try await election.hold(
                        killing: victims.plans { [.step(1 + draw(60))] + (0..<4).map { _ in .step(1 + draw(200)) } })
                    print("\(kills) kills")
                }
            }
        }
    }

    private static func documentedKinds() throws -> Set<String> {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/durable-steps.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
        return Set(rows.map { $0.split(separator: "|")[0].trimmingCharacters(in: .whitespaces) })
    }
}

/// Whom a test kills, and at which steps: one part of all that there is to do in each of several runs.
struct Kills: CustomStringConvertible {
    let victims: Set<Int>
    let steps: ClosedRange<Int>

    var description: String { zip(0..., ["a", "b"]).filter { victims.contains($0.0) }.map(\.1).joined() }

    /// As EO_VICTIMS (a, b or ab) and EO_STEPS (FROM-TO) say; without them everybody at every step.
    static var wanted: [Kills] {
        let environment = ProcessInfo.processInfo.environment
        let bounds = (environment["EO_STEPS"] ?? "").split(separator: "-").compactMap { Int($0) }
        let steps = bounds.count == 2 ? bounds[0]...bounds[1] : 1...10_000
        let all = [Set([0]), [1], [0, 1]].map { Kills(victims: $0, steps: steps) }
        let wanted = all.filter { $0.description == environment["EO_VICTIMS"] ?? $0.description }
        precondition(!wanted.isEmpty, "EO_VICTIMS is a, b or ab")
        return wanted
    }
}

extension Set<Int> {
    /// What is planned for each of these authorities.
    fileprivate func plans(_ plan: () -> [Death]) -> [Int: [Death]] {
        Dictionary(uniqueKeysWithValues: sorted().map { ($0, plan()) })
    }
}

/// The steps of an election at which nobody was killed yet.
private struct OpenSteps {
    /// Of all steps, in their order.
    private let places: [String]
    private var open: Set<Int>
    private var planned: [Int] = []

    var left: [String] { open.sorted().map { places[$0] } }

    /// - Parameter other: those of another election: a step that only one of the two took may never come again.
    init(_ places: [String], commonTo other: [String]) {
        var counts = Dictionary(grouping: other) { $0 }.mapValues(\.count)
        self.places = places
        open = []
        for (step, place) in places.enumerated() where counts[place, default: 0] > 0 {
            counts[place]? -= 1
            open.insert(step)
        }
    }

    /// Deaths at some of them, one after the other in one election.
    mutating func plan(of count: Int) -> [Death] {
        planned = open.shuffled().prefix(count).sorted()
        return planned.indices.map { index in
            // What came before the last death is on the disk, and is not done again. Threads take turns: what is next may have been
            // before it, and does not keep those that follow from their turn.
            let first = index == 0 ? 0 : planned[index - 1] + 1
            return .firstOf(
                planned[index...].map { step in
                    Death.Place(number: places[first...step].count { $0 == places[step] }, name: places[step])
                })
        }
    }

    /// A planned death came about.
    mutating func close(_ place: String) {
        guard let found = planned.firstIndex(where: { places[$0] == place }) else { return }
        open.remove(planned.remove(at: found))
    }
}

extension KillableElection {
    /// All that each does in an election in which nobody is killed.
    fileprivate func steps(of listed: [AuthorityProcess]) async throws -> [[DurableStep]] {
        let list = { (authority: AuthorityProcess) in authority.home + "/steps" }
        for authority in authorities {
            try? FileManager.default.removeItem(atPath: list(authority))
            try await authority.awaitListening(
                try authority.launch(environment: StepFaults.counting(into: list(authority), at: authority)))
        }
        try await hold()
        for authority in authorities { _ = await authority.stop() }
        return try listed.map { try DurableStep.read(list($0), below: $0.home) }
    }
}
