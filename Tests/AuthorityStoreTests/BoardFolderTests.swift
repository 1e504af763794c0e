// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Orchestration
import Testing
import TrustStores

@Suite("Boards on disk")
struct BoardFolderTests {
    let scratch: ScratchData
    let keys: [SigningKey]

    init() throws {
        scratch = try ScratchData()
        let folder = scratch.root
        keys = try (1...2).map { try SigningKey.stored(at: folder.appending(path: "key\($0)").path) }
    }

    private func firstBoard() throws -> Board {
        let offer = ProtocolOffer(
            request: Array("{}".utf8), creator: Digest(of: [1]),
            parties: keys.enumerated().map { index, key in
                Party(name: "authority\(index + 1)", certificate: Digest(of: [UInt8(index)]), signingKey: key.verifying)
            }, threshold: 2, sessions: [.init(id: "0-x", protocolInfo: [1])])
        let content = EntryContent(election: "e1", kind: .protocol, author: 1, sequence: 0, payload: offer.payload)
        return try Board(first: Entry(signing: content, with: keys[0]))
    }

    /// Appends to the board in memory and on disk.
    private func say(_ kind: EntryKind, by author: Int, on board: inout Board) throws {
        let entry = try Entry(signing: board.draft(kind, by: author, payload: [1]), with: keys[author - 1])
        try scratch.boards.append(entry, number: board.entries.count, to: "e1")
        try board.append(entry)
    }

