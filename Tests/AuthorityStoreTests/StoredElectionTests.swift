// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import GroupArithmetic
import Orchestration
import Testing
import TrustStores

@Suite("An election's files")
struct StoredElectionTests {
    let scratch: ScratchData
    let election: StoredElection

    init() throws {
        scratch = try ScratchData()
        election = try scratch.data.election("e1")
    }

    private func bytes(_ secret: borrowing SecretBytes) -> [UInt8] { secret.withBytes { Array($0) } }

    @Test("keep a seed from its first use on, for nobody else to read")
    func seeds() throws {
        let seed = try bytes(election.seed("dealing", session: "0-x"))
        #expect(seed.count == 32)
        #expect(try bytes(election.seed("dealing", session: "0-x")) == seed)
        #expect(try bytes(election.seed("dealing", session: "1-x")) != seed)
        #expect(try scratch.mode(of: "private/e1/0-x/dealing.seed") == 0o600)
        #expect(try scratch.mode(of: "private/e1/0-x") == 0o700)
        #expect(try scratch.mode(of: "private") == 0o700)
    }

    @Test("give no secret any more once they are wiped, and draw no new seed")
    func wiping() throws {
        _ = try election.seed("dealing", session: "0-x")
        try election.storeShare(SecretBytes([1, 2, 3]), session: "0-x")
        #expect(try bytes(election.share(session: "0-x")) == [1, 2, 3])
        #expect(try scratch.mode(of: "private/e1/0-x/key.share") == 0o600)
        try election.wipeSecrets()
        #expect(throws: StoreError.missingSecret(election: "e1")) { try bytes(election.share(session: "0-x")) }
        #expect(throws: StoreError.missingSecret(election: "e1")) {
            try bytes(election.seed("dealing", session: "0-x"))
        }
        let left = try FileManager.default.contentsOfDirectory(
            atPath: scratch.root.appending(path: "private/e1/0-x").path)
        #expect(left.isEmpty)
    }

    @Test("give no secret of which a bit has changed, and name its file", arguments: [0, 20, 40])
    func changedSecret(place: Int) throws {
        try election.storeShare(SecretBytes((0..<32).map { UInt8($0) }), session: "0-x")
        _ = try election.seed("dealing", session: "0-x")
        #expect(try election.damagedSecrets().isEmpty)
        for name in ["key.share", "dealing.seed"] {
            let file = scratch.root.appending(path: "private/e1/0-x/\(name)")
            var content = try Data(contentsOf: file)
            content[place] ^= 1
            try content.write(to: file)
        }
        #expect(throws: StoreError.damagedSecret(election: "e1")) { try bytes(election.share(session: "0-x")) }
        #expect(throws: StoreError.damagedSecret(election: "e1")) {
            try bytes(election.seed("dealing", session: "0-x"))
        }
        #expect(try election.damagedSecrets() == ["dealing.seed", "key.share"])
    }

    @Test("give no secret of another length, whatever digest lies behind it", arguments: [0, 31, 33])
    func shortSecret(count: Int) throws {
        _ = try election.seed("dealing", session: "0-x")
        let secret = [UInt8](repeating: 7, count: count)
        try Data(secret + Digest(of: secret).bytes)
            .write(to: scratch.root.appending(path: "private/e1/0-x/dealing.seed"))
        let error = #expect(throws: StoreError.self) { try bytes(election.seed("dealing", session: "0-x")) }
        #expect(count > 32 || error == .damagedSecret(election: "e1"))
        // A share that is nothing has a right digest too.
        let nothing = scratch.root.appending(path: "private/e1/0-x/key.share")
        try Data(Digest(of: []).bytes).write(to: nothing)
        #expect(throws: StoreError.damagedSecret(election: "e1")) { try bytes(election.share(session: "0-x")) }
    }

    @Test("never leave the election's folder", arguments: ["..", "../e2", "a/b", "", "."])
    func names(name: String) throws {
        #expect(throws: StoreError.electionName(name)) { try scratch.data.election(name) }
        #expect(throws: StoreError.electionName(name)) { try bytes(election.seed(name, session: "0-x")) }
        #expect(throws: StoreError.electionName(name)) { try bytes(election.seed("dealing", session: name)) }
        #expect(throws: StoreError.electionName(name)) { try election.proofFolder(session: name, attempt: 1) }
        #expect(throws: StoreError.electionName(name)) { try election.keepIdentity([1], of: name) }
        #expect(!election.holdsShares(of: [name]))
        #expect(throws: StoreError.electionName(name)) {
            try election.wipeShares(of: [name], departed: Digest(of: [1]))
        }
    }

    @Test("are counted as far as a mark says, and from the beginning where it says nothing")
    func mark() throws {
        #expect(try election.restoredCount() == nil)
        for count in [7, 0] {
            try election.markRestored(ownEntries: count)
            #expect(try election.restoredCount() == count)
        }
        for text in ["", "x", "-3", "7 "] {
            try Data(text.utf8).write(to: scratch.root.appending(path: "private/e1/restored"))
            #expect(try election.restoredCount() == 0)
        }
        try election.clearRestored()
        #expect(try election.restoredCount() == nil)
    }

    @Test("give a seed only until it is wiped, and leave room on the disk")
    func wipedSeed() throws {
        _ = try election.seed("dealing", session: "0-x")
        try election.wipeSeed("dealing", session: "0-x")
        let folder = scratch.root.appending(path: "private/e1/0-x").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        #expect(try DataFolder(root: scratch.root, reserve: .max).election("e1").freeByteCount == 0)
    }

    @Test("lose a blob that changed under all its names")
    func damagedBlobs() throws {
        let folder = try election.proofFolder(session: "0-x", attempt: 1)
        let digests = ["a.bt", "b.bt"].map { Digest(of: Array($0.utf8)) }
        for (name, digest) in zip(["a.bt", "b.bt"], digests) {
            try Data(name.utf8).write(to: folder.appending(path: name))
            _ = try election.adoptBlob(folder.appending(path: name), digest: digest)
        }
        #expect(try election.removeDamagedBlobs() == 0)
        let file = try FileHandle(forWritingTo: folder.appending(path: "b.bt"))
        try file.write(contentsOf: Data("B".utf8))
        try file.close()
        #expect(try election.removeDamagedBlobs() == 1)
        #expect(election.blob(digests[0]) != nil && election.blob(digests[1]) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.bt"])
    }

    @Test("hold blobs under their digest and show them under their name")
    func blobs() throws {
        let folder = try election.proofFolder(session: "0-x", attempt: 1)
        try Data("proof".utf8).write(to: folder.appending(path: "PoSReply01.bt"))
        let blob = try election.adoptBlob(
            folder.appending(path: "PoSReply01.bt"), digest: Digest(of: Array("proof".utf8)))
        #expect(blob == BlobReference(name: "PoSReply01.bt", digest: Digest(of: Array("proof".utf8)), byteCount: 5))
        #expect(election.blob(blob.digest) != nil)
        let other = try election.proofFolder(session: "1-x", attempt: 1)
        try election.place(blob, in: other)
        try election.place(blob, in: other)
        #expect(try Data(contentsOf: other.appending(path: "PoSReply01.bt")) == Data("proof".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["PoSReply01.bt"])
    }

    @Test("take a fetched file only with the right digest")
    func fetching() throws {
        let digest = Digest(of: Array("whole".utf8))
        try Data("wrong".utf8).write(to: election.partialBlob(digest))
        #expect(throws: StoreError.changedBlob(name: "x.bt")) { try election.completeBlob(digest, named: "x.bt") }
        #expect(election.blob(digest) == nil)
        #expect(!FileManager.default.fileExists(atPath: election.partialBlob(digest).path))
        try Data("whole".utf8).write(to: election.partialBlob(digest))
        try election.completeBlob(digest, named: "x.bt")
        #expect(election.blob(digest) != nil)
    }

    @Test("are published whole, readable for all")
    func publishing() throws {
        try election.publish(Array("key".utf8), at: "0-x/publicKey_json")
        #expect(try Data(contentsOf: scratch.root.appending(path: "public/e1/0-x/publicKey_json")) == Data("key".utf8))
        #expect(try scratch.mode(of: "public/e1/0-x/publicKey_json") == 0o644)
    }

    @Test("begin with a signing key that stays")
    func signingKey() throws {
        let key = try scratch.data.signingKey().verifying
        #expect(try scratch.data.signingKey().verifying == key)
        #expect(try scratch.mode(of: "identity/signing.key") == 0o600)
    }

    @Test("what the disk refuses is told by its kind, not by its private path")
    func privatePaths() throws {
        let folder = scratch.root.appending(path: "private/e1")
        for name in ["0-x", "identities"] {
            try Data([1]).write(to: folder.appending(path: name))
        }
        func message(_ operation: String, _ body: () throws -> Void) {
            let error = #expect(throws: StoreError.self, "\(operation)") { try body() }
            #expect(error?.message.hasPrefix(operation) == true)
            #expect(error?.message.contains("/") == false)
        }
        message("cannot make the folder of a session: ") { _ = try election.seed("dealing", session: "0-x") }
        message("cannot make the folder of an identity: ") { try election.keepIdentity([], of: "b.test") }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "1-x/key.share"), withIntermediateDirectories: true)
        message("cannot read a key share: ") { _ = try election.share(session: "1-x") }
        message("cannot rename a key share: ") { try election.storeShare(SecretBytes(count: 4), session: "1-x") }
        message("cannot wipe a secret: ") { try election.wipeSecrets() }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "restored"), withIntermediateDirectories: true)
        message("cannot remove a mark: ") { try election.clearRestored() }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "1-x").path) == ["key.share"])
    }
}

