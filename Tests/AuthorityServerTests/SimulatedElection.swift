// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Elections
import ElGamal
import Foundation
import GroupArithmetic
import HostTestSupport
import Orchestration
import StrictJSON
import TestSupport
import Testing
import TrustStores

@testable import AuthorityServer

/// Identities of a1.example to a5.example and a client, whose keys take a while to make.
let identities: [Int: TestIdentity] = {
    var identities: [Int: TestIdentity] = [:]
    for number in 0...5 {
        identities[number] = try? TestIdentity(number == 0 ? "client.example" : "a\(number).example")
    }
    return identities
}()

/// Some authorities in one process: real boards, files and mathematics; what would go over the network is carried by hand.
final class SimulatedElection {
    struct Member {
        let identity: TestIdentity
        let key: SigningKey
        let data: DataFolder
        let storage: StoredElection
        var performer = Performer()
        var board: Board?
        var facts = LocalFacts(knowsParties: true, consent: .toEverything)

        var party: Party {
            Party(name: identity.hostName.text, certificate: identity.certificate.digest, signingKey: key.verifying)
        }
    }

    let scratch: ScratchFolder
    var members: [Member] = []
    let group = SafePrimeGroup.ffdhe2048
    let questions: Int
    let threshold: Int
    /// Changes what an authority is about to show: the content of an entry, or a file that is already a blob of it.
    var tampering: (inout EntryContent, StoredElection) throws -> Void = { _, _ in }
    /// Authorities that do nothing and hear nothing.
    var gone: Set<Int> = []
    /// Whether the author of an entry goes away as soon as the others have it.
    var leaving: (EntryContent) -> Bool = { _ in false }
    /// Names of the files that were checked while they came.
    private(set) var checkedOnArrival: [String] = []
    /// Whether the client asks for ballots with bound proofs only.
    var requiresBoundProofs = false
    /// Whether every authority forgets everything but its disk after each of its steps.
    var forgetsEverything = false
    /// Where an authority is stopped, to begin again with what is on its disk.
    var interruptions: Interruptions?

    /// - Parameter reserve: bytes of disk that the last authority has to leave free.
    init(authorities: Int, threshold: Int? = nil, questions: Int = 1, reserve: Int = 0) throws {
        scratch = try ScratchFolder()
        self.questions = questions
        self.threshold = threshold ?? authorities
        for number in 1...authorities {
            let data = try DataFolder(
                root: URL(filePath: scratch.path("a\(number)")), reserve: number == authorities ? reserve : 0)
            members.append(
                Member(
                    identity: try #require(identities[number]), key: try data.signingKey(), data: data,
                    storage: try data.election("e1")))
        }
    }

    /// The first authority proposes the election to the others.
    func propose(_ change: (inout ProtocolOffer) throws -> Void = { _ in }) throws {
        let identities = members.map { PeerIdentity(party: $0.party, mixnetPort: 4081, version: "1") }
        var offer = try ProtocolOffer(
            proposing: ElectionRequest(request), creator: Digest(of: [7]), identities: identities,
            defaultGroup: "ffdhe3072")
        try change(&offer)
        let content = EntryContent(election: "e1", kind: .protocol, author: 1, sequence: 0, payload: offer.payload)
        let entry = try Entry(signing: content, with: members[0].key)
        for index in members.indices {
            members[index].board = try Board(first: entry)
            try BoardFolder(data: members[index].data).append(entry, number: 0, to: "e1")
        }
    }

    private var request: JSONValue {
        let answers: JSONValue = [["id": 0, "text": "A"], ["id": 1, "text": "B"]]
        let question: JSONValue = [
            "title": "Q", "tally_type": "plurality-at-large", "num_winners": 1, "max": 1, "min": 0, "answers": answers,
        ]
        let authorities = members.map { member in
            [
                "name": .string(member.identity.hostName.text),
                "orchestra_url": .string("https://\(member.identity.hostName):5000/api/queues"),
                "ssl_cert": .string(member.identity.certificate.pem),
            ] as JSONValue
        }
        var request: JSONValue = [
            "id": "e1", "title": "T", "description": "",
            "questions": .array(Array(repeating: question, count: questions)),
            "start_date": "2026-01-01T00:00:00", "end_date": "2026-01-02T00:00:00",
            "callback_url": "https://a1.example:8000/done", "authorities": .array(authorities), "group": "ffdhe2048",
            "threshold": .integer(threshold),
        ]
        if requiresBoundProofs, var object = request.asObject {
            object["ballot_proofs"] = "bound"
            request = .object(object)
        }
        return request
    }

