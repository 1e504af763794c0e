// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import HostTestSupport
import Orchestration
import Testing

/// Servers die by kill -9 in the place of a system call, and are started again, while a whole election goes on.
@Suite("Killed in the place of a durable step", .serialized, .timeLimit(.minutes(600)))
struct KilledAtStepsTests {
    @Test("every durable step of a whole election is one of those that are documented")
    func list() async throws {
        try await withKillable { election in
            let (a, b) = (election.authorities[0], election.authorities[1])
            let lists = [a, b].map { $0.home + "/steps" }
            for (authority, list) in zip([a, b], lists) {
                try await authority.awaitListening(
                    try authority.launch(environment: StepFaults.counting(into: list, at: authority)))
            }
            try await election.hold()
            for (authority, list) in zip([a, b], lists) {
                _ = await authority.stop()
                let steps = try DurableStep.read(list, below: authority.home)
                #expect(steps.count > 200)
                let documented = try Self.documentedKinds()
                for step in steps where step.kind.map({ !documented.contains($0) }) ?? true {
                    Issue.record("\(authority.hostName): \(step.call) \(step.path) is not among \(documented)")
                }
                #expect(
                    Set(steps.compactMap(\.kind)).isSuperset(of: documented.subtracting(["log", "evidence"])),
                    "\(authority.hostName)")
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
                let isKilled = try await election.hold(killing: victims, at: step)
                #expect(isKilled, "nobody came to step \(step)")
            }
        }
    }

    @Test("each of two authorities, and both, at every single step", .enabled(if: isLong))
    func everywhere() async throws {
        for victims in [Set([0]), [1], [0, 1]] {
            var (step, unreached) = (1, 0)
            while unreached < 5 {
                // New ones now and then, so that starting does not come to take longer and longer.
                try await withKillable { election in
                    for _ in 0..<40 where unreached < 5 {
                        let isKilled = try await election.hold(killing: victims, at: step)
                        print("killed \(victims.sorted()) at step \(step): \(isKilled)")
                        unreached = isKilled ? 0 : unreached + 1
                        step += 1
                    }
                }
            }
            #expect(step > 300, "\(victims.sorted())")
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
                    kills += try await election.hold(killing: victims, at: 1 + draw(60), again: { 1 + draw(200) })
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
