// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Liars
import Testing

/// The durable steps that no honest election takes: an authority keeps what a liar signed, and is killed meanwhile.
@Suite("Killed while evidence is kept", .serialized, .timeLimit(.minutes(10)))
struct KilledWithEvidenceTests {
    @Test(
        "in the place of each of those steps nothing wrong is published; behind them the liar is named and the evidence stands"
    )
    func everyStep() async throws {
        try await withKillable(lies: ["b.test": .twoVersions]) { election in
            let unkilled = try await outcome(of: election, killing: nil)
            let steps = try DurableStep.read(election.list, below: election.honest.home)
            let evidence = steps.indices.filter { steps[$0].kind == "evidence" }
            try #require(evidence.count >= 2 && unkilled == .named, "\(steps)")
            for step in evidence {
                try await election.forget()
                let ended = try await outcome(of: election, killing: .init(number: 1, name: steps[step].place))
                // The liar's other version may not come a second time.
                #expect([.named, .tally].contains(ended), "killed at \(steps[step].place)")
            }
            let behind = try #require(evidence.last) + 1
            let place = steps[behind].place
            try await election.forget()
            let ended = try await outcome(
                of: election, killing: .init(number: steps[...behind].count { $0.place == place }, name: place))
            #expect(ended == .named, "killed at \(place)")
        }
    }

    private enum Outcome { case tally, named, other }

    /// - Parameter place: where the honest one is killed; nil: it lists its steps.
    private func outcome(of election: KillableElection, killing place: Death.Place?) async throws -> Outcome {
        let (honest, liar) = (election.honest, election.authorities[1])
        for file in [election.list, StepFaults.deaths(of: honest)] { try? FileManager.default.removeItem(atPath: file) }
        let faults =
            try place.map { try StepFaults.killing(at: .firstOf([$0]), honest) }
            ?? StepFaults.counting(into: election.list, at: honest)
        try await honest.awaitListening(honest.launch(environment: faults))
        try await liar.awaitListening(liar.launch())
        let killing = Task {
            guard await honest.ended() == -SIGKILL else { return false }
            try await honest.awaitListening(honest.launch())
            return true
        }
        let rehearsal = try await honest.tool("eotest").run(
            ["full", "--vmnd", "--vcount", "3", "--group", "ffdhe2048", "--timeout", "240"])
        let proven = try await isProven(at: honest)
        for authority in election.authorities { _ = await authority.stop() }
        #expect(try await killing.value == (place != nil), "\(place as Any): \(rehearsal.errors)")
        let isPublished = try !honest.tallies().isEmpty
        if rehearsal.status == 0, isPublished { return .tally }
        let isNamed = rehearsal.errors.contains("check board.equivocation by b.test")
        #expect(isNamed && proven && !isPublished, "\(rehearsal.errors)\n\(honest.told)")
        return isNamed && proven && !isPublished ? .named : .other
    }

    private func isProven(at authority: AuthorityProcess) async throws -> Bool {
        let file = authority.home + "/evidence.tar.gz"
        try? FileManager.default.removeItem(atPath: file)
        let election = try #require(
            FileManager.default.contentsOfDirectory(atPath: authority.home + "/data/private").first)
        let written = try await authority.tool("eotasks").run(["--evidence", election, "--to", file])
        guard written.status == 0 else { return false }
        return try await BuiltTool("eoverify").run(["--evidence", file]).status == 0
    }
}

extension KillableElection {
    fileprivate var honest: AuthorityProcess { authorities[0] }
    fileprivate var list: String { honest.home + "/steps" }
}