    /// Lets everybody do what is next until nobody has anything to do.
    func run() throws {
        var isIdle = false
        while !isIdle {
            isIdle = true
            for index in members.indices where !gone.contains(index + 1) {
                guard let board = members[index].board else { continue }
                let me = index + 1
                if forgetsEverything {
                    members[index].board = try BoardFolder(data: members[index].data).load("e1")
                    #expect(members[index].board?.entries == board.entries)
                }
                guard let action = nextActions(on: board, as: me, knowing: members[index].facts).actions.first else {
                    continue
                }
                isIdle = false
                try perform(action, as: me, on: board)
            }
        }
    }

    private func perform(_ action: Action, as me: Int, on board: Board) throws {
        let member = members[me - 1]
        let storage: any ElectionStorage =
            interruptions.map { InterruptedStorage(storage: member.storage, me: me, interruptions: $0) }
            ?? member.storage
        let context = ActionContext(board: board, me: me, storage: storage, knownParties: members.map(\.party))
        let performed: Performed
        do {
            performed = try member.performer.perform(action, in: context)
            if case .post(let content) = performed {
                try interruptions?.pass("\(me) posts \(content.kind) \(content.session ?? 0)")
            }
        } catch is Interruptions.Interruption {
            return try restart(me)
        }
        switch performed {
        case .verified(let digest): members[me - 1].facts.verified.insert(digest)
        case .post(var content):
            try tampering(&content, member.storage)
            try carry(Entry(signing: content, with: member.key), from: member.storage)
            if leaving(content) { gone.insert(me) }
            if forgetsEverything {
                members[me - 1].performer = Performer()
                members[me - 1].facts.verified = []
            }
        }
    }

    /// Begins again with nothing but the disk.
    private func restart(_ me: Int) throws {
        let board = try BoardFolder(data: members[me - 1].data).load("e1")
        #expect(members[me - 1].board?.entries == board.entries)
        members[me - 1].board = board
        members[me - 1].performer = Performer()
        members[me - 1].facts.verified = []
        let context = ActionContext(board: board, me: me, storage: members[me - 1].storage, knownParties: [])
        let inspection = try members[me - 1].performer.inspect(context)
        #expect(inspection.changed == [] && inspection.damagedSecrets == [] && !inspection.lacksTally)
        members[me - 1].facts.heldBlobs = inspection.held
    }

    /// Brings an entry and its files to everybody.
    private func carry(_ entry: Entry, from storage: StoredElection) throws {
        for index in members.indices where !gone.contains(index + 1) { try carry(entry, from: storage, to: index) }
    }

    private func carry(_ entry: Entry, from storage: StoredElection, to index: Int) throws {
        guard var board = members[index].board else { return }
        try BoardFolder(data: members[index].data).append(entry, number: board.entries.count, to: "e1")
        try board.append(entry)
        members[index].board = board
        for blob in entry.content.blobs where index + 1 != entry.content.author {
            guard let file = storage.blob(blob.digest) else { throw StoreError.missingBlob(name: blob.name) }
            let partial = members[index].storage.partialBlob(blob.digest)
            try? FileManager.default.copyItem(at: file, to: partial)
            if let arrival = members[index].performer.arrival(
                of: blob, in: entry, at: partial, on: board, as: index + 1)
            {
                arrival.advance()
                arrival.finish()
                checkedOnArrival.append(blob.name)
            }
            try members[index].storage.completeBlob(blob.digest, named: blob.name)
            members[index].facts.heldBlobs.insert(blob.digest)
        }
    }

