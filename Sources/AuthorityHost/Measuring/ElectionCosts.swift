// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// One phase of an election at one authority, and what it took there.
package struct PhaseRecord: Sendable, Equatable {
    /// The name of the step in the log, or ``waiting``.
    package let phase: String
    /// 0 for the making of keys, then the tallies.
    package let attempt: Int
    /// The index of the question, for what concerns one.
    package let question: Int?
    /// Whose work was checked.
    package let peer: String?
    /// UTC, as in the log.
    package let endedAt: String
    package let use: MeasuredUse

    /// Between two steps of one attempt: others are awaited, and what comes is checked while it comes.
    package static let waiting = "waiting"

    package init(phase: String, attempt: Int, question: Int?, peer: String?, endedAt: String, use: MeasuredUse) {
        self.phase = phase
        self.attempt = attempt
        self.question = question
        self.peer = peer
        self.endedAt = endedAt
        self.use = use
    }

    package var json: JSONValue {
        [
            "phase": .string(phase), "attempt": .integer(attempt), "question": question.map { .integer($0) } ?? .null,
            "peer": peer.map { .string($0) } ?? .null, "ended_at": .string(endedAt),
            "milliseconds": .integer(Int((use.seconds * 1000).rounded())),
            "cpu_milliseconds": .integer(Int((use.cpuSeconds * 1000).rounded())), "peak_bytes": .integer(use.peakBytes),
        ]
    }

    package init(_ field: JSONField) throws(JSONShapeError) {
        func seconds(_ key: String) throws(JSONShapeError) -> Double {
            Double(try field.member(key).integer(in: 0...1 << 50)) / 1000
        }
        self.init(
            phase: try field.member("phase").string(maximum: 100),
            attempt: try field.member("attempt").integer(in: 0...1_000_000),
            question: try field.optional("question")?.integer(in: 0...1000),
            peer: try field.optional("peer")?.string(maximum: 253),
            endedAt: try field.member("ended_at").string(maximum: 40),
            use: MeasuredUse(
                seconds: try seconds("milliseconds"), cpuSeconds: try seconds("cpu_milliseconds"),
                peakBytes: try field.member("peak_bytes").integer(in: 0...1 << 60)))
    }
}

/// What an election took at one authority so far.
package struct ElectionCosts: Sendable, Equatable {
    package let host: HostFacts
    /// In the order in which they ended; the first of very many.
    package let phases: [PhaseRecord]
    /// What the election's files take of the disk now.
    package let diskBytes: Int

    /// More phases than this are not told.
    package static let phaseLimit = 4000

    package init(host: HostFacts, phases: [PhaseRecord], diskBytes: Int) {
        self.host = host
        self.phases = phases
        self.diskBytes = diskBytes
    }

    package var json: JSONValue {
        ["host": host.json, "phases": .array(phases.map(\.json)), "disk_bytes": .integer(diskBytes)]
    }

    /// Reads what another authority says.
    package init(_ json: JSONValue) throws(JSONShapeError) {
        let field = JSONField(json, name: "the costs of the election")
        var phases: [PhaseRecord] = []
        for element in try field.member("phases").elements(0...Self.phaseLimit) {
            phases.append(try PhaseRecord(element))
        }
        self.init(
            host: try HostFacts(field.member("host")), phases: phases,
            diskBytes: try field.member("disk_bytes").integer(in: 0...1 << 60))
    }
}
