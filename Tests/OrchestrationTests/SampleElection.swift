// SPDX-License-Identifier: Apache-2.0

import Foundation
import Orchestration
import Testing
import TrustStores

/// Authorities with signing keys of their own and the protocol entry of an election, without any mathematics behind it.
struct SampleElection {
    let keys: [SigningKey]
    let offer: ProtocolOffer
    let director: Int

    init(parties: Int = 2, threshold: Int? = nil, sessions: Int = 1, director: Int = 1) throws {
        keys = try (1...parties).map { _ in
            let file = FileManager.default.temporaryDirectory.appending(path: "signing-key-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            return try SigningKey.stored(at: file.path)
        }
        offer = ProtocolOffer(
            request: Array("{}".utf8), creator: Digest(of: [1]),
            parties: keys.enumerated().map { index, key in
                Party(name: "authority\(index + 1)", certificate: Digest(of: [UInt8(index)]), signingKey: key.verifying)
            },
            threshold: threshold ?? parties,
            sessions: (0..<sessions).map { .init(id: "\($0)-00000000-0000-4000-8000-000000000000", protocolInfo: [10]) }
        )
        self.director = director
    }

    func first() throws -> Entry {
        try Entry(
            signing: EntryContent(
                election: "e1", kind: .protocol, author: director, sequence: 0, payload: offer.payload),
            with: keys[director - 1])
    }

    func board() throws -> Board { try Board(first: first()) }

    func sign(_ content: EntryContent) throws -> Entry { try Entry(signing: content, with: keys[content.author - 1]) }

    /// Appends what `author` would say on that board.
    @discardableResult
    func say(
        _ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by author: Int, blobs: [BlobReference] = [],
        payload: [UInt8] = [1], on board: inout Board
    ) throws -> Entry {
        let entry = try sign(
            board.draft(kind, attempt: attempt, session: session, by: author, blobs: blobs, payload: payload))
        try board.append(entry)
        return entry
    }

    /// Every one of `authors` says the same.
    func everyoneSays(
        _ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by authors: ClosedRange<Int>, payload: [UInt8] = [1],
        on board: inout Board
    ) throws {
        for author in authors {
            try say(kind, attempt: attempt, session: session, by: author, payload: payload, on: &board)
        }
    }

    /// A board on which the keys are published.
    func readyBoard() throws -> Board {
        var board = try board()
        for author in board.parties where author != director { try say(.countersignature, by: author, on: &board) }
        for kind in [EntryKind.keyHash, .keyCommitments, .keyShares, .publicKey, .keyPublished] {
            try everyoneSays(kind, by: board.parties, on: &board)
        }
        return board
    }

    static let order = TallyOrder(votesURL: "https://box:8000/votes", votesDigest: Digest(of: [9]))

    /// A board on which all agree about the ballots of a first tally.
    func boardWithBallots() throws -> Board {
        var board = try readyBoard()
        try say(.tallyRequest, attempt: 1, by: director, payload: SampleElection.order.payload, on: &board)
        try everyoneSays(.ballots, attempt: 1, by: board.parties, on: &board)
        return board
    }
}