    @Test("come back after every single step, with the same next action")
    func restart() throws {
        var board = try firstBoard()
        try scratch.boards.append(board.entries[0], number: 0, to: "e1")
        let facts = LocalFacts(knowsParties: true, consent: .toEverything)
        let steps: [(EntryKind, Int)] = [
            (.countersignature, 2), (.keyHash, 1), (.keyHash, 2), (.keyCommitments, 2), (.keyCommitments, 1),
            (.keyShares, 1),
            (.keyShares, 2), (.publicKey, 2), (.publicKey, 1), (.keyPublished, 1), (.keyPublished, 2),
        ]
        for (kind, author) in steps {
            try say(kind, by: author, on: &board)
            let reloaded = try scratch.boards.load("e1")
            #expect(reloaded.entries == board.entries)
            for me in 1...2 {
                #expect(
                    nextActions(on: reloaded, as: me, knowing: facts) == nextActions(on: board, as: me, knowing: facts))
            }
        }
        #expect(try scratch.boards.elections() == ["e1"])
    }

    @Test("keep what somebody signed against the rules, unless it changes on the disk")
    func evidence() throws {
        var board = try firstBoard()
        try scratch.boards.append(board.entries[0], number: 0, to: "e1")
        try say(.countersignature, by: 2, on: &board)
        let honest = board
        let other = try Entry(
            signing: EntryContent(
                election: "e1", kind: .countersignature, author: 2, sequence: 0, inputs: [board.entries[0].reference],
                payload: [2]), with: keys[1])
        let again = try Entry(signing: board.draft(.countersignature, by: 2), with: keys[1])
        for entry in [other, again] { #expect(throws: BoardError.self) { try board.append(entry) } }
        #expect(board.evidence == [[board.entries[1], other], [again]])
        try scratch.boards.keepEvidence(on: board)
        var loaded = try scratch.boards.load("e1")
        // What follows in the files may name either side of a fork.
        #expect(loaded.evidence == [[board.entries[1], other]])
        #expect(try scratch.boards.recallEvidence(on: &loaded) == [])
        #expect(loaded.evidence == board.evidence && loaded.offence == board.offence)
        for (name, count) in [("2.equivocation", 1), ("2.violation", 0)] {
            #expect(try scratch.mode(of: "private/e1/board/\(name)") == 0o600)
            let file = scratch.root.appending(path: "private/e1/board/\(name)")
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: file)
            loaded = honest
            let changed = try scratch.boards.recallEvidence(on: &loaded)
            #expect(changed == Array(repeating: "authority2", count: 2 - count))
            #expect(loaded.evidence.count == count)
        }
    }

    @Test("ignore an entry that a crash left half written")
    func halfWritten() throws {
        var board = try firstBoard()
        try scratch.boards.append(board.entries[0], number: 0, to: "e1")
        try say(.countersignature, by: 2, on: &board)
        let folder = scratch.root.appending(path: "private/e1/board")
        try Data([0, 1]).write(to: folder.appending(path: ".000002.entry.77.new"))
        #expect(try scratch.boards.load("e1").entries == board.entries)
    }

    @Test("are refused when a byte of an entry has changed", arguments: [0, 1])
    func changedByte(number: Int) throws {
        var board = try firstBoard()
        try scratch.boards.append(board.entries[0], number: 0, to: "e1")
        try say(.countersignature, by: 2, on: &board)
        let file = scratch.root.appending(path: "private/e1/board/00000\(number).entry")
        var content = try Data(contentsOf: file)
        content[content.count / 2] ^= 1
        try content.write(to: file)
        #expect(throws: StoreError.damagedEntry(election: "e1", number: number)) { try scratch.boards.load("e1") }
    }

    @Test("are refused when an entry in the middle is missing")
    func missingEntry() throws {
        var board = try firstBoard()
        try scratch.boards.append(board.entries[0], number: 0, to: "e1")
        try say(.countersignature, by: 2, on: &board)
        try say(.keyHash, by: 1, on: &board)
        try FileManager.default.removeItem(at: scratch.root.appending(path: "private/e1/board/000001.entry"))
        #expect(throws: StoreError.damagedEntry(election: "e1", number: 1)) { try scratch.boards.load("e1") }
    }

    @Test("are refused in another election's folder, and where an entry stands twice or bears another's signature")
    func moved() throws {
        var board = try firstBoard()
        try scratch.boards.append(board.entries[0], number: 0, to: "e1")
        try say(.countersignature, by: 2, on: &board)
        let files = scratch.root.appending(path: "private")
        try FileManager.default.copyItem(at: files.appending(path: "e1"), to: files.appending(path: "e2"))
        #expect(throws: StoreError.damagedEntry(election: "e2", number: 0)) { try scratch.boards.load("e2") }
        #expect(try scratch.boards.salvage("e2") == nil)
        let foreign = try Entry(signing: firstBoard().draft(.countersignature, by: 2, payload: [2]), with: keys[0])
        try scratch.boards.append(foreign, number: 1, to: "e1")
        #expect(throws: StoreError.damagedEntry(election: "e1", number: 1)) { try scratch.boards.load("e1") }
        try scratch.boards.append(board.entries[1], number: 1, to: "e1")
        try scratch.boards.append(board.entries[1], number: 2, to: "e1")
        #expect(throws: StoreError.damagedEntry(election: "e1", number: 2)) { try scratch.boards.load("e1") }
    }

    @Test("are kept as far as they follow from their beginning, and marked, with the rest aside", arguments: [0, 1, 2])
    func salvaged(number: Int) throws {
        var board = try firstBoard()
        try scratch.boards.append(board.entries[0], number: 0, to: "e1")
        for (kind, author) in [(EntryKind.countersignature, 2), (.keyHash, 1), (.keyHash, 2)] {
            try say(kind, by: author, on: &board)
        }
        let file = scratch.root.appending(path: "private/e1/board/00000\(number).entry")
        var content = try Data(contentsOf: file)
        content[content.count / 2] ^= 1
        try content.write(to: file)
        #expect(!scratch.boards.isIncomplete("e1"))
        let salvaged = try scratch.boards.salvage("e1")
        #expect(salvaged?.entries ?? [] == Array(board.entries.prefix(number)))
        #expect(scratch.boards.isIncomplete("e1"))
        #expect(try scratch.boards.lostElections() == (number == 0 ? ["e1"] : []))
        if number > 0 { #expect(try scratch.boards.load("e1").entries == salvaged?.entries) }
        // A damaged one may still read as an entry of which only the signature is wrong.
        let aside = try scratch.boards.entriesAside(of: "e1").filter { board.entries.contains($0) }
        #expect(aside == Array(board.entries.dropFirst(number + 1)))
        try scratch.boards.removeEntriesAside(of: "e1")
        #expect(try scratch.boards.entriesAside(of: "e1").isEmpty)
    }

    @Test(
        "never leave the private folder", arguments: ["..", "a/b", "", "é", "a.b", String(repeating: "a", count: 101)])
    func names(election: String) throws {
        let entry = try firstBoard().entries[0]
        #expect(throws: StoreError.electionName(election)) { try scratch.boards.append(entry, number: 0, to: election) }
    }
}