@Suite("The database")
struct AuthorityDatabaseTests {
    let scratch: ScratchData
    let database: AuthorityDatabase

    init() throws {
        scratch = try ScratchData()
        database = try AuthorityDatabase(file: scratch.data.database)
    }

    @Test("is its owner's alone, keeps nothing that was taken out of it, and is refused when it is damaged")
    func file() throws {
        #expect(try scratch.mode(of: "authority.sqlite") == 0o600)
        let text = "what an operator took out"
        try database.addElection("e1", at: text)
        #expect(try Data(contentsOf: scratch.data.database).range(of: Data(text.utf8)) != nil)
        try database.removeElection("e1")
        var content = try Data(contentsOf: scratch.data.database)
        #expect(content.range(of: Data(text.utf8)) == nil)
        content.replaceSubrange(content.count - 4096..<content.count - 4000, with: Data(repeating: 0xFF, count: 96))
        try content.write(to: scratch.data.database)
        let error = #expect(throws: StoreError.self) { try AuthorityDatabase(file: scratch.data.database) }
        guard case .database? = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test("takes an election's id once")
    func ids() throws {
        try database.addElection("e1", at: "now")
        #expect(throws: StoreError.electionExists("e1")) { try database.addElection("e1", at: "later") }
        try database.removeElection("e1")
        try database.addElection("e1", at: "later")
        try database.setElection("e1", state: .failed, reason: "why")
        #expect(try database.election("e1")?.reason == "why")
    }

    @Test("numbers requests, and keeps an answer until it is called back, across a restart")
    func tasks() throws {
        let task = TaskRecord(
            action: .tally, election: "e1", attempt: 1, callbackUrl: "https://box/", request: [1], certificate: "c",
            createdAt: "now")
        let first = try database.addTask(task)
        let second = try database.addTask(task)
        #expect(second == first + 1)
        try database.answerTask(first, with: [7])
        let reopened = try AuthorityDatabase(file: scratch.data.database)
        #expect(try reopened.tasks(in: .answered).map(\.queueId) == [first])
        #expect(try reopened.tasks(in: .waiting).map(\.queueId) == [second])
        try reopened.answerTask(first, with: [8])
        #expect(try reopened.tasks(in: .answered).first?.answer == Data([7]))
        try reopened.setTask(first, state: .calledBack)
        #expect(try reopened.tasks(in: .answered).isEmpty)
    }
}
