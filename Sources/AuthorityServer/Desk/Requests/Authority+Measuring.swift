// SPDX-License-Identifier: Apache-2.0

package import AuthorityHost
import AuthorityStore
import Foundation
import GroupArithmetic
import Logging
package import Orchestration
import StrictJSON

/// What this authority has measured of its elections since it started: where each rests.
struct Measuring {
    /// CPU time of all steps so far, whatever their election, in seconds.
    var cpuOfSteps = 0.0
    /// When the last step of each election ended.
    var rests: [String: Rest] = [:]

    struct Rest {
        let attempt: Int
        let time: ContinuousClock.Instant
        let cpu: Double
        let cpuOfSteps: Double
        let bytes: Int
    }
}

extension Authority {
    /// Writes down what passed since the election's last step, if that was one of the same attempt.
    func measureRest(before action: Action, of election: String) {
        guard let rest = measuring.rests.removeValue(forKey: election), rest.attempt == action.attempt else { return }
        // What other elections' steps took meanwhile is not this one's.
        let cpu = ProcessUse.cpuSeconds - rest.cpu - (measuring.cpuOfSteps - rest.cpuOfSteps)
        let use = MeasuredUse(
            seconds: (clock.now - rest.time) / .seconds(1), cpuSeconds: max(0, cpu),
            peakBytes: max(rest.bytes, ProcessUse.anonymousBytes))
        guard use.seconds >= 0.001 else { return }
        keep(PhaseRecord.waiting, action.attempt, question: nil, peer: nil, use, of: election)
    }

    func measured(_ use: MeasuredUse, of action: Action, in election: String) {
        measuring.cpuOfSteps += use.cpuSeconds
        let peer = action.author.flatMap { elections[election]?.board.name(of: $0) }
        keep(action.name, action.attempt, question: action.session, peer: peer, use, of: election)
        measuring.rests[election] = Measuring.Rest(
            attempt: action.attempt, time: clock.now, cpu: ProcessUse.cpuSeconds, cpuOfSteps: measuring.cpuOfSteps,
            bytes: ProcessUse.anonymousBytes)
    }

    private func keep(
        _ phase: String, _ attempt: Int, question: Int?, peer: String?, _ use: MeasuredUse, of election: String
    ) {
        let record = PhaseRecord(
            phase: phase, attempt: attempt, question: question, peer: peer, endedAt: LogInstant(Date()).timestamp,
            use: use)
        do {
            try elections[election]?.storage.notePhase(record.json.compact)
        } catch {
            log(election).warning("cannot keep what a phase took: \(error)")
        }
    }

    /// What an election took here, for its creator and its authorities.
    package func costs(of election: String, for certificate: Digest) async throws -> ElectionCosts {
        guard let live = elections[election] else { throw RequestRefusal.unknownElection(election) }
        guard electionsShared(with: certificate).contains(election) else { throw RequestRefusal.notAParty(election) }
        let host = HostFacts.own(arithmetic: Kernel.chosen.rawValue, software: settings.version)
        return try await digesting.run { [storage = live.storage] in
            let phases = try storage.phases(atMost: ElectionCosts.phaseLimit).compactMap { line in
                (try? JSONValue(parsing: line)).flatMap { try? PhaseRecord(JSONField($0, name: "a phase")) }
            }
            return ElectionCosts(
                host: host, phases: phases, diskBytes: DiskUse.byteCount(of: storage.folders.map(\.path)))
        }
    }
}
