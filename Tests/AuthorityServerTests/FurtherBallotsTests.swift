// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import GroupArithmetic
import HostTestSupport
import Orchestration
import Testing

@Suite("A tally of further ballots")
struct FurtherBallotsTests {
    /// An election of which some ballots are decrypted, and their votes file.
    private func decrypted(keepingShares keepers: Set<Int>) throws -> (SimulatedElection, [UInt8]) {
        let election = try SimulatedElection(authorities: 2)
        for author in keepers { election.members[author - 1].performer = Performer(keepsShares: true) }
        try election.propose()
        try election.run()
        let file = try election.ballots(for: [0, 2, 4])
        try election.tally(file: file)
        try election.run()
        #expect(election.failure == nil && election.members[1].board?.isPublished(attempt: 1) == true)
        return (election, file)
    }

    /// The operators say yes to the latest tally, one after the other.
    private func accept(_ election: SimulatedElection, by authors: [Int] = [1, 2]) throws {
        for author in authors {
            let board = try #require(election.members[author - 1].board)
            let plan = nextActions(on: board, as: author, knowing: election.members[author - 1].facts)
            #expect(plan.awaited == [.consent(attempt: board.attempt)] && plan.actions.isEmpty)
            let proposal = try #require(board.proposal(attempt: board.attempt))
            election.members[author - 1].facts.consent.accepted.insert(proposal.digest)
        }
        try election.run()
    }

    @Test("is made with the kept shares once both operators have said so themselves, and lies beside the first")
    func further() async throws {
        let (election, file) = try decrypted(keepingShares: [1, 2])
        let first = try election.published("tally.tar.gz", by: 1)
        try election.tally(file: election.ballots(for: [6, 8], voters: "late"))
        try election.run()
        try accept(election, by: [1])
        #expect(election.members[0].board?.entry(.verified, attempt: 2, session: 0, by: 1) == nil)
        try accept(election, by: [2])
        #expect(election.failure == nil)
        #expect(try election.published("tally.tar.gz", by: 1) == first)
        for author in 1...2 {
            let archive = try election.published("tally-2/tally.tar.gz", by: author)
            #expect(try archive == election.published("tally-2/tally.tar.gz", by: 1))
        }
        #expect(try election.plaintexts(0) == ["1", "3", "5"])
        #expect(try election.plaintexts(0, in: "tally-2/tally.tar.gz") == ["7", "9"])
        let path = election.members[0].data.publicFolder.appending(path: "e1/tally-2/tally.tar.gz").path
        #expect(try await BuiltTool("eoverify").run([path]).status == 0)

        // One old ballot among new ones would show a vote; it is found wherever it stands.
        let end = try #require(file.firstIndex(of: UInt8(ascii: "\n")))
        try election.tally(file: election.ballots(for: [1, 3], voters: "w") + file[...end])
        try accept(election)
        #expect(election.failure?.check == "ballots.repeated" && election.failure?.index == 3)
        #expect(election.failure?.message == "line 3: a ballot of tally 1, which was decrypted, stands there again")
        #expect(election.members.allSatisfy { $0.board?.wasDecrypted(attempt: 3) == false })
        // The first votes themselves are no other ballots.
        #expect(election.members[0].board?.publishedAttempt(of: Digest(of: file)) == 1)
    }

    @Test("ends before anything is mixed where an authority wiped its share, and names it")
    func wiped() throws {
        let (election, _) = try decrypted(keepingShares: [1])
        try election.tally(file: election.ballots(for: [6, 8], voters: "late"))
        try accept(election)
        #expect(election.failure?.check == "share.wiped" && election.failure?.accused == 2)
        #expect(
            election.members[0].board?.entries.contains { $0.content.attempt == 2 && $0.content.kind == .shuffle }
                == false)
    }

    @Test("cannot take a tally back that is published, with one word of one authority")
    func published() throws {
        let (election, _) = try decrypted(keepingShares: [])
        let failure = Failure(check: "mix", message: "never mind").payload
        try election.say(.failure, attempt: 1, by: 2, payload: failure)
        #expect(election.members.allSatisfy { $0.board?.isPublished(attempt: 1) == true })
    }
}
