// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost

/// What an election took at one authority.
package struct AuthorityCosts: Sendable, Equatable {
    package let authority: String
    package let costs: ElectionCosts

    package init(authority: String, costs: ElectionCosts) {
        self.authority = authority
        self.costs = costs
    }

    /// One phase with all its questions, peers and tries together: times summed up, memory the most of all.
    package var phases: [(name: String, use: MeasuredUse)] {
        var totals: [String: MeasuredUse] = [:]
        for phase in costs.phases {
            var use = totals[phase.phase] ?? MeasuredUse(seconds: 0, cpuSeconds: 0, peakBytes: 0)
            use.seconds += phase.use.seconds
            use.cpuSeconds += phase.use.cpuSeconds
            use.peakBytes = max(use.peakBytes, phase.use.peakBytes)
            totals[phase.phase] = use
        }
        return PhaseOrder.sorted(totals.keys).map {
            ($0, totals[$0] ?? MeasuredUse(seconds: 0, cpuSeconds: 0, peakBytes: 0))
        }
    }

    /// Of all phases, waiting included.
    package var total: MeasuredUse {
        phases.reduce(into: MeasuredUse(seconds: 0, cpuSeconds: 0, peakBytes: 0)) { total, phase in
            total.seconds += phase.use.seconds
            total.cpuSeconds += phase.use.cpuSeconds
            total.peakBytes = max(total.peakBytes, phase.use.peakBytes)
        }
    }
}

/// The order in which phases are shown: that of an election.
enum PhaseOrder {
    private static let known = [
        "countersign", "hash-keys", "open-keys", "deal-shares", "compute-keys", "publish-keys", "review-ballots",
        "commit-permutation", "verify-permutation", "shuffle", "verify-shuffle", "confirm-shuffles", "decrypt",
        "verify-decryption", "build-tally", "publish-tally", PhaseRecord.waiting,
    ]

    /// Phases that another version has stand behind those that are known here.
    static func sorted(_ names: some Sequence<String>) -> [String] {
        names.sorted { one, other in
            let (a, b) = (known.firstIndex(of: one) ?? known.count, known.firstIndex(of: other) ?? known.count)
            return a == b ? one < other : a < b
        }
    }
}

extension AuthorityCosts: Encodable {
    private struct Phase: Encodable {
        let phase: String
        let seconds: Double
        let cpu_seconds: Double
        let peak_memory_bytes: Int
    }

    private enum CodingKeys: String, CodingKey {
        case authority, processor, cores, kernel, system, arithmetic, software, phases
        case memory = "memory_bytes"
        case disk = "disk_bytes"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(authority, forKey: .authority)
        try members.encode(costs.host.processor, forKey: .processor)
        try members.encode(costs.host.coreCount, forKey: .cores)
        try members.encode(costs.host.memoryBytes, forKey: .memory)
        try members.encode(costs.host.kernel, forKey: .kernel)
        try members.encode(costs.host.system, forKey: .system)
        try members.encode(costs.host.arithmetic, forKey: .arithmetic)
        try members.encode(costs.host.software, forKey: .software)
        try members.encode(costs.diskBytes, forKey: .disk)
        let all = phases.map { phase in
            Phase(
                phase: phase.name, seconds: thousandths(phase.use.seconds),
                cpu_seconds: thousandths(phase.use.cpuSeconds),
                peak_memory_bytes: phase.use.peakBytes)
        }
        try members.encode(all, forKey: .phases)
    }
}

func thousandths(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }
