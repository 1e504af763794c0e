// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Orchestration
import Testing

/// Each rule by itself: an entry that breaks it and no other one is refused, in that rule's own words.
@Suite("What a board does not take")
struct BoardRuleTests {
    private let election: SampleElection

    init() throws { election = try SampleElection(parties: 4, threshold: 2, sessions: 2) }

    /// Why a board does not take what its author signed; nil if it does.
    private func refusal(of content: EntryContent, by signer: Int? = nil, on board: Board) throws -> String? {
        var board = board
        let entry = try Entry(signing: content, with: election.keys[(signer ?? content.author) - 1])
        do {
            try board.append(entry)
            return nil
        } catch { return error.message }
    }

    /// What authority 2 would say, or another one.
    private func draft(
        _ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by author: Int = 2, payload: [UInt8] = [1],
        on board: Board, _ change: (inout EntryContent) -> Void = { _ in }
    ) -> EntryContent {
        var content = board.draft(kind, attempt: attempt, session: session, by: author, payload: payload)
        change(&content)
        return content
    }

    private let blob = BlobReference(name: "a.bt", digest: Digest(of: [3]), byteCount: 5)

    private func order(without absent: [Int]) -> [UInt8] {
        var order = SampleElection.order
        order.absent = absent
        return order.payload
    }

    @Test("as its beginning: anything but the first entry of a protocol's author, about nothing that came before")
    func first() throws {
        let honest = try election.first().content
        func refusal(_ change: (inout EntryContent) -> Void) throws -> String? {
            var content = honest
            change(&content)
            let entry = try Entry(signing: content, with: election.keys[0])
            do {
                _ = try Board(first: entry)
                return nil
            } catch { return error.message }
        }
        #expect(try refusal { _ in } == nil)
        let input = EntryReference(author: 2, sequence: 0, digest: Digest(of: [1]))
        let changes: [(inout EntryContent) -> Void] = [
            { $0.kind = .keyHash }, { $0.sequence = 1 }, { $0.attempt = 1 }, { $0.session = 0 },
            { $0.inputs = [input] }, { $0.blobs = [blob] },
        ]
        for (number, change) in changes.enumerated() {
            let found = try refusal(change)
            #expect(found?.hasSuffix("a board begins with a protocol entry") == true, "change \(number)")
        }
        #expect(try refusal { $0.author = 5 } == "there is no authority number 5")
        #expect(try refusal { $0.author = 2 }?.hasSuffix("has no valid signature") == true)
    }

    @Test("from an author that it does not have, about another election, or behind entries of nobody")
    func strangers() throws {
        let board = try election.readyBoard()
        let content = draft(.failure, on: board)
        let stranger = draft(.failure, on: board) { $0.author = 5 }
        #expect(try refusal(of: stranger, by: 2, on: board) == "there is no authority number 5")
        for author in [0, 5] {
            let input = EntryReference(author: author, sequence: 0, digest: Digest(of: [1]))
            let found = try refusal(of: draft(.failure, on: board) { $0.inputs.append(input) }, on: board)
            #expect(found == "there is no authority number \(author)")
        }
        let other = draft(.failure, on: board) { $0.election = "e2" }
        #expect(try refusal(of: other, on: board) == "an entry of election \"e2\" came for another one")
        #expect(try refusal(of: content, by: 3, on: board)?.hasSuffix("has no valid signature") == true)
        #expect(try refusal(of: content, on: board) == nil)
    }

