// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import HostTestSupport
import StrictJSON
import Testing
import TrustStores

@testable import Orchestration

/// Whatever somebody puts into evidence: nobody is convicted but of what it signed itself, on this board, with a key of its own.
@Suite("A third party that looks into an accusation")
struct FalseAccusationTests {
    private var election: JudgedElection

    init() throws { election = try Self.made.get() }

    private static let made = Result { try JudgedElection() }

    private enum Verdict { case proven, refuted, open }

    private func verdict(
        _ check: String, against accused: Int, index: Int? = nil, _ evidence: [Entry] = [],
        on election: JudgedElection? = nil
    ) throws -> Verdict {
        let bytes = evidence.map(\.tree.serialized)
        switch try (election ?? self.election).finding(check, against: accused, index: index, bytes) {
        case .proven: return .proven
        case .refuted: return .refuted
        case .open: return .open
        }
    }

    /// Another version of an entry.
    private func changed(_ entry: Entry, _ change: (inout EntryContent) -> Void) throws -> Entry {
        var content = entry.content
        change(&content)
        return try election.sign(content)
    }

    /// As if it were of an older board of that name.
    private let elsewhere = [EntryReference(author: 1, sequence: 0, digest: Digest(of: [8]))]

    @Test("convicts of two entries in one place only whoever signed both of them, in one place, for this board")
    func equivocation() throws {
        let board = election.board
        let held = try #require(board.entry(.keyPublished, by: 2))
        let before = try #require(board.entry(.publicKey, by: 2))
        let other = try changed(held) { $0.payload = [2] }
        #expect(try verdict("board.equivocation", against: 2, [held, other]) == .proven)
        #expect(try verdict("board.equivocation", against: 2, [held, held]) == .refuted)
        #expect(try verdict("board.equivocation", against: 2, [held, before]) == .refuted)
        #expect(try verdict("board.equivocation", against: 3, [held, other]) == .refuted)
        #expect(try verdict("board.equivocation", against: 2, [held]) == .refuted)
        let foreign = try [held, other].map { try changed($0) { $0.election = "e2" } }
        #expect(try verdict("board.equivocation", against: 2, foreign) == .refuted)
        let older = try changed(held) { $0.inputs = elsewhere }
        let another = try changed(older) { $0.payload = [3] }
        #expect(try verdict("board.equivocation", against: 2, [older, another]) == .open)
    }

    @Test("convicts nobody with a key that its certificate does not vouch for")
    func keys() throws {
        var election = election
        let member = try #require(identities[2])
        let name = member.hostName.text
        let held = try #require(election.board.entry(.keyPublished, by: 2))
        let evidence = [held, try changed(held) { $0.payload = [2] }]
        // Its own word, about the key that it has in truth.
        election.identities[name] = try JudgedElection.identity(of: member, signingKey: election.keys[2])
        #expect(try verdict("board.equivocation", against: 2, evidence, on: election) == .open)
        election.identities[name] = nil
        #expect(try verdict("board.equivocation", against: 2, evidence, on: election) == .open)
        // A director that gave the accused's name to a certificate of its own.
        let invented = try #require(identities[4])
        var other = try JudgedElection(certificate: invented.certificate)
        let said = try #require(other.board.entry(.keyPublished, by: 2))
        var content = said.content
        content.payload = [2]
        let pair = [said, try other.sign(content)]
        other.identities[name] = try SignedIdentity(
            hostName: name, mixnetPort: 4081, version: "1", signingKey: other.keys[1].verifying,
            signedBy: invented.key
        ).json.compactBytes
        #expect(try verdict("board.equivocation", against: 2, pair, on: other) == .open)
    }

