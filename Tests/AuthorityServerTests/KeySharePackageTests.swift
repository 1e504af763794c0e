// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import GroupArithmetic
import Orchestration
import Testing

@testable import AuthorityServer

@Suite("A key share as it leaves an authority")
struct KeySharePackageTests {
    @Test(
        "is of one election and one authority, and neither what it says it is, nor its key, nor what was dealt, nor its length may differ"
    )
    func genuine() throws {
        let election = try SimulatedElection(authorities: 2, questions: 2)
        try election.propose()
        try election.run()
        let (first, second) = (election.members[0], election.members[1])
        let board = try #require(second.board)
        let sessions = board.offer.sessions.map(\.id)
        let package = try KeySharePackage(of: board, as: 2)
        let packed = try second.storage.packedShares(package, sessions: sessions)
        let isOwn = package.isGenuine(packed)
        #expect(isOwn)
        let stored = try second.storage.share(session: sessions[1])
        let (isStored, isOther) = (
            package.share(1, in: packed).equals(stored), package.share(0, in: packed).equals(stored)
        )
        #expect(isStored && !isOther)

        let theirs = try first.storage.packedShares(KeySharePackage(of: board, as: 1), sessions: sessions)
        let areTheirs = package.isGenuine(theirs)
        #expect(!areTheirs)
        let content = packed.withBytes { Array($0) }
        // In the frame, in the first secret key, and in its last byte.
        for place in [0, 10, 60, 130, 370] {
            var other = content
            other[place] ^= 1
            let isChanged = !package.isGenuine(SecretBytes(other))
            #expect(isChanged, "byte \(place)")
        }
        // In what each authority dealt for the second question, and the second one for the first: of these g^x = y says nothing.
        let areDealt = try package.holdsDealtShares(packed, on: board, as: 2)
        #expect(areDealt)
        let secondByteCount = 15 + sessions[1].utf8.count + stored.count
        for distance in [1, 1 + stored.count / 3, 1 + secondByteCount] {
            var other = content
            other[content.count - distance] ^= 1
            let (isSameKey, isChanged) = (
                package.isGenuine(SecretBytes(other)),
                try !package.holdsDealtShares(SecretBytes(other), on: board, as: 2)
            )
            #expect(isSameKey && isChanged, "\(distance) bytes from the end")
        }
        let isShort = !package.isGenuine(SecretBytes(Array(content.dropLast())))
        #expect(isShort)
    }

    @Test("is wiped and known again by its digest alone, and a tally waits for it")
    func departed() throws {
        let election = try SimulatedElection(authorities: 2)
        try election.propose()
        try election.run()
        let member = election.members[1]
        let board = try #require(member.board)
        let sessions = board.offer.sessions.map(\.id)
        let package = try KeySharePackage(of: board, as: 2)
        let packed = try member.storage.packedShares(package, sessions: sessions)
        #expect(try member.storage.departedShares() == nil)
        let digest = Digest(of: packed)
        try member.storage.wipeShares(of: sessions, departed: digest)
        #expect(!member.storage.holdsShares(of: sessions))
        #expect(try member.storage.departedShares() == digest)
        #expect(throws: StoreError.missingSecret(election: "e1")) {
            _ = try member.storage.packedShares(package, sessions: sessions).count
        }
        election.members[1].facts.isShareAway = true
        try election.tally([0, 2])
        try election.run()
        let waiting = try #require(election.members[1].board)
        #expect(nextActions(on: waiting, as: 2, knowing: election.members[1].facts) == Plan(awaited: [.share]))
        try member.storage.storeShare(package.share(0, in: packed), session: sessions[0])
        election.members[1].facts.isShareAway = false
        try election.run()
        #expect(election.members[1].board?.isPublished(attempt: 1) == true)
    }
}