    /// An authority that was gone is back, and hears what the others said; then they hear what it said meanwhile.
    func comeBack(_ author: Int) throws {
        let (before, witness) = (try #require(members[author - 1].board), witness)
        gone.remove(author)
        for entry in try #require(members[witness - 1].board).entries(beyond: before.counts) {
            try carry(entry, from: members[entry.content.author - 1].storage, to: author - 1)
        }
        for index in members.indices where !gone.contains(index + 1) {
            for entry in before.entries(beyond: members[index].board?.counts ?? []) {
                try carry(entry, from: members[author - 1].storage, to: index)
            }
        }
    }

    /// The operator of one authority goes on without others.
    func goOn(_ author: Int, without absent: [Int]) throws {
        let board = try #require(members[author - 1].board)
        let absence = try board.absence(of: absent.map { board.name(of: $0) }, as: author)
        try say(.absence, attempt: board.attempt, by: author, payload: absence.payload)
    }

    /// An authority posts what nobody asked it for.
    func say(_ kind: EntryKind, attempt: Int, by author: Int, payload: [UInt8]) throws {
        let member = members[author - 1]
        let content = try #require(member.board).draft(kind, attempt: attempt, by: author, payload: payload)
        let entry = try Entry(signing: content, with: member.key)
        guard gone.contains(author) else { return try carry(entry, from: member.storage) }
        try carry(entry, from: member.storage, to: author - 1)
    }

    /// The first authority that is there.
    var witness: Int { (1...members.count).first { !gone.contains($0) } ?? 1 }

    // MARK: - Votes

    /// Asks for the tally of ballots for those integers, the same in every question.
    func tally(_ votes: [BigInteger]) throws { try tally(file: ballots(for: votes)) }

    /// A votes file, the same vote in every question.
    ///
    /// - Parameter voters: what their ids begin with.
    func ballots(for votes: [BigInteger], voters: String = "v") throws -> [UInt8] {
        try votesFile(votes, under: sessionKeys(), voters: voters)
    }

    func tally(file: [UInt8]) throws {
        let digest = Digest(of: file)
        for index in members.indices {
            try Data(file).write(to: members[index].storage.partialBlob(digest))
            try members[index].storage.completeBlob(digest, named: "votes")
            members[index].facts.heldBlobs.insert(digest)
        }
        let leader = try #require(members[witness - 1].board).nextLeader
        let board = try #require(members[leader - 1].board)
        let order = TallyOrder(
            votesURL: "https://a1.example:8000/votes", votesDigest: digest,
            absent: board.agreedAbsence(after: board.attempt) ?? [])
        try say(.tallyRequest, attempt: board.attempt + 1, by: leader, payload: order.payload)
    }

    private func sessionKeys() throws -> [PublicKey] {
        let board = try #require(members[witness - 1].board)
        return try board.offer.sessions.map { session in
            let json = try JSONValue(parsing: Array(try published("\(session.id)/publicKey_json", by: witness)))
            let y = try JSONField(json, name: "key").member("y").string()
            let number = try #require(BigInteger(canonicalDecimal: y))
            return try #require(group.element(number).flatMap { PublicKey($0) })
        }
    }

    // MARK: - What came of it

    func published(_ path: String, by author: Int) throws -> Data {
        try Data(contentsOf: members[author - 1].data.publicFolder.appending(path: "e1/\(path)"))
    }

    /// The failure on the board of the first authority that is there.
    var failure: Failure? {
        guard let board = members[witness - 1].board else { return nil }
        return (board.failure(attempt: 0) ?? board.failure(attempt: board.attempt))?.failure
    }

    /// The plaintexts of a question as the archive has them, each less one.
    func plaintexts(_ question: Int, in path: String = "tally.tar.gz") throws -> [String] {
        let archive = scratch.path("look.tar.gz")
        try published(path, by: witness).write(to: URL(filePath: archive))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/tar")
        let session = try #require(members[witness - 1].board).offer.sessions[question].id
        process.arguments = ["-xzOf", archive, "\(session)/plaintexts_json"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map { $0.filter { $0 != "\"" } }
    }
}