    @Test("without its author's last word and the director's before it")
    func chain() throws {
        let board = try election.readyBoard()
        for author in [1, 2] {
            let content = draft(.failure, on: board) { $0.inputs.removeAll { $0.author == author } }
            #expect(
                try refusal(of: content, on: board)?.hasSuffix("it does not name the entries before it") == true)
        }
        let old = try #require(board.entry(author: 2, sequence: 1)).reference
        let content = draft(.failure, on: board) { content in
            content.inputs = content.inputs.map { $0.author == 2 ? old : $0 }
        }
        #expect(try refusal(of: content, on: board)?.hasSuffix("it does not name the entries before it") == true)
    }

    @Test("about a tally or question that there is not, or without one where there has to be one")
    func places() throws {
        let ready = try election.readyBoard()
        let board = try election.boardWithBallots()
        let tally = "there is no such tally"
        let question = "there is no such question"
        let cases: [(EntryContent, Board, String)] = [
            (draft(.protocol, on: board), board, "a board has one protocol entry"),
            (draft(.countersignature, on: board), board, "the author said this before"),
            (draft(.keyHash, attempt: 1, on: board), board, tally),
            (draft(.keyHash, session: 0, on: board), board, question),
            (draft(.ballots, attempt: 1, session: 0, on: board), board, question),
            (draft(.ballots, attempt: 1, on: ready), ready, tally),
            (draft(.ballots, attempt: 2, on: board), board, tally),
            (draft(.permutation, attempt: 1, on: board), board, question),
            (draft(.permutation, attempt: 1, session: 2, on: board), board, question),
            (draft(.permutation, attempt: 0, session: 0, on: board), board, tally),
            (draft(.permutation, attempt: 2, session: 0, on: board), board, tally),
            (draft(.failure, attempt: 2, on: board), board, tally),
            (draft(.failure, attempt: 1, session: 0, on: board), board, tally),
        ]
        for (content, board, why) in cases {
            let found = try refusal(of: content, on: board)
            #expect(found?.hasSuffix(why) == true, "\(content.kind) \(content.attempt): \(found ?? "taken")")
        }
        #expect(try refusal(of: draft(.permutation, attempt: 1, session: 1, on: board), on: board) == nil)
        #expect(try refusal(of: draft(.failure, attempt: 1, on: board), on: board) == nil)
    }

    @Test(
        "as a request for a tally: another's than the leader's, another number, or without somebody when not all said so"
    )
    func requests() throws {
        var board = try election.boardWithBallots()
        let numbered = "tallies are numbered in order"
        let agreed = "the others did not agree to go on without somebody"
        func found(_ attempt: Int, by author: Int = 1, without absent: [Int] = [], on board: Board) throws -> String? {
            try refusal(
                of: draft(.tallyRequest, attempt: attempt, by: author, payload: order(without: absent), on: board),
                on: board)
        }
        #expect(try found(2, by: 2, on: board)?.hasSuffix("only the director asks for a tally") == true)
        for attempt in [0, 1, 3] { #expect(try found(attempt, on: board)?.hasSuffix(numbered) == true, "\(attempt)") }
        // Without all of them nobody is left to have agreed.
        for absent in [[3], [2, 3, 4], [1, 2, 3, 4], [5]] {
            let author = board.leader(without: absent)
            #expect(try found(2, by: author, without: absent, on: board)?.hasSuffix(agreed) == true, "\(absent)")
        }
        for author in [1, 2] {
            try election.say(.absence, attempt: 1, by: author, payload: Absence(of: [3]).payload, on: &board)
        }
        #expect(try found(2, without: [3], on: board)?.hasSuffix(agreed) == true)
        let early = draft(.tallyRequest, attempt: 2, by: 1, payload: order(without: [3]), on: board)
        try election.say(.absence, attempt: 1, by: 4, payload: Absence(of: [3]).payload, on: &board)
        // All have said so, but its author had not seen that.
        #expect(try refusal(of: early, on: board)?.hasSuffix(agreed) == true)
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: order(without: [3]), on: &board)
        // What was said about one tally does not count for the next.
        #expect(try found(3, without: [3], on: board)?.hasSuffix(agreed) == true)
        #expect(try found(3, on: board) == nil)
    }

    @Test(
        "as a word of an operator that goes on: about another tally, about oneself, nobody or too many, and more often than 16 times"
    )
    func absences() throws {
        let board = try election.boardWithBallots()
        let young = try election.board()
        let latest = "it is not about the latest tally"
        let nobody = "nobody can go on without those"
        let without1 = Absence(of: [1]).payload
        let cases: [(EntryContent, Board, String)] = [
            (draft(.absence, attempt: 1, session: 0, payload: without1, on: board), board, latest),
            (draft(.absence, attempt: 1, payload: without1, on: board) { $0.blobs = [blob] }, board, latest),
            (draft(.absence, attempt: 0, payload: without1, on: board), board, latest),
            (draft(.absence, attempt: 2, payload: without1, on: board), board, latest),
            (draft(.absence, payload: without1, on: young), young, latest),
            (draft(.absence, attempt: 1, payload: Absence(of: [2]).payload, on: board), board, nobody),
            (draft(.absence, attempt: 1, payload: Absence(of: [5]).payload, on: board), board, nobody),
            (draft(.absence, attempt: 1, payload: Absence(of: [1, 3, 4]).payload, on: board), board, nobody),
        ]
        for (content, board, why) in cases {
            let found = try refusal(of: content, on: board)
            #expect(found?.hasSuffix(why) == true, "\(content.attempt): \(found ?? "taken")")
        }
        var full = board
        for number in 0..<16 {
            let payload = Absence(of: [number % 2 == 0 ? 1 : 3]).payload
            try election.say(.absence, attempt: 1, by: 2, payload: payload, on: &full)
        }
        let more = draft(.absence, attempt: 1, payload: without1, on: full)
        #expect(try refusal(of: more, on: full)?.hasSuffix("the author said this too often") == true)
    }

    @Test(
        "as party numbers: none, 0, one twice, or another order than ascending",
        arguments: [[], [0, 1], [1, 1], [2, 1]])
    func partyNumbers(absent: [Int]) throws {
        var absence = Absence(of: [1])
        absence.absent = absent
        #expect(throws: FieldError.value("party numbers")) { try Absence(payload: absence.payload) }
        guard !absent.isEmpty else { return }
        #expect(throws: FieldError.value("party numbers")) { try TallyOrder(payload: order(without: absent)) }
    }
}
