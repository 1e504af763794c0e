// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Testing

@Suite("An operator's word in the database")
struct ConsentTests {
    let scratch: ScratchData
    let database: AuthorityDatabase

    init() throws {
        scratch = try ScratchData()
        database = try AuthorityDatabase(file: scratch.root.appending(path: "authority.sqlite"))
    }

    private func ask(_ proposal: String, attempt: Int = 0) throws -> Int64 {
        let asked = try database.askConsent(
            election: "e1", attempt: attempt, proposal: proposal, ballots: nil, at: "t0")
        return try #require(asked.number)
    }

    @Test("is asked for once for one request, and anew for another")
    func once() throws {
        let number = try ask("aa")
        #expect(try ask("aa") == number)
        #expect(try ask("bb") != number)
        #expect(try database.consents(of: "e1").map(\.state) == [.waiting, .waiting])
    }

    @Test("is seen by another process that has the database open")
    func shared() throws {
        let number = try ask("aa")
        let other = try AuthorityDatabase(file: scratch.root.appending(path: "authority.sqlite"))
        try other.decide(number, about: "aa", accepts: false, reason: "no", at: "t1")
        let record = try #require(try database.consent(to: "aa", attempt: 0, of: "e1"))
        #expect(record.state == .rejected && record.reason == "no" && record.decidedAt == "t1")
    }

    @Test("stands, and counts only for what was shown")
    func stands() throws {
        let number = try ask("aa")
        #expect(throws: ConsentError.changed(number)) {
            try database.decide(number, about: "bb", accepts: true, at: "t1")
        }
        #expect(try database.consent(number)?.state == .waiting)
        try database.decide(number, about: "aa", accepts: true, at: "t1")
        #expect(throws: ConsentError.decided(number, .accepted, at: "t1")) {
            try database.decide(number, about: "aa", accepts: false, at: "t2")
        }
        #expect(throws: ConsentError.unknown(99)) { try database.decide(99, about: "aa", accepts: true, at: "t2") }
    }

    @Test("is not needed any more for what failed")
    func over() throws {
        let (first, second) = (try ask("aa"), try ask("bb", attempt: 1))
        try database.closeConsents(of: "e1", attempt: 0, at: "t1")
        #expect(try database.consent(first)?.state == .over)
        #expect(try database.consent(second)?.state == .waiting)
        #expect(throws: ConsentError.decided(first, .over, at: "t1")) {
            try database.decide(first, about: "aa", accepts: true, at: "t2")
        }
    }

    @Test("about a key share is one client's, for one request, and counts once")
    func shares() throws {
        func asked(_ subject: ConsentRecord.Subject, by client: String) throws -> ConsentRecord {
            try database.shareConsent(to: subject, of: "e1", client: client, at: "t0")
        }
        let first = try asked(.deleteShare, by: "c1")
        #expect(try asked(.deleteShare, by: "c1") == first)
        let others = [try asked(.deleteShare, by: "c2"), try asked(.downloadShare, by: "c1")]
        #expect(Set(([first] + others).map(\.number)).count == 3)
        try database.decide(try #require(first.number), about: first.proposal, accepts: true, at: "t1")
        #expect(try asked(.deleteShare, by: "c1").state == .accepted)
        #expect(try asked(.deleteShare, by: "c2").state == .waiting)
        try database.useConsent(try #require(first.number))
        let next = try asked(.deleteShare, by: "c1")
        #expect(next.state == .waiting && next.number != first.number && next.proposal != first.proposal)
        // What an election or a tally no longer asks is another question.
        try database.closeConsents(of: "e1", at: "t2")
        #expect(try asked(.deleteShare, by: "c1") == next)
    }
}
