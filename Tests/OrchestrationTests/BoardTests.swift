// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Orchestration
import Testing

@Suite("A board")
struct BoardTests {
    let election: SampleElection

    init() throws { election = try SampleElection(parties: 3) }

    @Test("takes an entry once and ignores a replay")
    func replay() throws {
        var board = try election.board()
        let entry = try election.say(.countersignature, by: 2, on: &board)
        #expect(try board.append(entry) == .alreadyHeld)
        #expect(board.entries.count == 2)
        #expect(board.equivocations.isEmpty)
    }

    @Test("refuses an entry signed by another authority's key")
    func forgedSignature() throws {
        var board = try election.board()
        let content = board.draft(.countersignature, by: 2)
        let forged = try Entry(signing: content, with: election.keys[2])
        #expect(throws: BoardError.self) { try board.append(forged) }
        #expect(board.entries.count == 1)
    }

    @Test("refuses an entry whose content was changed after signing")
    func changedContent() throws {
        var board = try election.board()
        let honest = try election.sign(board.draft(.countersignature, by: 2, payload: [1]))
        var changed = honest.content
        changed.payload = [2]
        let entry = try Entry(tree: .node([.leaf(changed.canonicalBytes), .leaf(honest.signature)]))
        #expect(throws: BoardError.self) { try board.append(entry) }
    }

    @Test("refuses a gap and says which entry is missing")
    func gap() throws {
        var board = try election.board()
        var ahead = board
        try election.say(.countersignature, by: 2, on: &ahead)
        let second = try election.say(.keyHash, by: 2, on: &ahead)
        #expect(throws: BoardError.gap(author: 2, expected: 0, found: 1)) { try board.append(second) }
    }

    @Test("refuses an entry that follows one that is not here yet")
    func missingInput() throws {
        var board = try election.board()
        var ahead = board
        let input = try election.say(.countersignature, by: 2, on: &ahead)
        let entry = try election.say(.countersignature, by: 3, on: &ahead)
        #expect(throws: BoardError.missingInput(input.reference)) { try board.append(entry) }
        #expect(BoardError.missingInput(input.reference).isEarly)
        try board.append(input)
        #expect(try board.append(entry) == .added)
    }

    @Test("notices two versions of one entry and keeps both as evidence")
    func equivocation() throws {
        var board = try election.board()
        let one = try election.sign(board.draft(.countersignature, by: 2, payload: [1]))
        let other = try election.sign(board.draft(.countersignature, by: 2, payload: [2]))
        try board.append(one)
        #expect(throws: BoardError.equivocation(author: 2, sequence: 0)) { try board.append(other) }
        #expect(board.equivocations == [.init(held: one, other: other)])
        let plan = nextActions(on: board, as: 1, knowing: LocalFacts())
        guard case .reportFailure(let attempt, let failure)? = plan.actions.first else {
            Issue.record("no failure is reported")
            return
        }
        #expect(attempt == 0)
        #expect(failure.accused == 2)
        #expect(failure.evidence.count == 2)
    }