    @Test(
        "convicts of breaking the board's rules by no entry that may stand there, comes too early, or is another's or another board's"
    )
    func rules() throws {
        let board = election.board
        let held = try #require(board.entry(.keyPublished, by: 2))
        let next = board.draft(.failure, attempt: 1, by: 2)
        let again = try election.sign(board.draft(.keyPublished, by: 2))
        #expect(try verdict("board.rules", against: 2, [again]) == .proven)
        #expect(try verdict("board.rules", against: 3, [again]) == .refuted)
        #expect(try verdict("board.rules", against: 2, [held]) == .refuted)
        #expect(try verdict("board.rules", against: 2, [try election.sign(next)]) == .refuted)
        var early = next
        early.sequence += 1
        #expect(try verdict("board.rules", against: 2, [try election.sign(early)]) == .open)
        #expect(try verdict("board.rules", against: 2, [try changed(held) { $0.payload = [2] }]) == .proven)
        #expect(try verdict("board.rules", against: 2, [try changed(held) { $0.inputs = elsewhere }]) == .open)
    }

    @Test("convicts of a wrong protocol its author alone")
    func protocolFile() throws {
        #expect(try verdict("protocol.session", against: 1) == .proven)
        #expect(try verdict("protocol.session", against: 2) == .refuted)
    }

