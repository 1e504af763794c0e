// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import HostTestSupport
import Orchestration
import Testing

@Suite("Ballots that authorities do not take")
struct SimulatedBallotTests {
    @Test("fewer than one authority's minimum end the tally, and each question has a key of its own")
    func minimum() throws {
        let election = try SimulatedElection(authorities: 2, questions: 2)
        election.members[1].performer = Performer(minimumBallots: 4)
        try election.propose()
        try election.run()
        let sessions = try #require(election.members[0].board).offer.sessions
        let keys = try sessions.map { try election.published("\($0.id)/publicKey_json", by: 1) }
        #expect(Set(keys).count == 2)
        try election.tally([1, 0, 1])
        try election.run()
        #expect(election.failure?.check == "ballots.minimum")
        #expect(election.failure?.message == "3 valid ballots are fewer than MINIMUM_BALLOTS, 4")
        try election.tally([1, 0, 1, 0])
        try election.run()
        #expect(election.failure == nil)
    }

    @Test("without bound proofs, where the election requires them, end the tally with their line")
    func unbound() throws {
        let election = try SimulatedElection(authorities: 2)
        election.requiresBoundProofs = true
        try election.propose()
        try election.run()
        #expect(election.failure == nil)
        try election.tally([1, 0, 1])
        try election.run()
        #expect(election.failure?.check == "ballots.line")
        #expect(election.failure?.index == 1)
        #expect(election.failure?.message.contains("\"bound\"") == true)
    }
}