    @Test("notices that another authority holds a different entry than we do")
    func differentInput() throws {
        var ours = try election.board()
        var theirs = ours
        try ours.append(election.sign(ours.draft(.countersignature, by: 2, payload: [1])))
        try theirs.append(election.sign(theirs.draft(.countersignature, by: 2, payload: [2])))
        let echo = try election.sign(theirs.draft(.countersignature, by: 3))
        let expected = BoardError.differentInput(
            by: 3, try #require(theirs.entry(author: 2, sequence: 0)).reference,
            held: try #require(ours.entry(author: 2, sequence: 0)).digest)
        #expect(throws: expected) { try ours.append(echo) }
    }

    @Test("asks for another authority's version of a disputed entry, until both lie side by side")
    func dispute() throws {
        var ours = try election.board()
        var theirs = ours
        try ours.append(try election.sign(ours.draft(.countersignature, by: 2, payload: [1])))
        try theirs.append(try election.sign(theirs.draft(.countersignature, by: 2, payload: [2])))
        let claim = ours.message(beyond: theirs.counts, disputed: [2: 0])
        #expect(claim.counts == [1, 0, 0])
        let answer = try ExchangeMessage(serialized: theirs.message(beyond: claim.counts).serialized)
        #expect(answer.entries.count == 1)
        #expect(throws: BoardError.equivocation(author: 2, sequence: 0)) { try ours.append(answer.entries[0]) }
        #expect(ours.equivocations.map(\.author) == [2])
    }

    /// Two boards of which each holds another side of a fork of the second author's, whose number that is.
    private func forkedBoards() throws -> (ours: Board, theirs: Board, sequence: Int) {
        var ours = try election.readyBoard()
        var theirs = ours
        let one = try election.say(.failure, by: 2, payload: [1], on: &ours)
        try election.say(.failure, by: 2, payload: [2], on: &theirs)
        #expect(throws: BoardError.self) { try theirs.append(one) }
        return (ours, theirs, one.content.sequence)
    }

    @Test(
        "takes what names the other side of a fork once both sides are known, and convicts nobody for what follows it")
    func forkedInputs() throws {
        var (ours, theirs, _) = try forkedBoards()
        let said = try election.say(.failure, by: 3, on: &ours)
        #expect(try theirs.append(said) == .added)
        // There is no such tally on either board; but one may follow what only the other holds.
        let odd = try election.sign(theirs.draft(.failure, attempt: 9, by: 3))
        #expect(throws: BoardError.self) { try theirs.append(odd) }
        #expect(theirs.violations.isEmpty)
        var unforked = try election.readyBoard()
        let wrong = try election.sign(unforked.draft(.failure, attempt: 9, by: 3))
        #expect(throws: BoardError.self) { try unforked.append(wrong) }
        #expect(unforked.violations == [wrong])
    }

    @Test("knows a fork from its lowest number on, and takes nothing that names another entry before it")
    func lowestFork() throws {
        var (ours, theirs, sequence) = try forkedBoards()
        var other = ours
        let last = try election.say(.failure, by: 3, on: &ours)
        var content = last.content
        content.inputs = content.inputs.map { input in
            guard input.author == 2 else { return input }
            return EntryReference(author: 2, sequence: sequence - 1, digest: Digest(of: [7]))
        }
        #expect(throws: BoardError.self) { try theirs.append(election.sign(content)) }
        // An earlier fork comes to light.
        let held = try #require(theirs.entry(author: 2, sequence: sequence - 1))
        var earlier = held.content
        earlier.payload = [9]
        #expect(throws: BoardError.self) { try theirs.append(election.sign(earlier)) }
        #expect(theirs.equivocations.map(\.sequence) == [sequence - 1])
        #expect(try theirs.append(election.sign(content)) == .added)
        // Without its evidence a board takes neither.
        other = try election.readyBoard()
        #expect(throws: BoardError.self) { try other.append(election.sign(content)) }
    }

    @Test("takes nothing of a board that began with another protocol entry, which both have one director")
    func forkedProtocol() throws {
        var ours = try election.board()
        var offer = election.offer
        offer.creator = Digest(of: [2])
        var content = try election.first().content
        content.payload = offer.payload
        var theirs = try Board(first: election.sign(content))
        #expect(throws: BoardError.self) { try ours.append(theirs.entries[0]) }
        #expect(ours.equivocations.map(\.sequence) == [0])
        let said = try election.say(.countersignature, by: 2, on: &theirs)
        #expect(throws: BoardError.self) { try ours.append(said) }
    }

    @Test("refuses an entry that does not name its author's previous one")
    func unchained() throws {
        var board = try election.board()
        try election.say(.countersignature, by: 2, on: &board)
        var content = board.draft(.keyHash, by: 2)
        content.inputs.removeAll { $0.author == 2 }
        #expect(throws: BoardError.self) { try board.append(election.sign(content)) }
    }

    @Test("lets an author say each thing once")
    func repetition() throws {
        var board = try election.board()
        try election.say(.countersignature, by: 2, on: &board)
        #expect(throws: BoardError.self) { try election.say(.countersignature, by: 2, payload: [2], on: &board) }
    }

    @Test("lets only the director ask for a tally, and takes nothing about a tally or question that there is not")
    func places() throws {
        let election = try SampleElection(parties: 3, threshold: 2)
        var board = try election.readyBoard()
        #expect(throws: BoardError.self) { try election.say(.tallyRequest, attempt: 1, by: 2, on: &board) }
        #expect(throws: BoardError.self) { try election.say(.ballots, attempt: 1, by: 1, on: &board) }
        try election.say(.tallyRequest, attempt: 1, by: 1, payload: SampleElection.order.payload, on: &board)
        #expect(throws: BoardError.self) { try election.say(.permutation, attempt: 2, session: 0, by: 2, on: &board) }
        #expect(throws: BoardError.self) { try election.say(.permutation, attempt: 1, session: 1, by: 2, on: &board) }
        try election.say(.permutation, attempt: 1, session: 0, by: 2, on: &board)
    }

    @Test("begins only with a protocol entry signed by its own author")
    func firstEntry() throws {
        let content = EntryContent(
            election: "e1", kind: .protocol, author: 1, sequence: 0, payload: election.offer.payload)
        #expect(throws: BoardError.self) { try Board(first: Entry(signing: content, with: election.keys[1])) }
        var other = content
        other.kind = .keyHash
        #expect(throws: BoardError.self) { try Board(first: Entry(signing: other, with: election.keys[0])) }
    }

    @Test("gives others exactly what they lack, in an order that they can take")
    func exchange() throws {
        let full = try election.readyBoard()
        var other = try election.board()
        for entry in full.entries(beyond: other.counts) { try other.append(entry) }
        #expect(other.counts == full.counts)
        #expect(full.entries(beyond: other.counts).isEmpty)
    }

    @Test("gives others more than fits one message in several")
    func longExchange() throws {
        var full = try election.board()
        let long = [UInt8](repeating: 7, count: EntryLimit.payloadByteCount(.keyHash))
        for kind in [EntryKind.countersignature, .keyHash, .keyCommitments, .keyShares, .publicKey, .keyPublished] {
            try election.say(kind, by: 2, payload: long, on: &full)
        }
        var other = try election.board()
        var messages = 0
        while other.counts != full.counts, messages < 9 {
            let message = full.message(beyond: other.counts)
            #expect(message.serialized.count < ExchangeMessage.byteLimit)
            for entry in message.entries { try other.append(entry) }
            messages += 1
        }
        #expect(other.counts == full.counts && messages == 2)
    }
}

@Suite("An entry")
struct EntryTests {
    @Test("reads back from its serialised form")
    func roundTrip() throws {
        let election = try SampleElection()
        var board = try election.board()
        let blob = BlobReference(name: "PoSReply01.bt", digest: Digest(of: [3]), byteCount: 5)
        let entry = try election.say(.countersignature, by: 2, blobs: [blob], payload: [7], on: &board)
        #expect(try Entry(serialized: entry.tree.serialized) == entry)
    }