    @Test("convicts of wrong keys and shares only whose keys and shares are wrong, and of a false complaint its author")
    func keyGeneration() throws {
        #expect(try verdict("keyCommitments.possession", against: 2) == .refuted)
        #expect(try verdict("keyShares.form", against: 2) == .refuted)
        #expect(try verdict("keyShares.form", against: 3) == .proven)
        #expect(try verdict("publicKey.equal", against: 2) == .refuted)
        #expect(try verdict("publicKey.equal", against: 3) == .proven)
        // In 3's name, and proving nothing: the fault is that of whoever posted it.
        let element = ByteTree.leaf(SafePrimeGroup.sequent2048.generator.bytes)
        let reply = ByteTree.leaf(Exponent(reducing: 1, in: .sequent2048).bytes)
        let complaint = ByteTree.node([.integer(2), .integer(3), element, element, element, reply]).serialized
        let failure = Failure(check: "keyShares.share", accused: 2, index: 0, message: "", evidence: [complaint])
        #expect(election.board.guilty(of: (1, failure)) == 1)
        #expect(election.board.guilty(of: (3, failure)) == 3)
        let unknown = ByteTree.node([.integer(7), .integer(1), element, element, element, reply]).serialized
        #expect(
            election.board.guilty(
                of: (1, Failure(check: "keyShares.share", accused: 2, index: 0, message: "", evidence: [unknown]))) == 1
        )
        guard case .refuted = try election.finding("keyShares.share", against: 2, index: 0, [complaint]) else {
            Issue.record("a complaint that proves nothing")
            return
        }
    }

    @Test("convicts of confirming other shuffles only who did")
    func confirmations() throws {
        var election = election
        let shuffles = try [1, 2].map { try election.say(.shuffle, attempt: 1, session: 0, by: $0) }
        let named = ByteTree.node(shuffles.map { .leaf($0.digest.bytes) }).serialized
        try election.say(.verified, attempt: 1, session: 0, by: 2, payload: named)
        try election.say(.verified, attempt: 1, session: 0, by: 3, payload: [1])
        #expect(try verdict("verified.equal", against: 2, on: election) == .refuted)
        #expect(try verdict("verified.equal", against: 3, on: election) == .proven)
    }

    // MARK: Files

    /// What a mixer announces for one ciphertext, with some content of those lengths.
    private func announced(_ place: Int, byte: UInt8) -> (blobs: [BlobReference], files: [Digest: [UInt8]]) {
        let sizes = ["PermutationCommitment": 267, "PoSCommitment": 1325, "PoSReply": 1325, "KeepList": 6]
        let contents = sizes.map { (name: "\($0)0\(place).bt", bytes: [UInt8](repeating: byte, count: $1)) }
        let blobs = contents.map {
            BlobReference(name: $0.name, digest: Digest(of: $0.bytes), byteCount: $0.bytes.count)
        }
        return (blobs, Dictionary(contents.map { (Digest(of: $0.bytes), $0.bytes) }) { first, _ in first })
    }

    private func sayBallots(_ count: Int, by author: Int, on election: inout JudgedElection) throws {
        let summary = BallotsSummary(
            votes: JudgedElection.order.votesDigest, accepted: count, dropped: 0, inputs: [Digest(of: [4])])
        try election.say(.ballots, attempt: 1, by: author, payload: summary.payload)
    }

    @Test("convicts of wrong files only whose entry on this board announces them, and by those very files alone")
    func files() throws {
        var election = election
        for author in [1, 2, 3] { try sayBallots(1, by: author, on: &election) }
        let (blobs, files) = announced(2, byte: 7)
        let entry = try election.say(.permutation, attempt: 1, session: 0, by: 2, blobs: blobs)
        let huge = [BlobReference(name: "PoSReply01.bt", digest: Digest(of: [1]), byteCount: 1 << 30)]
        let misfit = try election.say(.permutation, attempt: 1, session: 0, by: 1, blobs: huge)
        #expect(try verdict("permutation.files", against: 1, [misfit], on: election) == .proven)
        #expect(try verdict("permutation.files", against: 2, [misfit], on: election) == .open)
        var content = entry.content
        content.blobs = huge
        #expect(try verdict("permutation.files", against: 2, [try election.sign(content)], on: election) == .open)
        // Nothing is known of them: not that they are wrong, nor that they are a copy.
        #expect(try verdict("PoS.A", against: 2, [entry], on: election) == .open)
        // Other content under the digests that it signed.
        election.files = files.mapValues { [UInt8](repeating: 8, count: $0.count) }
        #expect(try verdict("PoS.A", against: 2, [entry], on: election) == .open)
        election.files = files
        #expect(try verdict("PoS.A", against: 2, [entry], on: election) == .proven)
    }

    @Test("convicts of a copy only who comes second")
    func copies() throws {
        var election = election
        for author in [1, 2] { try sayBallots(1, by: author, on: &election) }
        let first = try election.say(
            .permutation, attempt: 1, session: 0, by: 1, blobs: announced(1, byte: 7).blobs)
        let second = try election.say(
            .permutation, attempt: 1, session: 0, by: 2, blobs: announced(2, byte: 7).blobs)
        #expect(try verdict("PermutationCommitment.copied", against: 2, [second], on: election) == .proven)
        #expect(try verdict("PermutationCommitment.copied", against: 1, [first], on: election) == .open)
    }

    @Test("computes nothing of a number of ballots that nobody has, nor under a protocol that is not the board's")
    func impossible() throws {
        for count in [1 << 61, 0] {
            var election = election
            try sayBallots(count, by: 2, on: &election)
            let entry = try election.say(
                .permutation, attempt: 1, session: 0, by: 2, blobs: announced(2, byte: 7).blobs)
            #expect(try verdict("PoS.A", against: 2, [entry], on: election) == .open, "\(count)")
        }
        for var election in try [JudgedElection(threshold: 3), JudgedElection(names: 1...2)] {
            try sayBallots(1, by: 2, on: &election)
            let (blobs, files) = announced(2, byte: 7)
            let entry = try election.say(.permutation, attempt: 1, session: 0, by: 2, blobs: blobs)
            election.files = files
            #expect(try verdict("PoS.A", against: 2, [entry], on: election) == .open)
        }
        // 3 named the keys of two.
        var election = election
        try sayBallots(1, by: 3, on: &election)
        let list = [UInt8](repeating: 7, count: 539)
        let output = [BlobReference(name: "CiphertextList02.bt", digest: Digest(of: list), byteCount: 539)]
        try election.say(.shuffle, attempt: 1, session: 0, by: 2, blobs: output)
        let sizes = ["DecryptionFactors": 534, "DecrFactCommitment": 534, "DecrFactReply": 262]
        let factors = sizes.map { (name: "\($0)03.bt", bytes: [UInt8](repeating: 7, count: $1)) }
        let entry = try election.say(
            .decryption, attempt: 1, session: 0, by: 3,
            blobs: factors.map { BlobReference(name: $0.name, digest: Digest(of: $0.bytes), byteCount: $0.bytes.count) }
        )
        for content in [list] + factors.map(\.bytes) { election.files[Digest(of: content)] = content }
        #expect(try verdict("Decryption.factors", against: 3, [entry], on: election) == .open)
    }
}
