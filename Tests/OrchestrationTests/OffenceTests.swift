// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Elections
import GroupArithmetic
import Orchestration
import Testing

@Suite("What nobody signs by accident")
struct OffenceTests {
    let election: SampleElection

    init() throws { election = try SampleElection(parties: 3) }

    @Test("is an entry where none of that kind can stand: the board stops and the failure holds it")
    func violation() throws {
        var board = try election.board()
        try election.say(.countersignature, by: 2, on: &board)
        let again = try election.sign(board.draft(.countersignature, by: 2))
        #expect(throws: BoardError.self) { try board.append(again) }
        #expect(board.entries.count == 2 && board.violations == [again])
        let failure = try #require(board.offence)
        #expect(failure.check == "board.rules" && failure.accused == 2)
        #expect(failure.evidence == [again.tree.serialized])
        #expect(
            nextActions(on: board, as: 1, knowing: LocalFacts()).actions == [.reportFailure(attempt: 0, failure)])
    }

    @Test("ends a tally, and the others may go on without its author", arguments: [EntryKind.permutation, .ballots])
    func goingOn(kind: EntryKind) throws {
        let election = try SampleElection(parties: 3, threshold: 2)
        var board = try election.boardWithBallots()
        // In the place of another entry, or one that was said before.
        let session = kind == .permutation ? 0 : nil
        let other = try election.sign(board.draft(kind, attempt: 1, session: session, by: 2, payload: [2]))
        if kind == .permutation { try election.say(.permutation, attempt: 1, session: 0, by: 2, on: &board) }
        #expect(throws: BoardError.self) { try board.append(other) }
        let facts = LocalFacts(consent: .toEverything)
        let failure = try #require(board.offence)
        #expect(nextActions(on: board, as: 1, knowing: facts).actions == [.reportFailure(attempt: 1, failure)])
        for author in [1, 3] {
            try election.say(.failure, attempt: 1, by: author, payload: failure.payload, on: &board)
            try election.say(.absence, attempt: 1, by: author, payload: Absence(of: [2]).payload, on: &board)
        }
        #expect(nextActions(on: board, as: 1, knowing: facts).actions == [.goOn(attempt: 2)])
        var order = SampleElection.order
        order.absent = [2]
        try election.say(.tallyRequest, attempt: 2, by: 1, payload: order.payload, on: &board)
        #expect(board.offence == nil)
    }

    @Test("is kept once of each author, however often it does it")
    func once() throws {
        var board = try election.board()
        let drafts = (1...3).map { board.draft(.countersignature, by: 2, payload: [$0]) }
        try board.append(election.sign(drafts[0]))
        for content in drafts.dropFirst() {
            #expect(throws: BoardError.equivocation(author: 2, sequence: 0)) {
                try board.append(election.sign(content))
            }
        }
        #expect(board.equivocations.count == 1)
        for payload in [[4], [5]] as [[UInt8]] {
            let again = try election.sign(board.draft(.countersignature, by: 2, payload: payload))
            #expect(throws: BoardError.self) { try board.append(again) }
        }
        #expect(board.violations.count == 1)
    }

    @Test(
        "is taken back as one entry that cannot stand or two in one place, of one author of this election, and as nothing else"
    )
    func recall() throws {
        var board = try election.board()
        let held = try election.say(.countersignature, by: 2, on: &board)
        let again = board.draft(.countersignature, by: 2)
        let (next, other) = (board.draft(.keyHash, by: 2), board.draft(.keyHash, by: 2, payload: [2]))
        func recalls(_ entries: [Entry]) -> Bool {
            var copy = board
            let isTaken = copy.recall(entries)
            #expect(isTaken == !copy.evidence.isEmpty)
            return isTaken
        }
        func sign(_ contents: EntryContent..., by author: Int = 2) throws -> [Entry] {
            try contents.map { try Entry(signing: $0, with: election.keys[author - 1]) }
        }
        #expect(try recalls(sign(again)) && recalls(sign(next, other)))
        #expect(!recalls([]) && !recalls([held]))
        #expect(try !recalls(sign(next)) && !recalls(sign(next, next)) && !recalls(sign(next, again, other)))
        #expect(try !recalls([held] + sign(next)))
        #expect(try !recalls(sign(again, by: 3)) && !recalls(sign(next, other, by: 3)))
        var foreign = [again, next, other]
        for index in foreign.indices { foreign[index].election = "e2" }
        #expect(try !recalls(sign(foreign[0])) && !recalls(sign(foreign[1], foreign[2])))
        var stranger = other
        stranger.author = 3
        #expect(try !recalls(sign(next, stranger)))
    }

    @Test("is not one that comes too early, is signed by nobody, or belongs to another election")
    func accidents() throws {
        var board = try election.board()
        var ahead = board
        try election.say(.countersignature, by: 2, on: &ahead)
        let early = try election.say(.keyHash, by: 2, on: &ahead)
        var content = board.draft(.tally, by: 2)
        let forged = try Entry(signing: content, with: election.keys[2])
        content.election = "another"
        for entry in [early, forged, try election.sign(content)] {
            #expect(throws: BoardError.self) { try board.append(entry) }
        }
        #expect(board.offence == nil)
    }

    @Test("fits into a failure whatever it is, and the failure on a board", arguments: [EntryKind.protocol, .keyHash])
    func size(kind: EntryKind) throws {
        let payload = [UInt8](repeating: 7, count: EntryLimit.payloadByteCount(kind))
        let content = EntryContent(election: "e1", kind: kind, author: 2, sequence: 0, payload: payload)
        let entry = try election.sign(content).tree.serialized
        #expect(throws: Never.self) { try Entry(serialized: entry) }
        let failure = Failure(check: "board.equivocation", accused: 2, message: "two", evidence: [entry, entry])
        #expect(try Failure(payload: failure.payload) == failure)
        let posted = try election.sign(
            EntryContent(election: "e1", kind: .failure, author: 1, sequence: 1, payload: failure.payload))
        #expect(try Entry(serialized: posted.tree.serialized) == posted)
    }

    @Test("is shown without the evidence where two failures are longer than a third can be")
    func tooLong() throws {
        let long = [UInt8](repeating: 7, count: EntryLimit.payloadByteCount(.failure))
        let failure = Failure(check: "board.equivocation", accused: 2, message: "two", evidence: [long, long])
        let read = try Failure(payload: failure.payload)
        #expect(read.accused == 2 && read.evidence.isEmpty)
    }

    @Test("takes no entry whose payload is longer than its kind can be")
    func limit() throws {
        let payload = [UInt8](repeating: 7, count: EntryLimit.payloadByteCount(.shuffle) + 1)
        let content = EntryContent(election: "e1", kind: .shuffle, author: 2, sequence: 0, payload: payload)
        #expect(throws: FieldError.tooLong(limit: payload.count - 1, found: payload.count)) {
            try Entry(serialized: election.sign(content).tree.serialized)
        }
    }
}