    @Test("refuses blob names that could leave a folder", arguments: ["../x", "a/b", "", ".", "..", "a..b", ".hidden"])
    func blobNames(name: String) throws {
        let election = try SampleElection()
        let board = try election.board()
        let blob = BlobReference(name: name, digest: Digest(of: [3]), byteCount: 5)
        let entry = try election.sign(board.draft(.countersignature, by: 2, blobs: [blob]))
        #expect(throws: FieldError.value("blob name")) { try Entry(serialized: entry.tree.serialized) }
    }
}

@Suite("A failure")
struct FailureTests {
    @Test("reads back, without anything that could write on a terminal")
    func roundTrip() throws {
        let failure = Failure(check: "votes.hash", accused: 2, index: 7, message: "línea 7", evidence: [[1], [2]])
        #expect(try Failure(payload: failure.payload) == failure)
        let hostile = Failure(check: "a\u{1b}[2J", message: "x\u{202e}y\n\u{7}")
        let read = try Failure(payload: hostile.payload)
        #expect(read.check == "a?[2J")
        #expect(read.message == "x?y??")
    }
}

@Suite("What a failure says")
struct FailureWordsTests {
    @Test(
        "keeps the letters, marks and punctuation of any language, and nothing that moves a cursor or turns the direction of writing"
    )
    func words() throws {
        let words = "Größe – “später”, 遅い; 50 %"
        let kept = try Failure(payload: Failure(check: "operator.rejected", message: words).payload)
        #expect(kept.message == words)
        let hostile = "a\u{1B}[2Jb\u{202E}c\u{2028}d\u{0}e\u{E000}f"
        let escaped = try Failure(payload: Failure(check: "operator.rejected", message: hostile).payload)
        #expect(escaped.message == "a?[2Jb?c?d?e?f")
    }
}