@Suite("Files that an entry announces")
struct AnnouncedFileTests {
    private let election: SampleElection
    private let board: Board

    init() throws {
        let election = try SampleElection()
        var offer = election.offer
        let info = try ProtocolInfo(
            sessionID: offer.sessions[0].id, electionName: "e1", description: "", threshold: 2,
            group: .sequent2048,
            parties: offer.parties.map { .init(of: $0, http: "http://\($0.name):4081", hint: "\($0.name):8081") })
        offer.sessions[0] = .init(id: offer.sessions[0].id, protocolInfo: info.bytes)
        let content = EntryContent(
            election: "e1", kind: .protocol, author: 1, sequence: 0, payload: offer.payload)
        board = try Board(first: election.sign(content))
        self.election = election
    }

    /// The files of one ciphertext's decryption, as section 5.1 of the tally's specification has them.
    private let fit = ["DecryptionFactors02.bt": 534, "DecrFactCommitment02.bt": 534, "DecrFactReply02.bt": 262]

    private func failure(_ files: [String: Int], kind: EntryKind = .decryption, count: Int = 1) throws -> Failure? {
        let blobs = files.map { BlobReference(name: $0, digest: Digest(of: Array($0.utf8)), byteCount: $1) }
        let session = kind == .ballots ? nil : 0
        let entry = try election.sign(board.draft(kind, attempt: 1, session: session, by: 2, blobs: blobs))
        return board.failure(ofFilesIn: entry, count: count)
    }

    @Test("have the names and lengths that the format fixes")
    func fitting() throws {
        #expect(try failure(fit) == nil)
        let shuffle = ["CiphertextList02.bt": 539, "CCPoSCommitment02.bt": 796, "CCPoSReply02.bt": 796]
        #expect(try failure(shuffle, kind: .shuffle) == nil)
        let permutation = [
            "PermutationCommitment02.bt": 267, "PoSCommitment02.bt": 1325, "PoSReply02.bt": 1325, "KeepList02.bt": 6,
        ]
        #expect(try failure(permutation, kind: .permutation) == nil)
        #expect(try failure([:], kind: .ballots) == nil)
    }

    @Test("are not fetched if one is longer, shorter, missing, another, or too many")
    func misfits() throws {
        let changes: [(inout [String: Int]) -> Void] = [
            { $0["DecryptionFactors02.bt"] = 1 << 36 }, { $0["DecrFactReply02.bt"] = 0 },
            { $0["DecrFactReply02.bt"] = nil }, { $0["DecrFactReply01.bt"] = 262 },
            {
                $0["DecrFactReply02.bt"] = nil; $0["DecrFactReply01.bt"] = 262
            },
        ]
        for change in changes {
            var files = fit
            change(&files)
            let found = try failure(files)
            #expect(found?.check == "decryption.files" && found?.accused == 2 && found?.evidence.count == 1, "\(files)")
        }
        #expect(try failure(fit, count: 2) != nil)
        #expect(try failure(fit, kind: .shuffle) != nil)
        #expect(try failure(fit, kind: .ballots) != nil)
    }
}
